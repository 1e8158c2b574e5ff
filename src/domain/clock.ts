/** What time it is. Everything that depends on time asks this port, so that a test can stop it. */
export abstract class Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  abstract now(): number;
  /** Milliseconds since some moment of this process's: they only go on, whatever the wall clock is set to. */
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
