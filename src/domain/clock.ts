/** The current time. Everything that depends on time uses this port, so that a test can stop the clock. */
export abstract class Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  abstract now(): number;
  /** Milliseconds since some moment of this process. Monotonic: setting the wall clock does not change it. */
  abstract elapsed(): number;
}

/** The clocks of this machine. */
export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }

  elapsed(): number {
    return performance.now();
  }
}
