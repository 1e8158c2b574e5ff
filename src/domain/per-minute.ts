import type { Clock } from './clock.js';

const periodMs = 60_000;

/** Admits up to a number of acts in each minute, so that callers cannot make as many records as they like. */
export class PerMinute {
  private beganAt = -Infinity;
  private count = 0;

  constructor(
    private readonly clock: Clock,
    private readonly atMost: number,
  ) {}

  /** Whether one more act is within the limit; if so, it counts. */
  admit(): boolean {
    const now = this.clock.elapsed();
    if (now - this.beganAt >= periodMs) {
      this.beganAt = now;
      this.count = 0;
    }
    if (this.count >= this.atMost) return false;
    this.count += 1;
    return true;
  }
}
