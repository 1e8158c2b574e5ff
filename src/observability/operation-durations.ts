import { Histogram } from './histogram.js';

/** How long operations take, in seconds, by their names. The names are ours, so there are only a few. */
export class OperationDurations {
  /** The operations that have been measured, in the order in which their names came up. */
  readonly histograms = new Map<string, Histogram>();
  private running = 0;

  /**
   * @param bounds upper bounds of the histograms' buckets, in seconds
   * @param names operations that have a histogram before they are first measured
   */
  constructor(
    private readonly bounds: readonly number[],
    names: readonly string[] = [],
  ) {
    for (const name of names) this.histogramOf(name);
  }

  /** How many operations are under way. */
  get underWay(): number {
    return this.running;
  }

  /** Does the work, and measures how long it takes until its promise is settled. */
  async measure<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const startedAt = performance.now();
    this.running += 1;
    try {
      return await work();
    } finally {
      this.running -= 1;
      this.observe(name, (performance.now() - startedAt) / 1000);
    }
  }

  /** Adds a duration, in seconds. */
  observe(name: string, seconds: number): void {
    this.histogramOf(name).observe(seconds);
  }

  private histogramOf(name: string): Histogram {
    let histogram = this.histograms.get(name);
    if (!histogram) this.histograms.set(name, (histogram = new Histogram(this.bounds)));
    return histogram;
  }
}
