import { Client, type ClientBase, type ClientConfig, type Pool } from 'pg';

/** How often each of two connections is asked for its process. */
const rounds = 3;

/** Longest wait for each answer, in milliseconds. */
const query_timeout = 1_500;

/**
 * Whether a pooler in transaction mode stands before the server, so that a connection is no session. It and another
 * connection are used in turn. As sessions, each has a process of the server for itself. Such a pooler gives both the same
 * process, or, when it is busy, one of them another process than before.
 * @param options those of the connection
 * @throws the driver's error
 */
export async function mixesSessions(first: ClientBase, options: ClientConfig): Promise<boolean> {
  // The driver's types leave it out.
  const { processID: told } = first as unknown as { readonly processID: number };
  // A pooler tells its clients numbers of its own.
  if ((await processOf(first)) === told) return false;
  const second = new Client(options);
  second.on('error', () => {}); // What it is used for fails then.
  try {
    await second.connect();
    const seen: number[][] = [];
    for (let round = 0; round < rounds; round += 1)
      seen.push([await processOf(first), await processOf(second)]);
    const [[one, other]] = seen;
    return one === other || seen.some((pair) => pair[0] !== one || pair[1] !== other);
  } finally {
    // A graceful end could wait for ever on a dead connection.
    second.connection.stream.destroy();
  }
}

/** As `mixesSessions`, for a pool that nobody else uses yet. */
export async function poolMixesSessions(pool: Pool): Promise<boolean> {
  const client = await pool.connect();
  try {
    return await mixesSessions(client, pool.options);
  } finally {
    client.release(true);
  }
}

/** The process of the server that answers on this connection now. */
async function processOf(client: ClientBase): Promise<number> {
  const statement = { text: 'SELECT pg_backend_pid() AS pid', query_timeout };
  const { rows } = await client.query<{ pid: number }>(statement);
  return rows[0].pid;
}
