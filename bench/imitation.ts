import { isDeepStrictEqual } from 'node:util';
import type { Bench } from './bench.js';
import { Connection, type RecordedAnswer } from './connection.js';
import type { Server } from './servers.js';

/** Bare `node:http` that sends an answer of symbolon's. */
export interface Imitation {
  readonly server: Server;
  readonly answer: RecordedAnswer;
}

/**
 * Sends symbolon a request, and starts bare `node:http` that answers with the same bytes but for the date.
 * @throws Error when its answer differs
 */
export async function imitate({ servers, symbolon }: Bench, request: string): Promise<Imitation> {
  const answer = await recorded(symbolon, request);
  const server = await servers.bare(answer);
  if (!isDeepStrictEqual(await recorded(server, request), answer)) {
    throw new Error('node:http does not send what symbolon sends');
  }
  return { server, answer };
}

async function recorded({ port }: Server, request: string): Promise<RecordedAnswer> {
  const connection = await Connection.open(port);
  const answer = await connection.record(request);
  connection.close();
  return answer;
}
