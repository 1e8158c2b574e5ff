/** Lets those who want the same thing have it one after the other. */
export class Turns {
  /** For each thing, what the next one has to wait for. */
  private readonly last = new Map<string, Promise<void>>();

  /**
   * Does the work when everybody who asked for the same thing before is done.
   * @param work is told whether it had to wait
   */
  async take<Result>(thing: string, work: (waited: boolean) => Promise<Result>): Promise<Result> {
    const before = this.last.get(thing);
    let end = (): void => {};
    const mine = new Promise<void>((resolve) => (end = resolve));
    const last = (before ?? Promise.resolve()).then(() => mine);
    this.last.set(thing, last);
    try {
      await before;
      return await work(before !== undefined);
    } finally {
      end();
      if (this.last.get(thing) === last) this.last.delete(thing);
    }
  }
}
