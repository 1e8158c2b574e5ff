import { setImmediate } from 'node:timers/promises';
import { HttpMetrics } from '../../src/monitoring/http-metrics.js';
import { MetricsPage } from '../../src/monitoring/metrics-page.js';
import type { TestApp } from './app.js';
import { MetricsText } from './metrics-text.js';

/** The page of an application, without a listener. */
export async function scrape(app: TestApp): Promise<MetricsText> {
  return new MetricsText(await app.nest.get(MetricsPage).text());
}

/**
 * Does something that sends this many requests, and waits until all have been counted: a caller may have its answer
 * before the observers get the request.
 */
export async function counted<Result>(
  app: TestApp,
  requests: number,
  act: () => Promise<Result>,
): Promise<Result> {
  const metrics = app.nest.get(HttpMetrics);
  const count = () =>
    metrics
      .metrics()
      .find(({ name }) => name === 'http_server_request_duration_seconds')
      ?.values.filter(({ metricName }) => metricName?.endsWith('_count'))
      .reduce((sum, { value }) => sum + value, 0) ?? 0;
  const expected = count() + requests;
  const result = await act();
  while (count() < expected) await setImmediate();
  return result;
}
