import { Client, type ClientBase, type Pool } from 'pg';

/** How often each of two connections is asked for its process. */
const rounds = 3;

/** Longest wait for each answer, in milliseconds. */
const query_timeout = 1_500;

/**
 * Whether a pooler in transaction mode stands before the server, so that a connection is no session. Two connections are
 * used in turn. As sessions, each has a process of the server for itself. Such a pooler gives both the same process, or,
 * when it is busy, one of them another process than before.
 * @throws the driver's error
 */
export async function mixesSessions(pool: Pool): Promise<boolean> {
  const first = await pool.connect();
  try {
    // The driver's types leave it out.
    const { processID: told } = first as unknown as { readonly processID: number };
    // A pooler tells its clients numbers of its own.
    const mixes = (await processOf(first)) !== told && (await sharesProcesses(first, pool));
    first.release();
    return mixes;
  } catch (error) {
    first.release(true);
    throw error;
  }
}

async function sharesProcesses(first: ClientBase, { options }: Pool): Promise<boolean> {
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

/** The process of the server that answers on this connection now. */
async function processOf(client: ClientBase): Promise<number> {
  const statement = { text: 'SELECT pg_backend_pid() AS pid', query_timeout };
  const { rows } = await client.query<{ pid: number }>(statement);
  return rows[0].pid;
}
