import { StoreUnavailable } from '../../domain/oauth-error.js';

/** Longest wait for a turn, in milliseconds. */
export const waitMs = 1_000;

/** How much of the average a new turn makes up. */
const weightOfLast = 0.2;

/** So much is asked of the store that one more would not be answered in time. */
export class StoreOverloaded extends Error {
  /** @param code the list that is full, for the log */
  constructor(readonly code: string) {
    super('Too many wait for the store already.');
    this.name = 'StoreOverloaded';
  }
}

/** What waits in a list, and what it has refused. */
export interface WaitingFigures {
  /** What waits there: `read`, `find_access_tokens`. */
  readonly name: string;
  readonly waiting: number;
  /** The most entries. */
  readonly limit: number;
  /** Entries that were refused at once, and those that have waited in vain. It grows only. */
  readonly refused: number;
}

/** Entries that wait for their turn, the oldest first. It is bounded in length and, by its user, in time. */
export class WaitingList<Entry> {
  /** When each entry came, by `performance.now()`, in the order in which they came. */
  private readonly entries = new Map<Entry, number>();
  private refused = 0;
  /** How long turns have taken lately, on average, in milliseconds. */
  private turnMs = 0;

  /**
   * @param limit the most entries
   * @param atOnce how many entries have their turn at the same time
   */
  constructor(
    private readonly name: string,
    private readonly limit: number,
    private readonly atOnce: number,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  get figures(): WaitingFigures {
    const { name, size, limit, refused } = this;
    return { name, waiting: size, limit, refused };
  }

  /** When the oldest entry came; undefined where there is none. */
  get oldest(): number | undefined {
    for (const since of this.entries.values()) return since;
    return undefined;
  }

  /** @throws StoreUnavailable when too many wait already, or so many that it would wait in vain */
  add(entry: Entry): void {
    const { size, limit, turnMs, atOnce } = this;
    const expectedMs = (turnMs * (size + 1)) / atOnce;
    if (size >= limit || expectedMs > waitMs) throw this.overloaded();
    this.entries.set(entry, performance.now());
  }

  /** Adds an entry that has waited in another list, and is one of a few. */
  insist(entry: Entry): void {
    this.entries.set(entry, performance.now());
  }

  /** Says how long a turn has taken: from that it knows how long a new entry would wait. */
  took(milliseconds: number): void {
    this.turnMs += weightOfLast * (milliseconds - this.turnMs);
  }

  /** Takes the oldest entries out of the list. */
  take(most: number): Entry[] {
    const taken: Entry[] = [];
    for (const entry of this.entries.keys()) {
      if (taken.length === most) break;
      taken.push(entry);
      this.entries.delete(entry);
    }
    return taken;
  }

  /** Takes the entries out of the list that have waited for too long. */
  takeLate(): Entry[] {
    const now = performance.now();
    let late = 0;
    for (const since of this.entries.values()) {
      if (now - since < waitMs) break;
      late += 1;
    }
    return this.take(late);
  }

  /** Takes one entry out of the list, wherever it stands. */
  remove(entry: Entry): void {
    this.entries.delete(entry);
  }

  /** The error of an entry that is refused or has waited in vain; it is counted. */
  overloaded(): StoreUnavailable {
    this.refused += 1;
    return new StoreUnavailable(new StoreOverloaded(this.name));
  }
}
