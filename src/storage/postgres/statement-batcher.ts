import { ConflictingChanges, StoreUnavailable } from '../../domain/oauth-error.js';
import type { Deadline } from './connection-shares.js';
import { StoreOverloaded, type WaitingFigures, WaitingList, waitMs } from './waiting-list.js';

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
 * So many rounds of statements may wait. Where a round takes so long that they would not all have their turn in time,
 * fewer may.
 */
const waitingRounds = 4;

/** Longest time for the statements of one batch, in milliseconds; with the wait for them it stays below 3 s. */
const runMs = 1_900;

/**
 * Runs one statement for some items.
 * @returns the items' results in the same order
 * @throws an error that counts for all items
 */
export type Run<Item, Result> = (items: readonly Item[], deadline: Deadline) => Promise<readonly Result[]>;

/**
 * Collects the items of one turn of the event loop into one statement. Each caller gets the result of its own item
 * when the statement has been committed, or an error within 3 s.
 */
export class StatementBatcher<Item, Result> {
  private readonly waiting: WaitingList<Waiting<Item, Result>>;
  private underWay = 0;
  private scheduled = false;
  /** Since when, by `performance.now()`, there have been as many statements at once as there may be, one after the other. */
  private fullSince = Infinity;

  /** @param name what the items wait for, in the metrics */
  constructor(
    name: string,
    private readonly run: Run<Item, Result>,
    private readonly limits: BatcherLimits,
  ) {
    const atOnce = limits.items * limits.underWay;
    this.waiting = new WaitingList(name, waitingRounds * atOnce, atOnce);
  }

  get figures(): WaitingFigures {
    return this.waiting.figures;
  }

  /**
   * Adds an item to the next statement.
   * @throws StoreUnavailable when too many items wait, and when the store is unavailable to that statement, or to one
   *   that runs before it
   */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.add({ item, resolve, reject });
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.scheduled || this.underWay >= this.limits.underWay || this.waiting.size === 0) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      // Every statement under way is over within `runMs`, so this is in time. Where only this process was slow, nobody
      // would be helped.
      const now = performance.now();
      const late = now - this.fullSince >= waitMs ? this.waiting.takeLate() : [];
      for (const { reject } of late) reject(this.waiting.overloaded());
      const batch = this.waiting.take(this.limits.items);
      if (batch.length === 0) return;
      this.underWay += 1;
      this.fullSince = this.underWay === this.limits.underWay ? Math.min(this.fullSince, now) : Infinity;
      void this.settle(batch, { giveUpAt: now + runMs, batch: true }).then(() => {
        this.underWay -= 1;
        if (this.waiting.size === 0) this.fullSince = Infinity;
        this.waiting.took(performance.now() - now);
        this.schedule();
      });
      this.schedule();
    });
  }

  /** Never rejects. If one item may have caused the error, each half is run again, so that only it fails. */
  private async settle(batch: readonly Waiting<Item, Result>[], deadline: Deadline): Promise<void> {
    try {
      const results = await this.run(
        batch.map(({ item }) => item),
        deadline,
      );
      batch.forEach(({ resolve }, index) => resolve(results[index]));
    } catch (error) {
      if (error instanceof StoreUnavailable) {
        // Where the store is away, the waiting items would wait as long and then fail, too.
        const others = isAway(error) ? this.waiting.take(Infinity) : [];
        for (const { reject } of [...batch, ...others]) reject(error);
      } else if (batch.length === 1) {
        batch[0].reject(error);
      } else {
        const middle = Math.ceil(batch.length / 2);
        await this.settle(batch.slice(0, middle), deadline);
        await this.settle(batch.slice(middle), deadline);
      }
    }
  }
}

/** Whether the store would not answer others, either. */
function isAway(error: StoreUnavailable): boolean {
  return !(error instanceof ConflictingChanges || error.cause instanceof StoreOverloaded);
}
