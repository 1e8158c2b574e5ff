import { parseArgs } from 'node:util';
import type { Shape } from './cassandra/cluster.js';
import type { RegistrySize } from './registry.js';

/** How much is measured. */
export interface Scale {
  /** Active tokens in the large database, and in the small one. */
  readonly rows: number;
  readonly fewRows: number;
  /** Tokens that are requested repeatedly; all of them fit in the cache. */
  readonly workingSet: number;
  readonly rounds: number;
  /** Load on each server before its first round, in seconds. */
  readonly warmUp: number;
  /** Load on each server in a round, in seconds. */
  readonly seconds: number;
  /** How long a server is overloaded, in seconds. */
  readonly overload: number;
  /** Lookups, one at a time, in a round and before the first round. All together are `fewRows` at most. */
  readonly lookups: number;
  readonly firstLookups: number;
  /** Starts of a server on each kind of database. */
  readonly starts: number;
  /** Tokens whose memory in the cache is measured. */
  readonly cached: number;
  /** The subjects of the scenario of the operator's listener, and how many requests of each kind make a round there. */
  readonly registry: RegistrySize;
  readonly looks: number;
  /** The Cassandra clusters, and how many access tokens each gets. */
  readonly clusters: readonly Shape[];
  readonly clusterTokens: number;
  /** Refresh tokens in each store, one for each refresh. */
  readonly refreshTokens: { readonly cassandra: number; readonly postgres: number };
  /** Load on each server before its first round beside a cluster, in seconds: a JVM is slow for longer. */
  readonly clusterWarmUp: number;
  /** How long the run may take, in seconds. */
  readonly limit: number;
}

const full: Scale = {
  rows: 1_000_000,
  fewRows: 10_000,
  workingSet: 10_000,
  rounds: 3,
  warmUp: 3,
  seconds: 6,
  overload: 60,
  lookups: 3_000,
  firstLookups: 1_000,
  starts: 7,
  cached: 100_000,
  registry: { realms: 2_000, clients: 100_000, users: 1_000_000, tokens: 1_000_000, tokensOfOne: 10_000 },
  looks: 200,
  clusters: [
    { nodes: 1, commitLog: 'periodic' },
    { nodes: 3, commitLog: 'periodic' },
    { nodes: 3, commitLog: 'group' },
  ],
  clusterTokens: 50_000,
  refreshTokens: { cassandra: 50_000, postgres: 150_000 },
  clusterWarmUp: 12,
  limit: 45 * 60,
};

const smoke: Scale = {
  rows: 10_000,
  fewRows: 1_000,
  workingSet: 1_000,
  rounds: 1,
  warmUp: 0.1,
  seconds: 0.3,
  overload: 0.3,
  lookups: 100,
  firstLookups: 20,
  starts: 1,
  cached: 1_000,
  registry: { realms: 30, clients: 200, users: 1_000, tokens: 1_000, tokensOfOne: 100 },
  looks: 3,
  clusters: [{ nodes: 1, commitLog: 'periodic' }],
  clusterTokens: 5_000,
  refreshTokens: { cassandra: 3_000, postgres: 3_000 },
  clusterWarmUp: 0.1,
  limit: 240,
};

/** The command-line options of a run. */
export interface Options {
  readonly scale: Scale;
  /** Whether the run only checks that everything works. */
  readonly smoke: boolean;
  /** The Node binary that runs every server. */
  readonly node: string;
  /** Path of the file that the figures are written to. */
  readonly json: string;
  /** Whether the page about benchmarks gets the figures, too. */
  readonly docs: boolean;
  /** Only scenarios with one of these texts in their names are measured; all of them when there is none. */
  readonly only: readonly string[];
  /** Scenarios with one of these texts in their names are not measured. */
  readonly without: readonly string[];
  /** The revision whose server this one is compared with, instead of with other products. */
  readonly against?: string;
}

/** Rounds of each commit where two are compared. */
const roundsAgainst = 5;

/** @throws Error for an unknown option, or a value that makes no sense */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      smoke: { type: 'boolean', default: false },
      node: { type: 'string', default: process.execPath },
      json: { type: 'string', default: 'bench/results.json' },
      docs: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      without: { type: 'string', multiple: true, default: [] },
      against: { type: 'string' },
      rounds: { type: 'string' },
    },
  });
  if (values.docs && values.smoke) throw new Error('--docs: the figures of a smoke run mean nothing');
  if (values.docs && values.only.length + values.without.length > 0)
    throw new Error('--docs: the page has the figures of all scenarios');
  if (values.docs && values.against !== undefined)
    throw new Error('--docs: the page does not compare two commits');
  const { rounds, ...rest } = values;
  const scale = values.smoke ? smoke : full;
  const usual = values.against === undefined || values.smoke ? scale.rounds : roundsAgainst;
  return { ...rest, scale: { ...scale, rounds: rounds === undefined ? usual : roundsOf(rounds) } };
}

function roundsOf(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new Error('--rounds takes a number from 1 to 999');
  return Number(text);
}
