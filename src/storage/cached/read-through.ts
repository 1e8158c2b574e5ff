import { LRUCache } from 'lru-cache';
import type { ChangeFeed } from '../../domain/change-feed.js';
import type { Clock } from '../../domain/clock.js';
import type { MaybePromise } from '../../domain/maybe-promise.js';

/** How much is kept, and for how long. */
export interface CacheLimits {
  /** Entries; the one that has not been asked for longest goes first. */
  readonly entries: number;
  /** After so many milliseconds an entry is read anew, whatever was heard of it. */
  readonly maxAgeMs: number;
}

/** What is known not to be there is kept for less: somebody else may add it, and guesses must not push out what is there. */
const absentLimits: CacheLimits = { entries: 10_000, maxAgeMs: 5_000 };

/** Anybody can ask for what is not there, by any name; a longer one, in characters, is not remembered. */
const longestAbsentKey = 512;

/** A copy. */
export interface Kept<Value> {
  readonly value: Value;
  /** When its read began, by the clock's `elapsed`. */
  readonly readAt: number;
}

/** Reads one thing from where it is stored; undefined when it is not there. */
type Read<Value> = () => MaybePromise<Value | undefined>;

/** Whether something that was read before will do. */
type Acceptable<Value> = (value: Value | undefined) => boolean;

/**
 * Keeps copies of what was read, as long as the change feed hears of every change. Who asks for something that is
 * being read waits for that read; if it is dropped meanwhile, it is read once more for all of them.
 */
export class ReadThrough<Value extends object> {
  private readonly present: LRUCache<string, Kept<Value>>;
  private readonly absent: LRUCache<string, Kept<undefined>>;
  /** The reads under way whose results may be given out and kept; one that is not listed any more is stale. */
  private readonly reads = new Map<string, Promise<Value | undefined>>();

  constructor(
    private readonly feed: ChangeFeed,
    private readonly clock: Clock,
    private readonly limits: CacheLimits,
  ) {
    this.present = new LRUCache({ max: limits.entries });
    this.absent = new LRUCache({ max: absentLimits.entries });
  }

  /** The copy under this key that may be used now, if there is one: of what is stored, or of nothing. */
  copyOf(key: string): Kept<Value | undefined> | undefined {
    const now = this.clock.elapsed();
    if (!this.feed.isCurrent(now)) return undefined;
    const present = this.present.get(key);
    if (present && now - present.readAt < this.limits.maxAgeMs) return present;
    const absent = this.absent.get(key);
    return absent && now - absent.readAt < absentLimits.maxAgeMs ? absent : undefined;
  }

  /**
   * What is stored under this key: by a copy of it, or read.
   * @param acceptable whether something read before will do
   */
  find(
    key: string,
    read: Read<Value>,
    acceptable: Acceptable<Value> = always,
  ): MaybePromise<Value | undefined> {
    const copy = this.copyOf(key);
    return copy && acceptable(copy.value) ? copy.value : this.read(key, read, acceptable);
  }

  /**
   * What is stored under this key, read for this asker or for one just before.
   * @param acceptable whether what was read for another will do; what is read from now on will in any case
   */
  async read(
    key: string,
    read: Read<Value>,
    acceptable: Acceptable<Value> = always,
  ): Promise<Value | undefined> {
    if (!this.feed.isCurrent(this.clock.elapsed())) return read();
    const underWay = this.reads.get(key);
    if (underWay) {
      const value = await underWay;
      if (acceptable(value)) return value;
    }
    // Of all who waited in vain the first reads anew: that read has begun after each of them had asked.
    return this.reads.get(key) ?? this.begin(key, read);
  }

  /** Forgets a copy, and lets no read of it that is under way be used. */
  drop(key: string): void {
    this.present.delete(key);
    this.absent.delete(key);
    this.reads.delete(key);
  }

  /** Forgets every copy, likewise. */
  clear(): void {
    this.present.clear();
    this.absent.clear();
    this.reads.clear();
  }

  private begin(key: string, read: Read<Value>): Promise<Value | undefined> {
    const result = this.load(key, read, () => this.reads.get(key) === result);
    this.reads.set(key, result);
    return result;
  }

  private async load(key: string, read: Read<Value>, isListed: () => boolean): Promise<Value | undefined> {
    const readAt = this.clock.elapsed();
    try {
      const value = await read();
      if (!isListed()) return await this.find(key, read);
      if (this.feed.isCurrent(this.clock.elapsed())) this.keep(key, value, readAt);
      return value;
    } finally {
      if (isListed()) this.reads.delete(key);
    }
  }

  private keep(key: string, value: Value | undefined, readAt: number): void {
    // A text that was cut out of a request keeps the whole request in memory; a copy of it does not.
    const ownKey = Buffer.from(key).toString();
    if (value) {
      this.present.set(ownKey, { value, readAt });
      this.absent.delete(key);
    } else {
      this.present.delete(key);
      if (key.length <= longestAbsentKey) this.absent.set(ownKey, { value, readAt });
    }
  }
}

function always(): boolean {
  return true;
}
