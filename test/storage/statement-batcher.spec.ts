import { jest } from '@jest/globals';
import { ConflictingChanges, StoreUnavailable } from '../../src/domain/oauth-error.js';
import { StoreOverloaded } from '../../src/storage/postgres/waiting-list.js';
import { settled } from './held-reads.js';
import { done, HeldStatements, range, refused } from './held-statements.js';

const limits = { items: 10, underWay: 2 };
const away = new StoreUnavailable('away');

let statements: HeldStatements;

beforeEach(() => {
  statements = new HeldStatements(limits);
});

describe('items of one turn of the event loop', () => {
  it('share one statement, and each caller gets its own answer', async () => {
    const outcomes = statements.add([3, 1, 2]);
    void Promise.resolve().then(() => statements.add([4]));
    process.nextTick(() => statements.add([5]));
    await statements.endAll();
    expect(statements.items).toEqual([[3, 1, 2, 4, 5]]);
    expect(outcomes).toEqual(done([3, 1, 2]));
  });

  it('are split into several statements when they are too many for one', async () => {
    const outcomes = statements.add(range(0, 47));
    await statements.endAll();
    expect(statements.items).toEqual([
      range(0, 10),
      range(10, 20),
      range(20, 30),
      range(30, 40),
      range(40, 47),
    ]);
    expect(outcomes).toEqual(done(range(0, 47)));
  });

  it('are not delayed: a single item is sent at once', async () => {
    const first = statements.add([1]);
    await settled();
    const second = statements.add([2]);
    await settled();
    expect(statements.items).toEqual([[1], [2]]);
    await statements.endAll();
    expect([first, second]).toEqual([done([1]), done([2])]);
  });
});

describe('statements', () => {
  it('are limited in number; items that arrive meanwhile are collected for the next one', async () => {
    const outcomes: unknown[][] = [];
    for (const item of range(0, 6)) {
      outcomes.push(statements.add([item]));
      await settled();
    }
    expect(statements.items).toEqual([[0], [1]]);
    statements.begun[1].commit();
    await settled();
    await settled();
    expect(statements.items).toEqual([[0], [1], [2, 3, 4, 5]]);
    await statements.endAll();
    expect(outcomes.flat()).toEqual(done(range(0, 6)));
  });

  it('are awaited only by the callers whose items they hold', async () => {
    const outcomes = statements.add(range(0, 20));
    await settled();
    await settled();
    statements.begun[1].commit();
    await settled();
    expect(outcomes).toEqual([...Array<string>(10).fill('waiting'), ...done(range(10, 20))]);
    statements.begun[0].commit();
    await settled();
    expect(outcomes).toEqual(done(range(0, 20)));
  });
});

describe('an item that is refused', () => {
  it.each(range(0, 10))('fails for its own caller, and all others are committed once: %i', async (bad) => {
    const outcomes = statements.add(range(0, 10));
    await statements.endAll(bad);
    expect(outcomes).toEqual(range(0, 10).map((item) => (item === bad ? refused : `done ${item}`)));
    const committed = statements.items.filter((items) => !items.includes(bad));
    expect(committed.flat().sort()).toEqual(range(0, 10).filter((item) => item !== bad));
    // The whole batch, then two halves each time.
    expect(statements.begun.length).toBeLessThanOrEqual(1 + 2 * Math.ceil(Math.log2(10)));
  });

  it('fails beside others that are refused', async () => {
    const outcomes = statements.add(range(0, 10));
    await statements.endAll(0, 4, 5, 9);
    expect(outcomes.map((outcome) => outcome === refused)).toEqual(
      range(0, 10).map((item) => [0, 4, 5, 9].includes(item)),
    );
  });

  it('is searched for with one statement at a time, while others go on', async () => {
    const outcomes = statements.add(range(0, 10));
    await settled();
    statements.begun[0].fail(refused);
    await settled();
    const others = statements.add([10, 11]);
    await settled();
    const last = statements.add([12]);
    await settled();
    expect(statements.items).toEqual([range(0, 10), range(0, 5), [10, 11]]);
    await statements.endAll(7);
    expect(outcomes.filter((outcome) => outcome === refused)).toHaveLength(1);
    expect([others, last]).toEqual([done([10, 11]), done([12])]);
  });

  it('leaves room for as many statements as before', async () => {
    for (let round = 0; round < 5; round += 1) {
      statements.add([round]);
      await statements.endAll(round);
    }
    for (const item of range(0, 3)) {
      statements.add([item]);
      await settled();
    }
    expect(statements.items.slice(5)).toEqual([[0], [1]]);
  });
});

