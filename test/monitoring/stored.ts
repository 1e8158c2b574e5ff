import {
  trafficDimensions,
  type TrafficGroup,
  type TrafficQuery,
  type TrafficRow,
  TrafficStore,
} from '../../src/domain/traffic.js';
import type { TestApp } from '../support/app.js';

/** Flushes, and returns the groups of the last 10 minutes, by every dimension except as stated. */
export async function storedTraffic(
  app: TestApp,
  query: Partial<TrafficQuery> = {},
): Promise<TrafficGroup[]> {
  await app.flushMonitoring();
  return app.nest.get(TrafficStore).busiest({
    window: '10m',
    by: trafficDimensions,
    filters: {},
    within: '/',
    now: app.clock.now(),
    limit: 200,
    ...query,
  });
}

/** Service, method, realm, client, successes, failures and exceptions of each row, sorted. */
export function short(rows: readonly (TrafficGroup | TrafficRow)[]): string[] {
  return rows
    .map(({ service, method, realm, client, successes, failures, exceptions }) =>
      [service, method, realm || '-', client || '-', successes, failures, exceptions].join(' | '),
    )
    .sort();
}
