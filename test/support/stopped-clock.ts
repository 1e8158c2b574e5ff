import { Clock } from '../../src/domain/clock.js';

/** A clock that stands still until it is told to go on. */
export class StoppedClock extends Clock {
  constructor(private time = Date.UTC(2026, 0, 1)) {
    super();
  }

  now(): number {
    return this.time;
  }

  elapsed(): number {
    return this.time;
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
  }
}
