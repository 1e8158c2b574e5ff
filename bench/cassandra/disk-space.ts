import type { Bench } from '../bench.js';
import { compared, type Figure, type Findings } from '../outcome.js';
import { keyspace } from './keyspace.js';
import type { PreparedStores } from './prepared-stores.js';

/** A table, as `nodetool tablestats` shows it; in bytes, as text. */
interface TableStatistics {
  /** Compressed, on disk. */
  readonly space_used_live: string;
  /** What a node needs of memory to find the rows: bloom filters, index summaries. */
  readonly off_heap_memory_used_total: string;
}

type Statistics = Record<string, { readonly tables: Record<string, TableStatistics> }>;

/** The tables of a kind of token, and how many of these tokens the cluster has. */
interface Kind {
  readonly what: string;
  readonly count: number;
  readonly cassandra: readonly string[];
  readonly postgres: readonly string[];
}

/**
 * The disk space of one user's token: on one Cassandra node, with its defaults, compacted; in PostgreSQL with all
 * indexes, vacuumed.
 */
export async function diskSpace(bench: Bench, { cluster }: PreparedStores): Promise<Findings> {
  const [output] = await cluster.nodetool('tablestats', '-F', 'json', keyspace);
  const { tables } = (JSON.parse(output) as Statistics)[keyspace];
  const figures: Figure[] = [];
  const each: string[] = [];
  for (const { what, count, cassandra, postgres } of kindsOf(bench)) {
    const used = (table: string, part: keyof TableStatistics) => Number(tables[table][part]) / count;
    const sum = (part: keyof TableStatistics) => cassandra.reduce((all, table) => all + used(table, part), 0);
    const ours = { who: what, rounds: [sum('space_used_live')] };
    const theirs = { who: '  in PostgreSQL', rounds: [await inPostgres(bench, postgres)] };
    const memory = { who: '  in memory', rounds: [sum('off_heap_memory_used_total')] };
    figures.push(...compared('B', ours, [theirs]), ...compared('B', memory, []));
    each.push(...cassandra.map((table) => `${table} ${used(table, 'space_used_live').toFixed(0)} B`));
  }
  return { figures, note: each.join(', ') };
}

function kindsOf({ scale: { clusterTokens, refreshTokens } }: Bench): Kind[] {
  const families = ['refresh_token', 'token_family'];
  return [
    {
      what: 'access token',
      count: clusterTokens,
      cassandra: ['access_token', 'user_token'],
      postgres: ['access_token'],
    },
    { what: 'refresh token', count: refreshTokens.cassandra, cassandra: families, postgres: families },
  ];
}

/** Bytes for each row of the first of these tables. */
async function inPostgres({ databases }: Bench, tables: readonly string[]): Promise<number> {
  const sizes = tables.map((table) => `pg_total_relation_size('${table}')`);
  const [{ bytes }] = await databases.many.query<{ bytes: string }>(
    `SELECT (${sizes.join(' + ')})::numeric / (SELECT count(*) FROM ${tables[0]}) AS bytes`,
  );
  return Number(bytes);
}
