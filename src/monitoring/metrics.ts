import type { CacheStatisticsSource } from '../observability/cache-statistics.js';
import type { ServerCounters } from '../observability/counters.js';
import type { Histogram } from '../observability/histogram.js';
import type { HttpMetrics } from './http-metrics.js';
import { runtimeMetrics } from './runtime-metrics.js';
import { counter, gauge, histograms, type Labels, type Metric, type Snapshot, single } from './snapshot.js';
import type { StoreFigures } from './store-figures.js';

/** How long operations take, in seconds, by their names. */
type Durations = Iterable<readonly [string, Histogram]>;

interface FeedFigures {
  /** Whether the changes of other nodes are received. */
  readonly current: boolean;
  readonly delays: Histogram;
}

/** Numbers of connections, and of callers that wait for one. */
interface PoolFigures {
  readonly used: number;
  readonly idle: number;
  readonly max: number;
  readonly pending: number;
}

interface HashFigures {
  readonly durations: Durations;
  readonly waiting: number;
}

/** Where the metrics of a process come from. Each is read when a scrape asks for it. */
export interface MetricsSources {
  readonly http: Pick<HttpMetrics, 'metrics'>;
  readonly counters: Readonly<ServerCounters>;
  readonly caches: CacheStatisticsSource;
  readonly store: Pick<StoreFigures, 'read'>;
  readonly feed: () => FeedFigures;
  readonly pool: () => PoolFigures;
  readonly statements: Durations;
  readonly hashing: () => HashFigures;
  readonly build: { readonly version: string; readonly node: string; readonly database: string };
}

/** The metrics of this process: a copy of everything that it counts. */
export class ProcessMetrics {
  constructor(private readonly sources: MetricsSources) {}

  /** Everything at this moment, within 0.3 s. */
  async snapshot(): Promise<Snapshot> {
    const { store } = this.sources;
    const [stored, runtime] = await Promise.all([store.read(), runtimeMetrics()]);
    return [...this.own(), ...storeMetrics(stored), ...runtime];
  }

  /** Everything without the figures of the store, which may be closed by now. */
  async lastSnapshot(): Promise<Snapshot> {
    return [...this.own(), ...(await runtimeMetrics())];
  }

  private own(): Metric[] {
    const { http, counters, caches, feed, pool, statements, hashing, build } = this.sources;
    return [
      ...http.metrics(),
      ...counterMetrics(counters),
      ...cacheMetrics(caches),
      ...feedMetrics(feed()),
      ...databaseMetrics(pool(), statements),
      ...hashMetrics(hashing()),
      gauge('symbolon_build_info', 'What is running; the value is always 1.', 'first', [
        { labels: build, value: 1 },
      ]),
    ];
  }
}

/** The workers of a server; a server without workers is one that serves. */
export function workersMetric(serving: number, silent: number): Metric {
  return gauge('symbolon_workers', 'Processes that serve, and those that do not answer.', 'first', [
    { labels: { state: 'serving' }, value: serving },
    { labels: { state: 'silent' }, value: silent },
  ]);
}

function counterMetrics({
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

function cacheMetrics(source: CacheStatisticsSource): Metric[] {
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
      'Entries that may be cached (CACHE_ENTRIES).',
      'sum',
      caches.map(({ cache, entriesMax }) => ({ labels: { cache }, value: entriesMax })),
    ),
  ];
}

function feedMetrics({ current, delays }: FeedFigures): Metric[] {
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

function databaseMetrics(pool: PoolFigures, statements: Durations): Metric[] {
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

function hashMetrics({ durations, waiting }: HashFigures): Metric[] {
  return [
    histograms(
      'symbolon_hash_duration_seconds',
      'Time to hash or verify a password or secret, with the wait for a thread.',
      labelled(durations, (operation) => ({ operation })),
    ),
    gauge(
      'symbolon_hash_waiting',
      'Hashes and verifications that wait for a thread.',
      'sum',
      single(waiting),
    ),
  ];
}

/** None while the store is away. */
function storeMetrics(stored: Awaited<ReturnType<StoreFigures['read']>>): Metric[] {
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
