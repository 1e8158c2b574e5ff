/** Counts values in buckets with fixed upper bounds. Cheap enough for the hot path: no labels, no strings. */
export class Histogram {
  /** How many values fell into each bucket alone; the last one holds the values beyond all bounds. */
  readonly counts: Float64Array;
  /** The sum of all values. */
  sum = 0;

  /** @param bounds the buckets' upper bounds, ascending; a value that equals one belongs to its bucket */
  constructor(readonly bounds: readonly number[]) {
    this.counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    const { bounds } = this;
    let bucket = 0;
    // Most values belong to one of the first buckets, which a linear search finds at once.
    while (bucket < bounds.length && value > bounds[bucket]) bucket += 1;
    this.counts[bucket] += 1;
    this.sum += value;
  }
}
