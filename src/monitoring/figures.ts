import type { TokenStatistics } from '../domain/token-statistics.js';
import type { CacheStatisticsSource } from '../observability/cache-statistics.js';
import type { ServerCounters } from '../observability/counters.js';
import type { Histogram } from '../observability/histogram.js';
import { counter, gauge, histograms, type Labels, type Metric, single } from './snapshot.js';

/** How long operations take, in seconds, by their names. */
export type Durations = Iterable<readonly [string, Histogram]>;

/** The state of the change feed. */
export interface FeedFigures {
  /** Whether the changes of other nodes are received. */
  readonly current: boolean;
  readonly delays: Histogram;
}

/** Numbers of connections, and of callers that wait for one. */
export interface PoolFigures {
  readonly used: number;
  readonly idle: number;
  readonly max: number;
  readonly pending: number;
}

/** What waits for the store, by what it waits for. */
export type WaitingFigures = readonly {
  readonly name: string;
  readonly waiting: number;
  readonly limit: number;
  /** It grows only. */
  readonly refused: number;
}[];

/** How long hashes take, how many wait, and how many were refused. */
export interface HashFigures {
  readonly durations: Durations;
  readonly waiting: number;
  readonly refused: number;
}

/** What the parts of a server count besides requests. */
export function counterMetrics({
  purgedRows,
  monitoringDropped,
  changeFeedLosses,
}: Readonly<ServerCounters>): Metric[] {
  return [
    counter('symbolon_purged_rows_total', 'Rows that the purge has removed.', single(purgedRows)),
    counter(
      'symbolon_monitoring_dropped_total',
      'Messages that monitoring could not store and has dropped.',
      single(monitoringDropped),
    ),
    counter(
      'symbolon_change_feed_losses_total',
      'How often the change feed was lost.',
      single(changeFeedLosses),
    ),
  ];
}

/** The lookups and entries of each cache. */
export function cacheMetrics(source: CacheStatisticsSource): Metric[] {
  const caches = source.read();
  return [
    counter(
      'symbolon_cache_lookups_total',
      'Lookups: hit, miss (read from the store), joined (waited for a read that was under way).',
      caches.flatMap(({ cache, hits, misses, joined }) => [
        { labels: { cache, result: 'hit' }, value: hits },
        { labels: { cache, result: 'miss' }, value: misses },
        { labels: { cache, result: 'joined' }, value: joined },
      ]),
    ),
    gauge(
      'symbolon_cache_entries',
      'Entries that are cached.',
      'sum',
      caches.map(({ cache, entries }) => ({ labels: { cache }, value: entries })),
    ),
    gauge(
      'symbolon_cache_entries_max',
      'Entries that may be cached (CACHE_ENTRIES, CACHE_SUBJECTS).',
      'sum',
      caches.map(({ cache, entriesMax }) => ({ labels: { cache }, value: entriesMax })),
    ),
  ];
}

/** Whether the change feed is current, and how long heartbeats take. */
export function feedMetrics({ current, delays }: FeedFigures): Metric[] {
  return [
    gauge(
      'symbolon_change_feed_current',
      '1 while the changes of other nodes are received and the caches are in use, else 0.',
      'min',
      single(current ? 1 : 0),
    ),
    histograms('symbolon_change_feed_delay_seconds', 'Time until a heartbeat has come back.', [[{}, delays]]),
  ];
}

/** The pool, and the statements by their names. */
export function databaseMetrics(pool: PoolFigures, statements: Durations): Metric[] {
  return [
    gauge('db_client_connection_count', 'Open connections of the pool, by state.', 'sum', [
      { labels: { db_client_connection_state: 'used' }, value: pool.used },
      { labels: { db_client_connection_state: 'idle' }, value: pool.idle },
    ]),
    gauge('db_client_connection_max', 'Most connections of the pool.', 'sum', single(pool.max)),
    gauge(
      'db_client_connection_pending_requests',
      'Callers that wait for a connection.',
      'sum',
      single(pool.pending),
    ),
    histograms(
      'db_client_operation_duration_seconds',
      'Time of a statement, by its name; includes the wait for a connection, except in transactions.',
      labelled(statements, (name) => ({ db_operation_name: name })),
    ),
  ];
}

/** The lists of those who wait for the store: how full they are, and how many were refused there. */
export function waitingMetrics(lists: WaitingFigures): Metric[] {
  const samples = (value: 'waiting' | 'limit' | 'refused') =>
    lists.map((list) => ({ labels: { queue: list.name }, value: list[value] }));
  return [
    gauge('symbolon_store_queue_entries', 'What waits for the store, by queue.', 'sum', samples('waiting')),
    gauge('symbolon_store_queue_entries_max', 'How much may wait there.', 'sum', samples('limit')),
    counter(
      'symbolon_store_queue_refused_total',
      'What was refused because it would wait too long, or has waited in vain.',
      samples('refused'),
    ),
  ];
}

/** Hashes and verifications. */
export function hashMetrics({ durations, waiting, refused }: HashFigures): Metric[] {
  return [
    histograms(
      'symbolon_hash_duration_seconds',
      'Time to hash or verify a password or secret, with the wait for a turn.',
      labelled(durations, (operation) => ({ operation })),
    ),
    gauge('symbolon_hash_waiting', 'Hashes and verifications that wait for a turn.', 'sum', single(waiting)),
    counter(
      'symbolon_hash_refused_total',
      'Hashes and verifications that were refused: too many waited (HASH_QUEUE), or they waited too long (HASH_TIMEOUT).',
      single(refused),
    ),
  ];
}

/** What the token store says of itself: metrics without values while it is away. */
export function storeMetrics(stored: TokenStatistics | undefined): Metric[] {
  const backlog = stored ? single(stored.overdueMs / 1000) : [];
  const tokens = stored?.accessTokens === undefined ? [] : single(stored.accessTokens);
  return [
    gauge(
      'symbolon_purge_backlog_seconds',
      'For how long the oldest expired row has been waiting for the purge; of the whole cluster.',
      'max',
      backlog,
    ),
    gauge(
      'symbolon_access_tokens_estimate',
      'Stored access tokens, as the database estimates them; of the whole cluster.',
      'max',
      tokens,
    ),
  ];
}

function labelled(
  durations: Durations,
  labelsOf: (name: string) => Labels,
): (readonly [Labels, Histogram])[] {
  return [...durations].map(([name, histogram]) => [labelsOf(name), histogram]);
}
