import { StoreUnavailable } from '../../domain/oauth-error.js';

/** An item whose caller waits for its result. */
interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** How many items and statements there may be. */
export interface BatcherLimits {
  /** The most items of one statement. */
  readonly items: number;
  /** The most statements at once; items that arrive meanwhile wait for the next one. */
  readonly underWay: number;
}

/**
 * Collects the items of one turn of the event loop into one statement. Each caller gets the result of its own item
 * when the statement has been committed.
 */
export class StatementBatcher<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private underWay = 0;
  private scheduled = false;

  /** @param run one statement for some items: their results in the same order, or an error for all of them */
  constructor(
    private readonly run: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly limits: BatcherLimits,
  ) {}

  /**
   * Adds an item to the next statement.
   * @throws StoreUnavailable when the store is unavailable to that statement, or to one that runs before it
   */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.scheduled || this.underWay >= this.limits.underWay || this.waiting.length === 0) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      const batch = this.waiting.splice(0, this.limits.items);
      if (batch.length === 0) return;
      this.underWay += 1;
      void this.settle(batch).then(() => {
        this.underWay -= 1;
        this.schedule();
      });
      this.schedule();
    });
  }

  /** Never rejects. If one item may have caused the error, each half is run again, so that only it fails. */
  private async settle(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.run(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(results[index]));
    } catch (error) {
      if (error instanceof StoreUnavailable) {
        // The waiting items would wait as long and then fail, too.
        for (const { reject } of [...batch, ...this.waiting.splice(0)]) reject(error);
      } else if (batch.length === 1) {
        batch[0].reject(error);
      } else {
        const middle = Math.ceil(batch.length / 2);
        await this.settle(batch.slice(0, middle));
        await this.settle(batch.slice(middle));
      }
    }
  }
}
