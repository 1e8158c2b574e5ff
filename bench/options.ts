import { parseArgs } from 'node:util';

/** How much is measured. */
export interface Scale {
  /** Live tokens in the large database, and in the small one. */
  readonly rows: number;
  readonly fewRows: number;
  /** Tokens that are asked for again and again, well within the cache. */
  readonly workingSet: number;
  readonly rounds: number;
  /** Load on each server before its first round, in seconds. */
  readonly warmUp: number;
  /** Load on each server in a round, in seconds. */
  readonly seconds: number;
  /** Lookups one at a time in a round, and before the first. All rounds together ask for `fewRows` at most. */
  readonly lookups: number;
  readonly firstLookups: number;
  /** Tokens whose place in the cache is weighed. */
  readonly cached: number;
  /** When the run is given up, in seconds. */
  readonly limit: number;
}

const full: Scale = {
  rows: 1_000_000,
  fewRows: 10_000,
  workingSet: 10_000,
  rounds: 3,
  warmUp: 3,
  seconds: 6,
  lookups: 3_000,
  firstLookups: 1_000,
  cached: 100_000,
  limit: 30 * 60,
};

const smoke: Scale = {
  rows: 10_000,
  fewRows: 1_000,
  workingSet: 1_000,
  rounds: 1,
  warmUp: 0.1,
  seconds: 0.3,
  lookups: 100,
  firstLookups: 20,
  cached: 1_000,
  limit: 150,
};

/** What a run is told on the command line. */
export interface Options {
  readonly scale: Scale;
  /** Whether it is only to be seen that everything works. */
  readonly smoke: boolean;
  /** The Node binary that runs every server. */
  readonly node: string;
  /** Where the figures are written to. */
  readonly json: string;
}

/** @throws Error for an option that there is not */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      smoke: { type: 'boolean', default: false },
      node: { type: 'string', default: process.execPath },
      json: { type: 'string', default: 'bench/results.json' },
    },
  });
  return { ...values, scale: values.smoke ? smoke : full };
}
