import type { Bench } from '../bench.js';
import { atFixedRate } from '../fixed-rate.js';
import { imitate } from '../imitation.js';
import { quantile, range } from '../numbers.js';
import { compared, type Findings, type Target } from '../outcome.js';
import { retry } from '../retry.js';
import { forgeRockGet, written } from '../request.js';
import type { Server } from '../servers.js';
import { readTokens, type TokenFile } from '../tokens.js';
import { connections } from '../wrk.js';

/** What is asked at half of the peak. */
export interface HalfOfPeak {
  /** Requests a second that symbolon answers at most. */
  readonly peak: number;
  readonly tokens: TokenFile;
  /** Number of the first token. */
  readonly from: number;
  /** How many tokens are asked for in turn; undefined where each is asked for once. */
  readonly inTurn?: number;
  readonly target: Target;
}

/** Measures the p99 latency of tokeninfo at half the peak load. */
export async function latency(bench: Bench, asked: HalfOfPeak): Promise<Findings> {
  const { scale, symbolon } = bench;
  const rate = Math.max(1, Math.round(asked.peak / 2));
  let next = asked.from;
  const take = (count: number) => {
    const first = next;
    if (asked.inTurn === undefined) next += count;
    return readTokens(
      asked.tokens,
      range(asked.inTurn ?? count).map((number) => first + number),
    );
  };
  const bare = (await imitate(bench, written(forgeRockGet, asked.tokens.samples[0]))).server;
  const measure = async ({ port }: Server, seconds: number) => {
    const tokens = take(Math.ceil(rate * seconds));
    const latencies = await atFixedRate({ port, request: forgeRockGet, tokens, rate, seconds, connections });
    return quantile(latencies, 0.99);
  };
  const ours: number[] = [];
  const theirs: number[] = [];
  for (const server of [symbolon, bare]) await retry(() => measure(server, scale.warmUp));
  for (const round of range(scale.rounds)) {
    ours[round] = await retry(() => measure(symbolon, scale.seconds));
    theirs[round] = await retry(() => measure(bare, scale.seconds));
  }
  await bare.end();
  return {
    figures: compared('ms', { who: 'symbolon', rounds: ours, target: asked.target }, [
      { who: 'node:http', rounds: theirs },
    ]),
    note: `at ${rate.toLocaleString('en')} req/s; what node:http takes is the load generator's own share`,
  };
}
