import { Clock } from '../../src/domain/clock.js';

/** A clock that stands still until it is told to go on. */
export class StoppedClock extends Clock {
  private sinceStart = 0;

  constructor(private time = Date.UTC(2026, 0, 1)) {
    super();
  }

  now(): number {
    return this.time;
  }

  elapsed(): number {
    return this.sinceStart;
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
    this.sinceStart += milliseconds;
  }

  /** Sets the wall clock back, or on for less than nothing. The time that has passed stays the same. */
  setBack(milliseconds: number): void {
    this.time -= milliseconds;
  }
}
