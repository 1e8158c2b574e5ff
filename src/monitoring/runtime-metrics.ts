import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Aggregator, Metric, Snapshot } from './snapshot.js';

/** prom-client leaves this one out of a sum. Of several processes it is the start of the oldest. */
const aggregators: Readonly<Record<string, Aggregator>> = {
  process_start_time_seconds: 'min',
};

/** One for the process, whose garbage collections and event loop are observed from the first scrape on. */
let registry: Registry | undefined;

/** prom-client's metrics of this process: `process_*` and `nodejs_*`. */
export async function runtimeMetrics(): Promise<Snapshot> {
  if (!registry) {
    registry = new Registry();
    collectDefaultMetrics({ register: registry });
  }
  const metrics = (await registry.getMetricsAsJSON()) as unknown as Metric[];
  return metrics.map((metric) => ({
    name: metric.name,
    help: metric.help,
    type: metric.type,
    aggregator: aggregators[metric.name] ?? metric.aggregator,
    // The delays of an event loop that has just been looked at are no numbers.
    values: metric.values.filter(({ value }) => Number.isFinite(value)),
  }));
}
