import { setTimeout as delay } from 'node:timers/promises';
import { Connection, statusOf } from './connection.js';

/** Requests that go on whatever they are answered. */
export interface Flood {
  readonly port: number;
  /** The text of the next request. */
  readonly next: () => string;
  readonly connections: number;
  readonly seconds: number;
  /** Requests a second. When left out, each connection sends its next request as soon as the last one is answered. */
  readonly rate?: number;
  /** The address that the requests come from, of 127.0.0.0/8. */
  readonly from?: string;
}

/** What became of them. */
export interface FloodResult {
  /** How long it took, in seconds. */
  readonly seconds: number;
  /** How long each answer with status 200 took, in milliseconds. */
  readonly answered: readonly number[];
  /** How long each refusal took that tells when to come again: 503 or 429 with `Retry-After`. */
  readonly refused: readonly number[];
  /** How many answers had each other status. */
  readonly others: Readonly<Record<number, number>>;
}

/**
 * Sends requests as long as the flood lasts, and waits for the answers that are then under way.
 * @throws Error when a connection is lost
 */
export async function flood(load: Flood): Promise<FloodResult> {
  const { port, next, rate = Infinity, seconds } = load;
  const connections = await Connection.openAll(port, load.connections, load.from);
  const answered: number[] = [];
  const refused: number[] = [];
  const others: Record<number, number> = {};
  const started = performance.now();
  const endsAt = started + seconds * 1000;
  let sent = 0;
  const send = async (connection: Connection) => {
    sent += 1;
    const sentAt = performance.now();
    const answer = await connection.answer(next());
    const took = performance.now() - sentAt;
    const status = statusOf(answer);
    if (status === 200) answered.push(took);
    else if ((status === 503 || status === 429) && /^retry-after: \d+\r$/im.test(answer)) refused.push(took);
    else others[status] = (others[status] ?? 0) + 1;
  };
  const goOn = async (connection: Connection) => {
    while (performance.now() < endsAt) {
      const isDue = started + (sent / rate) * 1000 <= performance.now();
      await (isDue ? send(connection) : delay(1));
    }
  };
  try {
    await Promise.all(connections.map(goOn));
  } finally {
    for (const connection of connections) connection.close();
  }
  return { seconds: (performance.now() - started) / 1000, answered, refused, others };
}
