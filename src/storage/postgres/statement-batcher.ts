import { StoreUnavailable } from '../../domain/oauth-error.js';

/** One who waits for what becomes of an item. */
interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** How batches are made. */
export interface BatcherLimits {
  /** Most items of one statement. */
  readonly items: number;
  /** Most statements under way at once; what comes meanwhile makes up the next. */
  readonly underWay: number;
}

/**
 * Gathers what is asked for in one turn of the event loop into one statement. Each asker hears of its own item
 * when that statement has been committed.
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

  /** What becomes of an item. Where the store is unavailable to a statement, it is to all that wait for the next. */
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

  /** Never rejects. What may be the fault of one item alone is found out by halves, so that no other suffers for it. */
  private async settle(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.run(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(results[index]));
    } catch (error) {
      if (error instanceof StoreUnavailable) {
        // Whoever waits behind it would only wait as long once more.
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
