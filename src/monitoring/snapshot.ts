import { AggregatorRegistry, type Registry } from 'prom-client';
import type { Histogram } from '../observability/histogram.js';

/** Labels by their names; an empty value is the same as none. */
export type Labels = Readonly<Record<string, string | number>>;

/** One line of the page. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
  /** The line's own name, where it is not that of the metric: `…_bucket`, `…_sum`, `…_count`. */
  readonly metricName?: string;
}

/** How the samples of several processes become one. */
export type Aggregator = 'sum' | 'min' | 'max' | 'average' | 'first';

/** A metric of a process, as prom-client's `getMetricsAsJSON` gives it. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly aggregator: Aggregator;
  readonly values: readonly Sample[];
}

/** The metrics of a process, or of several together, at one moment: plain data, which JSON can carry. */
export type Snapshot = readonly Metric[];

/** A metric that only rises. */
export function counter(name: string, help: string, values: readonly Sample[]): Metric {
  return { name, help, type: 'counter', aggregator: 'sum', values };
}

export function gauge(name: string, help: string, aggregator: Aggregator, values: readonly Sample[]): Metric {
  return { name, help, type: 'gauge', aggregator, values };
}

/** A metric of histograms, each with its labels. */
export function histograms(
  name: string,
  help: string,
  series: Iterable<readonly [Labels, Histogram]>,
): Metric {
  const values = [...series].flatMap(([labels, histogram]) => samplesOf(name, labels, histogram));
  return { name, help, type: 'histogram', aggregator: 'sum', values };
}

/** A sample without labels. */
export function single(value: number): Sample[] {
  return [{ labels: {}, value }];
}

function samplesOf(name: string, labels: Labels, { bounds, counts, sum }: Histogram): Sample[] {
  let count = 0;
  const buckets = [...bounds, '+Inf'].map((le, index) => {
    count += counts[index];
    return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: count };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}

/** The smallest part of a value that rises: about a microsecond. */
const quantum = 2 ** -20;

/**
 * Cuts the values that rise to multiples of a power of two, whose sum is exact in whatever order they are added. By a
 * rounding error a sum could fall when a worker ends, which Prometheus would take for a restart.
 */
export function summable(snapshot: Snapshot): Snapshot {
  return snapshot.map((metric) => {
    if (metric.type === 'gauge') return metric;
    const values = metric.values.map((sample) => ({
      ...sample,
      value: Math.floor(sample.value / quantum) * quantum,
    }));
    return { ...metric, values };
  });
}

/** Adds up the metrics of several processes, each metric by its aggregator. */
export function added(snapshots: readonly Snapshot[]): Snapshot {
  // prom-client's sum is made of plain values, although its type does not say so.
  const metrics = registryOf(snapshots).getMetricsAsArray() as unknown as Snapshot;
  return metrics.map(({ name, help, type, aggregator, values }) => ({
    name,
    help,
    type,
    aggregator,
    values,
  }));
}

/** The metrics that only rise: counters and histograms. */
export function rising(snapshot: Snapshot): Snapshot {
  return snapshot.filter(({ type }) => type !== 'gauge');
}

/** The metrics that say how things are now. */
export function gauges(snapshot: Snapshot): Snapshot {
  return snapshot.filter(({ type }) => type === 'gauge');
}

/** The page of a snapshot, in Prometheus' text format 0.0.4. */
export function written(snapshot: Snapshot): Promise<string> {
  return registryOf([snapshot]).metrics();
}

function registryOf(snapshots: readonly Snapshot[]): Registry {
  return AggregatorRegistry.aggregate([...snapshots]);
}
