import type { FactoryProvider } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Config } from '../config/config.js';
import { ChangeFeed } from '../domain/change-feed.js';
import { Clock } from '../domain/clock.js';
import { NodeRoster } from '../domain/roster.js';
import { TrafficStore } from '../domain/traffic.js';
import type { HttpAdapter } from '../http/http-adapter.js';
import { metadataPath, openIdPath } from '../http/request/metadata-path.js';
import { HttpMetrics } from '../monitoring/http-metrics.js';
import { NodeReporter } from '../monitoring/node-reporter.js';
import { RefusalSampler } from '../monitoring/refusal-sampler.js';
import { TrafficCounter } from '../monitoring/traffic-counter.js';
import { TrafficRecorder } from '../monitoring/traffic-recorder.js';
import { CacheStatisticsSource } from '../observability/cache-statistics.js';
import { ServerCounters } from '../observability/counters.js';
import type { RequestObserver } from '../observability/request-observer.js';
import { construct, provide } from './providers.js';

/** Routes that are no services: they are neither counted nor recorded. */
const noServices: ReadonlySet<string> = new Set(['/healthz', '/readyz', metadataPath, openIdPath]);

/** Lets observers watch the public listener's requests, where the process has one. */
class ListenerObservers {
  constructor(
    private readonly host: HttpAdapterHost<HttpAdapter>,
    private readonly observers: readonly RequestObserver[],
  ) {}

  onModuleInit(): void {
    for (const observer of this.observers) this.host.httpAdapter?.observers.add(observer);
  }
}

/** What counts and records the requests of a server. */
export function monitoringProviders({ operations: { admin, monitoring } }: Config): FactoryProvider[] {
  return [
    provide(TrafficCounter, [], () => new TrafficCounter(monitoring, noServices)),
    provide(RefusalSampler, [Clock], (clock) => new RefusalSampler(clock, noServices)),
    provide(
      TrafficRecorder,
      [TrafficCounter, TrafficStore, Clock, ServerCounters],
      (counter, store, clock, counters) =>
        new TrafficRecorder(counter, store, clock, monitoring.rows, counters),
    ),
    construct(NodeReporter, NodeRoster, ChangeFeed, CacheStatisticsSource, Clock),
    provide(
      ListenerObservers,
      [HttpAdapterHost<HttpAdapter>, TrafficCounter, RefusalSampler, HttpMetrics],
      (host, traffic, refusals, metrics) =>
        new ListenerObservers(host, [
          ...(monitoring.count === 'off' ? [] : [traffic]),
          refusals,
          // Without the operator's listener nobody can read them.
          ...(admin ? [metrics] : []),
        ]),
    ),
  ];
}
