/** A read under way, which ends when a test says so. */
export interface HeldRead<Value> {
  end(value: Value | undefined): void;
  fail(error: unknown): void;
}

/** Reads that a test begins through a cache and ends by hand. */
export class HeldReads<Value> {
  /** Every read so far, in the order in which they began. */
  readonly begun: HeldRead<Value>[] = [];

  readonly read = (): Promise<Value | undefined> =>
    new Promise((end, fail) => {
      this.begun.push({ end, fail });
    });
}

/** Resolves after every microtask and immediate that is pending has run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
