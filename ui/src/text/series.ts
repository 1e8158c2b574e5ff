import type { Counts, Point, Series } from '../api/answers.js';

/** The messages of one period, of all groups together. */
export interface Bucket {
  /** Its begin, in milliseconds since 1970. */
  readonly at: number;
  /** How much of it is over, in seconds. */
  readonly seconds: number;
  readonly messages: number;
  readonly successes: number;
  readonly failures: number;
  readonly exceptions: number;
  /** Milliseconds; null where there was no message, as the other one. */
  readonly timeAvg: number | null;
  readonly timeMax: number | null;
}

/** A period that has hardly begun says nothing yet, so this much of a longer one must be over, in milliseconds. */
const leastMs = 300_000;

/** A sum of messages to which nothing was added. */
const none = { messages: 0, successes: 0, failures: 0, exceptions: 0, time: 0, timeMax: 0 };

/** Every period of a series' window in the order of time, also those without messages. */
export function bucketsOf({ items, from, to, resolution }: Series): Bucket[] {
  const end = Date.parse(to);
  const sums = sumsOf(items.flatMap(({ points }) => points));
  const buckets: Bucket[] = [];
  const least = Math.min(resolution, leastMs);
  const first = Math.ceil(Date.parse(from) / resolution) * resolution;
  for (let at = first; at + least <= end; at += resolution) {
    const { time, timeMax, ...counts } = sums.get(at) ?? none;
    const { messages } = counts;
    buckets.push({
      at,
      seconds: Math.min(resolution, end - at) / 1000,
      ...counts,
      timeAvg: messages === 0 ? null : time / messages,
      timeMax: messages === 0 ? null : timeMax,
    });
  }
  return buckets;
}

/** The sums of the points of each period, by its begin. */
function sumsOf(points: readonly Point[]): Map<number, typeof none> {
  const sums = new Map<number, typeof none>();
  for (const point of points) {
    const at = Date.parse(point.at);
    const sum = sums.get(at) ?? none;
    sums.set(at, {
      messages: sum.messages + point.messages,
      successes: sum.successes + point.successes,
      failures: sum.failures + point.failures,
      exceptions: sum.exceptions + point.exceptions,
      time: sum.time + (point.time_avg ?? 0) * point.messages,
      timeMax: Math.max(sum.timeMax, point.time_max ?? 0),
    });
  }
  return sums;
}

/** The sum of periods. */
export function total(buckets: readonly Bucket[]): Counts & { readonly seconds: number } {
  const sum = (of: (bucket: Bucket) => number) => buckets.reduce((all, bucket) => all + of(bucket), 0);
  const messages = sum((bucket) => bucket.messages);
  const time = sum((bucket) => (bucket.timeAvg ?? 0) * bucket.messages);
  return {
    seconds: sum((bucket) => bucket.seconds),
    messages,
    successes: sum((bucket) => bucket.successes),
    failures: sum((bucket) => bucket.failures),
    exceptions: sum((bucket) => bucket.exceptions),
    time_min: null,
    time_avg: messages === 0 ? null : time / messages,
    time_max: messages === 0 ? null : Math.max(...buckets.map((bucket) => bucket.timeMax ?? 0)),
  };
}

/** The last periods that are over, at most this many. */
export function lastWhole(buckets: readonly Bucket[], resolution: number, atMost: number): Bucket[] {
  return buckets.filter(({ seconds }) => seconds * 1000 >= resolution).slice(-atMost);
}