describe('a store that is unavailable', () => {
  it('fails all items of a statement, which is not tried again', async () => {
    const outcomes = statements.add(range(0, 10));
    await settled();
    statements.begun[0].fail(away);
    await settled();
    expect(outcomes).toEqual(Array(10).fill(away));
    expect(statements.begun).toHaveLength(1);
  });

  it('fails the items that wait as well: they would only wait as long and fail, too', async () => {
    statements.add(range(0, 20));
    await settled();
    const waiting = statements.add(range(20, 55));
    await settled();
    statements.begun[0].fail(away);
    await settled();
    await settled();
    expect(waiting).toEqual(Array(35).fill(away));
    expect(statements.begun).toHaveLength(2);
  });

  it('fails the items whose statement was about to begin, but none that is added later', async () => {
    statements.add(range(0, 20));
    await settled();
    await settled();
    const waiting = statements.add([20, 21]);
    statements.begun[0].commit();
    // Before the next turn of the event loop, in which their statement would begin.
    await new Promise((resolve) => process.nextTick(resolve));
    statements.begun[1].fail(away);
    await settled();
    expect(waiting).toEqual([away, away]);
    const later = statements.add([22]);
    await statements.endAll();
    expect(later).toEqual(done([22]));
    expect(statements.items.slice(2)).toEqual([[22]]);
  });

  it('fails no item whose half was committed, and none that is added later', async () => {
    const outcomes = statements.add(range(0, 10));
    await settled();
    statements.begun[0].fail(refused);
    await settled();
    statements.begun[1].commit();
    await settled();
    statements.begun[2].fail(away);
    await settled();
    expect(outcomes).toEqual([...done(range(0, 5)), ...Array<unknown>(5).fill(away)]);
    const later = statements.add([10]);
    await statements.endAll();
    expect(later).toEqual(done([10]));
  });
});

describe('a store that cannot keep up', () => {
  const full = (error: unknown) =>
    error instanceof StoreUnavailable && error.cause instanceof StoreOverloaded;
  /** Four rounds of two statements with ten items each. */
  const mostWaiting = 80;

  it('is told of no more items than wait for four rounds; others are refused at once', async () => {
    statements.add(range(0, 20));
    await settled();
    await settled();
    const waiting = statements.add(range(20, 105));
    await settled();
    expect(waiting.slice(0, mostWaiting)).toEqual(Array(mostWaiting).fill('waiting'));
    expect(waiting.slice(mostWaiting).map(full)).toEqual(Array(5).fill(true));
    expect(statements.figures).toEqual({
      name: 'numbers',
      waiting: mostWaiting,
      limit: mostWaiting,
      refused: 5,
    });
    await statements.endAll();
    expect(waiting.slice(0, mostWaiting)).toEqual(done(range(20, 20 + mostWaiting)));
    expect(statements.figures).toEqual({ name: 'numbers', waiting: 0, limit: mostWaiting, refused: 5 });
  });

  it('fails the items of a statement that was refused, and none that waits', async () => {
    statements.add(range(0, 20));
    await settled();
    await settled();
    const waiting = statements.add([20]);
    statements.begun[0].fail(new StoreUnavailable(new StoreOverloaded('read')));
    statements.begun[1].fail(new ConflictingChanges(refused));
    await statements.endAll();
    expect(waiting).toEqual(done([20]));
  });

  describe('by the clock', () => {
    beforeEach(() => {
      jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    });
    afterEach(() => {
      jest.useRealTimers();
    });

    it('gives each statement 1.9 s', async () => {
      jest.advanceTimersByTime(100);
      const now = performance.now();
      statements.add(range(0, 10));
      await settled();
      expect(statements.begun[0].deadline).toEqual({ giveUpAt: now + 1_900, batch: true });
      statements.begun[0].fail(refused);
      jest.advanceTimersByTime(500);
      await settled();
      // The halves are part of the same time.
      expect(statements.begun[1].deadline).toEqual({ giveUpAt: now + 1_900, batch: true });
    });

    it('refuses the items that have waited for a second while it was busy, and takes those that came later', async () => {
      statements.add(range(0, 20));
      await settled();
      await settled();
      const early = statements.add([20]);
      jest.advanceTimersByTime(500);
      const later = statements.add([21]);
      jest.advanceTimersByTime(500);
      statements.begun[0].commit();
      await statements.endAll();
      expect(early.map(full)).toEqual([true]);
      expect(later).toEqual(done([21]));
    });

    it('refuses them as well where its statements began one after the other', async () => {
      statements.add(range(0, 10));
      await settled();
      jest.advanceTimersByTime(900);
      statements.add(range(10, 20));
      await settled();
      const [next, last] = [statements.add(range(20, 30)), statements.add(range(30, 40))];
      jest.advanceTimersByTime(900);
      statements.begun[0].commit();
      await settled();
      await settled();
      jest.advanceTimersByTime(900);
      statements.begun[1].commit();
      await statements.endAll();
      expect(next).toEqual(done(range(20, 30)));
      // They have waited for 1.8 s.
      expect(last.map(full)).toEqual(last.map(() => true));
      expect(last).toHaveLength(10);
    });

    it('refuses no item where only this process was slow', async () => {
      const waiting = statements.add(range(0, 5));
      jest.advanceTimersByTime(3_000);
      await statements.endAll();
      expect(waiting).toEqual(done(range(0, 5)));
    });
  });
});
