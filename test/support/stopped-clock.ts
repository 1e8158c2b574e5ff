import { Clock } from '../../src/domain/clock.js';

/** A clock that stands still between calls of `advance` and `setBack`. */
export class StoppedClock extends Clock {
  /** It starts at the start time, so that clocks with different start times differ in `elapsed`, too. */
  private sinceBegin: number;

  constructor(private time = Date.UTC(2026, 0, 1)) {
    super();
    this.sinceBegin = time;
  }

  now(): number {
    return this.time;
  }

  elapsed(): number {
    return this.sinceBegin;
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
    this.sinceBegin += milliseconds;
  }

  /** Sets the wall clock back, or forward by a negative number. `elapsed` stays the same. */
  setBack(milliseconds: number): void {
    this.time -= milliseconds;
  }
}
