import { once } from 'node:events';
import type { Bench } from '../bench.js';
import { Connection } from '../connection.js';
import { range } from '../numbers.js';
import { compared, type Findings } from '../outcome.js';
import { forgeRockGet, written } from '../request.js';
import type { Server } from '../servers.js';
import { readTokens } from '../tokens.js';

/** Requests under way while the cache is filled: no more than there are connections to the database. */
const width = 8;

/** Requests before the first measurement, so that code is loaded and connections are open. */
const firstRequests = 2_000;

/** A cached hash and its objects take more bytes than this: if fewer are measured, tokens were not cached. */
const leastBytes = 100;

/** Measures the memory of cached tokens, on the heap and in buffers outside it, once all garbage is gone. */
export async function heap({ scale, servers, databases, tokens }: Bench): Promise<Findings> {
  const server = await servers.probedSymbolon(databases.many);
  const connections = await Connection.openAll(server.port, width);
  const values = readTokens(tokens.live, range(scale.cached));
  await askAll(
    connections,
    Array.from({ length: firstRequests }, () => values[0]),
  );
  const before = await bytesInUse(server);
  await askAll(connections, values);
  const bytes = (await bytesInUse(server)) - before;
  await server.end();
  const who = `${scale.cached.toLocaleString('en')} tokens`;
  const target = { atLeast: (leastBytes * scale.cached) / 1e6, atMost: 60 };
  return { figures: compared('MB', { who, rounds: [bytes / 1e6], target }, []) };
}

/** Sends one tokeninfo request for each token. */
async function askAll(connections: readonly Connection[], values: readonly string[]): Promise<void> {
  let next = 0;
  const askOn = async (connection: Connection) => {
    while (next < values.length) {
      await connection.insist(written(forgeRockGet, values[next++]));
    }
  };
  await Promise.all(connections.map(askOn));
}

async function bytesInUse({ child }: Server): Promise<number> {
  child.send('weigh');
  const [bytes] = (await once(child, 'message')) as [number];
  return bytes;
}
