import { ClusterUnavailable } from './cluster-errors.js';
import { TooMuchUnderWay } from './errors.js';

/** How many may wait for their turns, for all things together: each of them waits for a deadline at most. */
const mostWaiting = 1_000;

/** Lets those who want the same thing have it one after the other. */
export class Turns {
  /** For each thing, what the next one has to wait for. */
  private readonly last = new Map<string, Promise<void>>();
  private waiting = 0;

  /**
   * Does the work when everybody who asked for the same thing before is done.
   * @param work is told whether it had to wait
   * @throws StoreUnavailable when too many wait already
   */
  async take<Result>(thing: string, work: (waited: boolean) => Promise<Result>): Promise<Result> {
    const before = this.last.get(thing);
    if (before && this.waiting >= mostWaiting) throw new ClusterUnavailable(new TooMuchUnderWay());
    let end = (): void => {};
    const mine = new Promise<void>((resolve) => (end = resolve));
    const last = (before ?? Promise.resolve()).then(() => mine);
    this.last.set(thing, last);
    try {
      await this.wait(before);
      return await work(before !== undefined);
    } finally {
      end();
      if (this.last.get(thing) === last) this.last.delete(thing);
    }
  }

  private async wait(turn: Promise<void> | undefined): Promise<void> {
    this.waiting += 1;
    await turn;
    this.waiting -= 1;
  }
}
