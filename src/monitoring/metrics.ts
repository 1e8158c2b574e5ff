import type { CacheStatisticsSource } from '../observability/cache-statistics.js';
import type { ServerCounters } from '../observability/counters.js';
import {
  cacheMetrics,
  counterMetrics,
  databaseMetrics,
  type Durations,
  type FeedFigures,
  feedMetrics,
  type HashFigures,
  hashMetrics,
  type PoolFigures,
  storeMetrics,
  type WaitingFigures,
  waitingMetrics,
} from './figures.js';
import type { HttpMetrics } from './http-metrics.js';
import { runtimeMetrics } from './runtime-metrics.js';
import { gauge, type Metric, type Snapshot, summable } from './snapshot.js';
import type { StoreFigures } from './store-figures.js';

/** Where the metrics of a process come from. Each is read when a scrape asks for it. */
export interface MetricsSources {
  readonly http: Pick<HttpMetrics, 'metrics'>;
  readonly counters: Readonly<ServerCounters>;
  readonly caches: CacheStatisticsSource;
  readonly store: Pick<StoreFigures, 'read'>;
  readonly feed: () => FeedFigures;
  readonly pool: () => PoolFigures;
  readonly waiting: () => WaitingFigures;
  readonly statements: () => Durations;
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
    return summable([...this.own(), ...storeMetrics(stored), ...runtime]);
  }

  /** Everything without the figures of the store, which may be closed by now. */
  async lastSnapshot(): Promise<Snapshot> {
    return summable([...this.own(), ...(await runtimeMetrics())]);
  }

  private own(): Metric[] {
    const { http, counters, caches, feed, pool, waiting, statements, hashing, build } = this.sources;
    return [
      ...http.metrics(),
      ...counterMetrics(counters),
      ...cacheMetrics(caches),
      ...feedMetrics(feed()),
      ...databaseMetrics(pool(), statements()),
      ...waitingMetrics(waiting()),
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
