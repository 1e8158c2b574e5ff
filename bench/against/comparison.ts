import type { Bench } from '../bench.js';
import { figureOf, type Findings } from '../outcome.js';
import { progress } from '../progress.js';
import { retry } from '../retry.js';
import type { Scenario } from '../scenarios/all.js';
import { Lane } from '../scenarios/throughput.js';
import type { Server } from '../servers.js';
import { paired, pairedLine } from './paired.js';

/** The server of another commit. */
export interface Opponent {
  /** The commit as it was asked for. */
  readonly revision: string;
  readonly server: Server;
}

/** Measures a scenario on this commit's server and on another's by interleaved rounds: A B B A … */
export async function compareCommits(
  bench: Bench,
  { revision, server }: Opponent,
  { name, asked }: Scenario,
): Promise<Findings> {
  if (!asked) return { figures: [], leftOut: 'two commits are compared by tokeninfo and introspection only' };
  const requests = await asked(bench);
  const ours = new Lane(bench, { ...requests, who: 'this commit', server: bench.symbolon });
  const theirs = new Lane(bench, { ...requests, who: revision, server });
  const { rounds, seconds, warmUp } = bench.scale;
  for (const lane of [ours, theirs]) {
    await retry(() => lane.check());
    await retry(() => lane.load(warmUp));
  }
  for (let round = 0; round < rounds; round++) {
    const turns = round % 2 === 0 ? [ours, theirs] : [theirs, ours];
    for (const lane of turns) lane.results.push(await retry(() => lane.load(seconds)));
    progress(`${name}, round ${round + 1} of ${rounds}`);
  }
  const lanes = [ours, theirs];
  return {
    figures: [
      ...lanes.map(({ contender: { who }, rates }) => figureOf('req/s', who, rates)),
      ...lanes.map(({ contender: { who }, cpuTimes }) => figureOf('µs', `cpu: ${who}`, cpuTimes)),
    ],
    remarks: [
      pairedLine('req/s', paired(ours.rates, theirs.rates)),
      pairedLine('cpu of a request', paired(ours.cpuTimes, theirs.cpuTimes)),
    ],
  };
}
