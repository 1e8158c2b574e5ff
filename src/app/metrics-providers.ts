import type { FactoryProvider } from '@nestjs/common';
import type { Config } from '../config/config.js';
import { readVersion } from '../config/version.js';
import { ChangeFeed } from '../domain/change-feed.js';
import { Clock } from '../domain/clock.js';
import { TokenStatisticsSource } from '../domain/token-statistics.js';
import { HashDurations } from '../hashing/bounded-hasher.js';
import { FairQueue } from '../hashing/fair-queue.js';
import { HttpMetrics } from '../monitoring/http-metrics.js';
import { ProcessMetrics } from '../monitoring/metrics.js';
import {
  MetricsPage,
  SingleMetricsPage,
  WorkersMetricsPage,
  type WorkersTogether,
} from '../monitoring/metrics-page.js';
import { StoreFigures } from '../monitoring/store-figures.js';
import { CacheStatisticsSource } from '../observability/cache-statistics.js';
import { ServerCounters } from '../observability/counters.js';
import { Faults } from '../observability/faults.js';
import { HeartbeatDelays } from '../observability/heartbeat-delays.js';
import { Database } from '../storage/postgres/database.js';
import { construct, provide } from './providers.js';
import { TokenCluster } from './token-cluster.js';

export interface MetricsOptions {
  /** The other workers of a worker's server. */
  readonly workers?: WorkersTogether;
}

/** The metrics of a server, from wherever they are counted. */
export function metricsProviders(config: Config, { workers }: MetricsOptions): FactoryProvider[] {
  const { operations } = config;
  return [
    provide(HttpMetrics, [], () => new HttpMetrics(operations.metrics.labels)),
    construct(StoreFigures, TokenStatisticsSource, Clock, Faults),
    provide(
      ProcessMetrics,
      [
        ...([HttpMetrics, ServerCounters, CacheStatisticsSource, StoreFigures, ChangeFeed, Clock] as const),
        ...([HeartbeatDelays, Database, HashDurations, FairQueue, TokenCluster] as const),
      ],
      (http, counters, caches, store, feed, clock, delays, database, hashes, queue, cluster) =>
        new ProcessMetrics({
          http,
          counters,
          caches,
          store,
          feed: () => ({ current: feed.isCurrent(clock.elapsed()), delays }),
          pool: () => database.poolStatistics,
          waiting: () => [...database.waiting, ...cluster.waiting],
          statements: () => new Map([...database.durations.histograms, ...cluster.durations]),
          hashing: () => ({ durations: hashes.histograms, waiting: queue.waiting, refused: queue.refused }),
          build: { version: readVersion(), node: process.version, database: config.database.kind },
        }),
    ),
    provide(MetricsPage, [ProcessMetrics], (own) =>
      workers ? new WorkersMetricsPage(own, workers) : new SingleMetricsPage(own),
    ),
  ];
}
