import { LRUCache } from 'lru-cache';
import type { ChangeFeed } from '../../domain/change-feed.js';
import type { Clock } from '../../domain/clock.js';

/** How much is kept, and for how long. */
export interface CacheLimits {
  /** Entries; the one that has not been asked for longest goes first. */
  readonly entries: number;
  /** After so many milliseconds an entry is read anew, whatever was heard of it. */
  readonly maxAgeMs: number;
}

/** What is known not to be there is kept for less: somebody else may add it, and guesses must not push out what is there. */
const absentLimits: CacheLimits = { entries: 10_000, maxAgeMs: 5_000 };

interface Kept<Value> {
  readonly value: Value;
  /** When its read began, by the clock's `elapsed`. */
  readonly readAt: number;
}

/** Reads one thing from where it is stored; undefined when it is not there. */
type Read<Value> = () => Promise<Value | undefined>;

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

  /**
   * What is stored under this key.
   * @param acceptable whether something read before will do; what is read from now on will in any case
   */
  async find(
    key: string,
    read: Read<Value>,
    acceptable: (copy: Value | undefined) => boolean = always,
  ): Promise<Value | undefined> {
    const now = this.clock.elapsed();
    if (!this.feed.isCurrent(now)) return read();
    const copy = this.copyOf(key, now);
    if (copy && acceptable(copy.value)) return copy.value;
    const underWay = this.reads.get(key);
    if (underWay) {
      const value = await underWay;
      if (acceptable(value)) return value;
    }
    return this.begin(key, read);
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

  private copyOf(key: string, now: number): Kept<Value | undefined> | undefined {
    const present = this.present.get(key);
    if (present && now - present.readAt < this.limits.maxAgeMs) return present;
    const absent = this.absent.get(key);
    return absent && now - absent.readAt < absentLimits.maxAgeMs ? absent : undefined;
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
    if (value) {
      this.present.set(key, { value, readAt });
      this.absent.delete(key);
    } else {
      this.present.delete(key);
      this.absent.set(key, { value, readAt });
    }
  }
}

function always(): boolean {
  return true;
}
