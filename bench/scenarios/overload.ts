import type { Bench } from '../bench.js';
import { Connection } from '../connection.js';
import { type Flood, flood, type FloodResult } from '../flood.js';
import { memoryOf } from '../memory.js';
import { median, quantile, range } from '../numbers.js';
import { compared, type Figure, type Findings } from '../outcome.js';
import { basic, forgeRockGet, formPost, type Request, written } from '../request.js';
import type { Server } from '../servers.js';
import { client, realm, userCount, userPassword } from '../subjects.js';
import { wrk } from '../wrk.js';
import { readTokens } from '../tokens.js';
import { atFixedRate } from '../fixed-rate.js';
import type { Group } from './all.js';

/** How much more than what saturates a server it gets. */
const factor = 3;

/** Connections that saturate a server whose requests wait for the database, one request under way on each. */
const saturating = 64;

/** As many passwords at once keep one core busy, and none of them is refused. */
const saturatingPasswords = 4;

/** The address of callers that guess. */
const guesser = '127.0.0.2';

/** Wrong passwords a second. */
const guesses = 200;

/** Requests, one at a time, whose median shows how fast a server is when it is not busy. */
const quietRequests = 20;

/** What is asked in a flood, and how much of it saturates a server. */
interface Kind {
  readonly next: () => string;
  /** Connections. */
  readonly saturating: number;
  /** Whether the flood is of `factor` times the peak's requests a second, instead of as many connections. */
  readonly byRate?: boolean;
}

const grant = 'grant_type=client_credentials&scope=read';
const issuing = written(tokenRequest(grant), '');
/** Right passwords of one user after the other: those of one alone would wait for one another. */
const signingIn = inTurn(range(userCount).map((number) => passwordRequest(`user-${number}`, userPassword)));

/** What a server still does when it gets more than it can answer, and what it says to the rest. All have one server. */
export function overload(): Group {
  let started: Promise<Server> | undefined;
  const onServer = (name: string, measure: (bench: Bench, server: Server) => Promise<Findings>) => ({
    name: `overload: ${name}`,
    measure: async (bench: Bench) =>
      measure(bench, await (started ??= bench.servers.symbolon(bench.databases.many))),
  });
  return {
    scenarios: [
      onServer('client credentials', (bench, server) =>
        flooded(bench, server, { next: () => issuing, saturating }),
      ),
      onServer('tokeninfo, not cached', (bench, server) =>
        flooded(bench, server, { next: oneAfterTheOther(bench), saturating }),
      ),
      onServer('passwords', (bench, server) =>
        flooded(bench, server, { next: signingIn, saturating: saturatingPasswords, byRate: true }),
      ),
      onServer('tokeninfo, cached', cachedTokens),
      onServer('wrong passwords', wrongPasswords),
    ],
    end: async () => (await started)?.end(),
  };
}

/** Floods a server with `factor` times what saturates it, and then waits until it is as fast as before. */
async function flooded({ scale }: Bench, server: Server, kind: Kind): Promise<Findings> {
  const load = { port: server.port, next: kind.next, connections: kind.saturating };
  await flood({ ...load, seconds: scale.warmUp });
  const quiet = await quietTime(server, kind.next);
  const peak = await flood({ ...load, seconds: scale.seconds });
  const before = memoryOf(server.child.pid!).resident;
  const result = await flood({ ...load, ...more(kind, peak), seconds: scale.overload });
  const settledAfter = await timeUntilQuiet(server, kind.next, quiet);
  const { highest } = memoryOf(server.child.pid!);
  return {
    figures: [
      ...goodput(result, peak, 0.8),
      ...refusalTimes(result),
      ...one('MB', 'memory, more', highest - before, 256),
      ...one('ms', 'until normal', settledAfter, 5_000),
    ],
    note: described(result),
  };
}

/** Cached tokens take no database and no hash: none of them may be refused. */
async function cachedTokens({ scale, tokens, processes }: Bench, server: Server): Promise<Findings> {
  const load = { port: server.port, request: forgeRockGet, tokens: tokens.workingSet, from: 0 };
  await wrk(processes, { ...load, seconds: scale.warmUp });
  const peak = await wrk(processes, { ...load, seconds: scale.seconds });
  const result = await wrk(processes, {
    ...load,
    connections: factor * saturating,
    seconds: scale.overload,
  });
  const errors = result.refused + result.failed;
  if (errors > 0) throw new Error(`${errors} live tokens were not answered by 200`);
  const [rate, peakRate] = [result, peak].map(({ requests, seconds }) => requests / seconds);
  return { figures: comparedWithPeak(rate, peakRate, 0.95) };
}

