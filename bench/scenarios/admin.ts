import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench.js';
import { atFixedRate } from '../fixed-rate.js';
import { quantile, range } from '../numbers.js';
import { Operator } from '../operator.js';
import { compared, type Figure, type Findings, type Measured } from '../outcome.js';
import { freePorts } from '../ports.js';
import { crowded, fillRegistry } from '../registry.js';
import { forgeRockGet } from '../request.js';
import { addLiveTokens } from '../seed.js';
import type { Server } from '../servers.js';
import { readTokens } from '../tokens.js';
import { connections } from '../wrk.js';

/** Requests for token information in a second, beside an operator who asks for something every 200 ms. */
const tokenInfoRate = 1_000;
const operatorPauseMs = 200;

const inCrowded = `realm=${encodeURIComponent(crowded)}`;

/** What an operator looks at, by the names of the figures: how long each of some requests took. */
type Looks = Readonly<Record<string, (operator: Operator, count: number) => Promise<number[]>>>;

const shortLooks: Looks = {
  'list of clients': (operator, count) => operator.walk(`clients?${inCrowded}`, count),
  'list of users': (operator, count) => operator.walk(`users?${inCrowded}`, count),
  'list of realms': (operator, count) => operator.walk('realms?limit=50', count),
  'users by prefix': (operator, count) =>
    inTurn(count, (n) => operator.timed(`users?${inCrowded}&prefix=user-${2 * n}`)),
  'search everywhere': (operator, count) =>
    inTurn(count, (n) => operator.timed(`search?q=${['user-', 'client-', 'realm-'][n % 3]}${n}`)),
  "a user's tokens": (operator, count) => operator.walk(`tokens?${inCrowded}&username=user-0`, count),
};

/** And the walk to the end of a long list, of which the last pages count. */
const looks: Looks = {
  ...shortLooks,
  'last pages of users': async (operator, count) =>
    (await operator.walk(`users?${inCrowded}&limit=200`)).slice(-count),
};

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
  const operator = await Operator.at(adminPort, await servers.adminToken(database));
  const figures: Figure[] = [];
  for (const [who, look] of Object.entries(looks)) {
    const rounds: number[] = [];
    for (const round of range(scale.rounds))
      rounds[round] = quantile(await look(operator, scale.looks), 0.95);
    figures.push(...compared('ms', { who, rounds, target: { atMost: 50 } }, []));
  }
  figures.push(...(await besideTokenInfo(bench, server, operator, tokens)));
  figures.push(...compared('ms', { who: 'start', rounds: starts, target: { atMost: 2_000 } }, []));
  await server.end();
  await database.close();
  const { realms, clients, users } = scale.registry;
  const counts = [realms, clients, users].map((count) => count.toLocaleString('en'));
  return { figures, note: `p95, of ${counts[0]} realms, ${counts[1]} clients and ${counts[2]} users` };
}

/** The p99 of cached tokens while an operator looks around, and while none does. */
async function besideTokenInfo(
  { scale }: Bench,
  { port }: Server,
  operator: Operator,
  tokens: readonly string[],
): Promise<Figure[]> {
  const p99 = async (seconds: number) => {
    const load = { port, request: forgeRockGet, tokens, rate: tokenInfoRate, seconds, connections };
    return quantile(await atFixedRate(load), 0.99);
  };
  await p99(scale.warmUp + tokens.length / tokenInfoRate);
  const beside: number[] = [];
  const alone: number[] = [];
  for (const round of range(scale.rounds)) {
    alone[round] = await p99(scale.seconds);
    const stop = new AbortController();
    const looking = lookAround(operator, stop.signal);
    beside[round] = await p99(scale.seconds);
    stop.abort();
    await looking;
  }
  const ours: Measured = { who: 'tokeninfo, p99', rounds: beside };
  return compared('ms', ours, [{ who: '  without operator', rounds: alone, target: { atMost: 1.2 } }]);
}

/** Asks for one thing after the other until it is told to stop. */
async function lookAround(operator: Operator, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    for (const look of Object.values(shortLooks)) {
      await look(operator, 1);
      await delay(operatorPauseMs);
    }
  }
}

/** The results of some work that is done so often, one after the other. */
async function inTurn(count: number, work: (number: number) => Promise<number>): Promise<number[]> {
  const results: number[] = [];
  for (const number of range(count)) results.push(await work(number));
  return results;
}
