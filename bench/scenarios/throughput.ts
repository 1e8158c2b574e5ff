import type { Bench } from '../bench.js';
import { Connection } from '../connection.js';
import { cpuTime } from '../cpu-time.js';
import { compared, type Findings, type Target } from '../outcome.js';
import { retry } from '../retry.js';
import { progress } from '../progress.js';
import { type Request, written } from '../request.js';
import type { Server } from '../servers.js';
import type { TokenFile } from '../tokens.js';
import { connections, type LoadResult, wrk } from '../wrk.js';

/** A server, and the requests that it gets. */
export interface Contender {
  readonly who: string;
  readonly server: Server;
  readonly request: Request;
  readonly tokens: TokenFile;
  /** The share of these tokens that must be refused with 401. */
  readonly refused: number;
  /** The processor time that its store has used so far, in microseconds. With it, loads measure processor time. */
  readonly storeTime?: () => number;
  /** The target of our figure divided by this one's. */
  readonly target?: Target;
}

/** What a server is asked. */
export type Requests = Pick<Contender, 'request' | 'tokens' | 'refused'>;

/** Processor time of a request, in microseconds, of the server and of its store. */
export interface RequestTime {
  readonly server: number;
  readonly store: number;
}

export interface MeasuredLoad extends LoadResult {
  /** Processor time of a request in microseconds, of all threads of the server. */
  readonly cpu: number;
  /** Undefined where the contender has no `storeTime`. */
  readonly time?: RequestTime;
}

/** Findings, and the results of the loads, one for each round. */
export interface ThroughputFindings extends Findings {
  readonly loads: readonly { readonly who: string; readonly results: readonly MeasuredLoad[] }[];
}

/** Measures how many requests a second symbolon and other servers answer, in turn. */
export async function throughput(
  bench: Bench,
  scenario: string,
  ours: Contender,
  others: readonly Contender[],
): Promise<ThroughputFindings> {
  const { scale } = bench;
  const lanes = [ours, ...others].map((contender) => new Lane(bench, contender));
  for (const lane of lanes) {
    await retry(() => lane.check());
    await retry(() => lane.load(scale.warmUp));
  }
  for (let round = 1; round <= scale.rounds; round++) {
    for (const lane of lanes) lane.results.push(await retry(() => lane.load(scale.seconds)));
    const rates = lanes.map(({ contender, rates }) => `${contender.who} ${rates.at(-1)?.toFixed(0)}`);
    progress(`${scenario}, round ${round}: ${rates.join(', ')} req/s`);
  }
  const [own, ...rest] = lanes.map(({ contender, rates, cpuTimes }) => ({
    ...contender,
    rounds: rates,
    cpuTimes,
  }));
  const loads = lanes.map(({ contender: { who }, results }) => ({ who, results }));
  return { figures: compared('req/s', own, rest), loads };
}

/** Whoever answers nothing in as many seconds is given up. */
const longestLoad = 20;

/** One server's part of a scenario. */
export class Lane {
  readonly results: MeasuredLoad[] = [];
  /** Each load continues where the last one stopped: a token is requested again as late as possible. */
  private from: number;

  constructor(
    private readonly bench: Bench,
    readonly contender: Contender,
  ) {
    this.from = contender.tokens.samples.length;
  }

  /** Requests a second, one figure for each round. */
  get rates(): number[] {
    return this.results.map(({ requests, seconds }) => requests / seconds);
  }

  /** Processor time of a request in microseconds, one figure for each round. */
  get cpuTimes(): number[] {
    return this.results.map(({ cpu }) => cpu);
  }

  /** Sends requests for the first tokens one by one, and checks the answers. */
  async check(): Promise<void> {
    const { server, request, tokens, refused, who } = this.contender;
    const connection = await Connection.open(server.port);
    const statuses: number[] = [];
    for (const token of tokens.samples) statuses.push(await connection.ask(written(request, token)));
    connection.close();
    const count = (status: number) => statuses.filter((answered) => answered === status).length;
    const expected = Math.round(refused * statuses.length);
    if (count(401) === expected && count(200) === statuses.length - expected) return;
    throw new Error(`${who} answers ${statuses.join(' ')} where ${expected} are to be refused`);
  }

  /** @throws Error when the number of refused requests is wrong, or a request was not answered */
  async load(seconds: number): Promise<MeasuredLoad> {
    const { server, request, tokens, refused, who } = this.contender;
    const load = { port: server.port, request, tokens, from: this.from, seconds };
    const pids = [server.child.pid!];
    const cpuBefore = cpuTime(pids);
    const before = this.timeUsed();
    const result = await wrk(this.bench.processes, load);
    const after = this.timeUsed();
    const used = cpuTime(pids) - cpuBefore;
    this.from += result.requests + connections;
    // Refusals are spread evenly, but which requests are under way at the end, and not counted, varies.
    const uncertain = refused > 0 && refused < 1 ? connections : 0;
    const amiss = Math.abs(result.refused - refused * result.requests);
    if (result.failed > 0 || amiss > uncertain) {
      throw new Error(`${who} answered amiss: ${JSON.stringify(result)}`);
    }
    // On a busy machine the short load of a smoke run may end before its first answer: a figure of none would be no number.
    if (result.requests === 0) {
      if (seconds > longestLoad) throw new Error(`${who} answered nothing in ${seconds} s`);
      return this.load(2 * seconds);
    }
    const cpu = used / result.requests;
    if (!before || !after) return { ...result, cpu };
    const each = (part: keyof RequestTime) => (after[part] - before[part]) / result.requests;
    return { ...result, cpu, time: { server: each('server'), store: each('store') } };
  }

  private timeUsed(): RequestTime | undefined {
    const { server, storeTime } = this.contender;
    return storeTime && { server: cpuTime([server.child.pid!]), store: storeTime() };
  }
}