/** What cached tokens and right passwords take while somebody at another address guesses. */
async function wrongPasswords({ scale, tokens }: Bench, server: Server): Promise<Findings> {
  const { port } = server;
  const live = readTokens(tokens.workingSet, range(scale.workingSet));
  const quiet = await quietTime(server, signingIn);
  let number = 0;
  const wrong: Flood = {
    port,
    next: () => passwordRequest(`nobody-${number++}`, 'guess'),
    connections: guesses,
    rate: guesses,
    seconds: scale.overload,
    from: guesser,
  };
  const right = { port, next: signingIn, connections: 1, seconds: scale.overload };
  const info = { port, request: forgeRockGet, tokens: live, rate: 500, connections: 16 };
  const [guessed, signedIn, latencies] = await Promise.all([
    flood(wrong),
    flood(right),
    atFixedRate({ ...info, seconds: scale.overload }),
  ]);
  const during = signedIn.answered.length > 0 ? median(signedIn.answered) : Infinity;
  return {
    figures: [
      ...one('ms', 'tokeninfo, p99', quantile(latencies, 0.99), 25),
      ...compared('ms', { who: 'right password', rounds: [during] }, [
        { who: '  when quiet', rounds: [quiet], target: { atMost: 2 } },
      ]),
    ],
    note: `guesses: ${described(guessed)}; right passwords: ${described(signedIn)}`,
  };
}

/** How much a flood must send to be `factor` times the peak. */
function more({ byRate, saturating: connections }: Kind, peak: FloodResult): Partial<Flood> {
  if (!byRate) return { connections: factor * connections };
  return { connections: 256, rate: factor * (peak.answered.length / peak.seconds) };
}

function goodput(result: FloodResult, peak: FloodResult, atLeast: number): Figure[] {
  const rate = ({ answered, seconds }: FloodResult) => answered.length / seconds;
  return comparedWithPeak(rate(result), rate(peak), atLeast);
}

function comparedWithPeak(rate: number, peak: number, atLeast: number): Figure[] {
  return compared('req/s', { who: `at ${factor} times`, rounds: [rate] }, [
    { who: 'at its peak', rounds: [peak], target: { atLeast } },
  ]);
}

function refusalTimes({ refused }: FloodResult): Figure[] {
  return refused.length === 0 ? [] : one('ms', 'refusals, p99', quantile(refused, 0.99), 50);
}

function one(unit: Figure['unit'], who: string, value: number, atMost: number): Figure[] {
  return compared(unit, { who, rounds: [value], target: { atMost } }, []);
}

/** How the requests of a flood were answered. */
function described({ answered, refused, others }: FloodResult): string {
  const statuses = Object.entries(others).map(([status, count]) => `, ${count} by ${status}`);
  return `${answered.length} answered by 200, ${refused.length} refused for a time${statuses.join('')}`;
}

/** The median of some requests, one at a time, in milliseconds. */
async function quietTime({ port }: Server, next: () => string): Promise<number> {
  const connection = await Connection.open(port);
  const times: number[] = [];
  while (times.length < quietRequests) {
    const started = performance.now();
    await connection.answer(next());
    times.push(performance.now() - started);
  }
  connection.close();
  return median(times);
}

/** How long it takes until requests take no more than twice their quiet time, in milliseconds. */
async function timeUntilQuiet(server: Server, next: () => string, quiet: number): Promise<number> {
  const started = performance.now();
  for (;;) {
    const settledAt = performance.now() - started;
    if ((await quietTime(server, next)) <= 2 * quiet || settledAt > 30_000) return settledAt;
  }
}

/** Requests for the tokens that are not cached, each as late as possible again. */
function oneAfterTheOther({ tokens, scale }: Bench): () => string {
  const live = readTokens(tokens.live, range(scale.rows));
  const next = inTurn(live);
  return () => written(forgeRockGet, next());
}

function inTurn(texts: readonly string[]): () => string {
  let number = 0;
  return () => texts[number++ % texts.length];
}

function passwordRequest(username: string, password: string): string {
  return written(tokenRequest(`grant_type=password&username=${username}&password=${password}`), '');
}

function tokenRequest(form: string): Request {
  return formPost(`/oauth2${realm}/access_token`, form, 0, [basic(client.id, client.secret)]);
}
