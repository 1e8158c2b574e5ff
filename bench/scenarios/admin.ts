import type { Bench } from '../bench.js';
import { first } from '../cores.js';
import { atFixedRate } from '../fixed-rate.js';
import { looks } from '../looks.js';
import { quantile, range } from '../numbers.js';
import { Operator } from '../operator.js';
import { compared, type Figure, type Findings, type Measured } from '../outcome.js';
import { freePorts } from '../ports.js';
import { fillRegistry } from '../registry.js';
import { forgeRockGet } from '../request.js';
import { addLiveTokens } from '../seed.js';
import type { Server } from '../servers.js';
import { readTokens } from '../tokens.js';
import { connections } from '../wrk.js';

/** Requests for token information in a second, beside an operator who looks around. */
const tokenInfoRate = 1_000;

/** What lists and searches take in a large registry, what they cost requests meanwhile, and how long a start takes. */
export async function admin(bench: Bench): Promise<Findings> {
  const { scale, servers, databases } = bench;
  const database = await databases.many.create('registry', 'provisioned');
  await fillRegistry(database, scale.registry);
  const tokens = readTokens(bench.tokens.workingSet, range(scale.workingSet));
  await addLiveTokens(database, tokens);
  const starts: number[] = [];
  const adminPort = await freePorts();
  const start = async (): Promise<Server> => {
    const from = performance.now();
    const server = await servers.symbolon(database, { ADMIN_PORT: String(adminPort) });
    starts.push(performance.now() - from);
    return server;
  };
  for (let round = 1; round < scale.rounds; round++) await (await start()).end();
  const server = await start();
  const adminToken = await servers.adminToken(database);
  const operator = await Operator.at(adminPort, adminToken);
  const figures: Figure[] = [];
  for (const [who, look] of Object.entries(looks)) {
    const rounds: number[] = [];
    for (const round of range(scale.rounds))
      rounds[round] = quantile(await look(operator, scale.looks), 0.95);
    figures.push(...compared('ms', { who, rounds, target: { atMost: 50 } }, []));
  }
  figures.push(...(await besideTokenInfo(bench, server, { adminPort, adminToken }, tokens)));
  figures.push(...compared('ms', { who: 'start', rounds: starts, target: { atMost: 2_000 } }, []));
  await server.end();
  await database.close();
  const { realms, clients, users } = scale.registry;
  const counts = [realms, clients, users].map((count) => count.toLocaleString('en'));
  return { figures, note: `p95, of ${counts[0]} realms, ${counts[1]} clients and ${counts[2]} users` };
}

/** The p99 of cached tokens while an operator looks around, and while none does. */
async function besideTokenInfo(
  { scale, servers }: Bench,
  { port }: Server,
  { adminPort, adminToken }: { readonly adminPort: number; readonly adminToken: string },
  tokens: readonly string[],
): Promise<Figure[]> {
  const p99 = async (seconds: number) => {
    const load = { port, request: forgeRockGet, tokens, rate: tokenInfoRate, seconds, connections };
    return quantile(await first(() => atFixedRate(load)), 0.99);
  };
  await p99(scale.warmUp + tokens.length / tokenInfoRate);
  const beside: number[] = [];
  const alone: number[] = [];
  for (const round of range(scale.rounds)) {
    alone[round] = await p99(scale.seconds);
    const operator = await servers.operator(adminPort, adminToken);
    const failed = operator.ended.then((how) => Promise.reject(new Error(`the operator ${how}`)));
    beside[round] = await Promise.race([p99(scale.seconds), failed]);
    failed.catch(() => {}); // From now on it is ended by us.
    await operator.end();
  }
  const ours: Measured = { who: 'tokeninfo, p99', rounds: beside };
  return compared('ms', ours, [{ who: '  without operator', rounds: alone, target: { atMost: 1.2 } }]);
}
