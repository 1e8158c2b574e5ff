import type { Deadline } from '../../src/storage/postgres/connection-shares.js';
import type { WaitingFigures } from '../../src/storage/postgres/waiting-list.js';
import { StatementBatcher, type BatcherLimits } from '../../src/storage/postgres/statement-batcher.js';
import { settled } from './held-reads.js';

/** The error of a statement with a refused item. */
export const refused = new Error('refused');

/** A statement under way, which a test ends: with an answer for each of its items, or an error. */
interface Statement {
  readonly items: readonly number[];
  readonly deadline: Deadline;
  readonly commit: () => void;
  readonly fail: (error: unknown) => void;
}

/** A batcher of numbers, whose statements a test ends. */
export class HeldStatements {
  /** Every statement so far. */
  readonly begun: Statement[] = [];
  private readonly batch: StatementBatcher<number, string>;

  constructor(limits: BatcherLimits) {
    this.batch = new StatementBatcher(
      'numbers',
      (items, deadline) =>
        new Promise((resolve, fail) => {
          this.begun.push({ items, deadline, commit: () => resolve(done(items)), fail });
        }),
      limits,
    );
  }

  get figures(): WaitingFigures {
    return this.batch.figures;
  }

  /** The items of every statement so far. */
  get items(): (readonly number[])[] {
    return this.begun.map(({ items }) => items);
  }

  /** Adds items. Each returned entry is `waiting` until it becomes the item's answer or error. */
  add(items: readonly number[]): unknown[] {
    const outcomes: unknown[] = items.map(() => 'waiting');
    items.forEach((item, index) => {
      this.batch.add(item).then(
        (answer) => (outcomes[index] = answer),
        (error: unknown) => (outcomes[index] = error),
      );
    });
    return outcomes;
  }

  /** Ends all statements, also those that begin meanwhile. One with any of these items is refused. */
  async endAll(...bad: readonly number[]): Promise<void> {
    for (let ended = 0; ; ended += 1) {
      await settled();
      await settled();
      if (ended === this.begun.length) return;
      const { items, commit, fail } = this.begun[ended];
      if (items.some((item) => bad.includes(item))) fail(refused);
      else commit();
    }
  }
}

/** The answers to some items. */
export function done(items: readonly number[]): string[] {
  return items.map((item) => `done ${item}`);
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
