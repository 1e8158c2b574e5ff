import type { Bench } from '../bench.js';
import { atFixedRate } from '../fixed-rate.js';
import { imitate } from '../imitation.js';
import { quantile, range } from '../numbers.js';
import { compared, type Findings } from '../outcome.js';
import { retry } from '../retry.js';
import { forgeRockGet, written } from '../request.js';
import type { Server } from '../servers.js';
import { readTokens } from '../tokens.js';
import { connections } from '../wrk.js';

/**
 * Measures the p99 latency of tokeninfo for cached tokens at half the peak load.
 * @param peak requests a second that symbolon answers in `peakScenario`
 */
export async function latency(bench: Bench, peak: number): Promise<Findings> {
  const { scale, symbolon } = bench;
  const rate = Math.max(1, Math.round(peak / 2));
  const tokens = readTokens(bench.tokens.workingSet, range(scale.workingSet));
  const bare = (await imitate(bench, written(forgeRockGet, tokens[0]))).server;
  const measure = async ({ port }: Server, seconds: number) => {
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
    figures: compared('ms', { who: 'symbolon', rounds: ours, target: { atMost: 3 } }, [
      { who: 'node:http', rounds: theirs },
    ]),
    note: `at ${rate.toLocaleString('en')} req/s; what node:http takes is the load generator's own share`,
  };
}
