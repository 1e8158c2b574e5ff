import type { Bucket } from '../text/series.js';
import type { Line } from './plot.js';

/** Messages a second by how they were answered, to be stacked. */
export function trafficLines(buckets: readonly Bucket[]): Line[] {
  const rates = (part: (bucket: Bucket) => number) => buckets.map((bucket) => part(bucket) / bucket.seconds);
  return [
    { label: 'exceptions', ink: 'failed', values: rates(({ exceptions }) => exceptions) },
    { label: 'refused', ink: 'refused', values: rates(({ failures }) => failures) },
    { label: 'answered well', ink: 'ok', values: rates(({ successes }) => successes) },
  ];
}
