import type { ChangeFeed } from '../../domain/change-feed.js';
import type { Clock } from '../../domain/clock.js';
import type { MaybePromise } from '../../domain/maybe-promise.js';
import type { CacheStatistics } from '../../observability/cache-statistics.js';
import { RecentEntry, RecentlyUsed } from './recently-used.js';

/** How much is cached, and for how long. */
export interface CacheLimits {
  /** The most entries; the least recently used one is evicted first. */
  readonly entries: number;
  /** After so many milliseconds an entry is read again, even if no change of it was received. */
  readonly maxAgeMs: number;
}

/**
 * A missing entry is cached for a shorter time, because somebody may add it, and in a cache of its own:
 * guessed keys must not evict stored entries.
 */
const absentLimits: CacheLimits = { entries: 10_000, maxAgeMs: 5_000 };

/**
 * Keys of missing entries come from callers, except where an epoch is known: that comes from a stored token. Longer keys
 * of callers than this, in characters, are not cached.
 */
const longestAbsentKey = 512;

/** A cached entry. */
export class Kept<Value> extends RecentEntry {
  /** When its read began, by the clock's `elapsed`, in whole milliseconds: a number with a fraction costs an object. */
  readonly readAt: number;

  constructor(
    key: string,
    readonly value: Value,
    readAt: number,
    /** The epoch that it was known to have reached when its read began; 0 where none was known. */
    readonly reached: number,
  ) {
    super(key);
    this.readAt = Math.floor(readAt);
  }
}

/** Reads one value from the store; undefined when it is missing there. */
type Read<Value> = () => MaybePromise<Value | undefined>;

/** What a caller knows of the version of a value that it looks up. */
export interface Demand<Value> {
  /** An epoch that the value has reached; 0 where none is known. */
  readonly reached: number;
  /**
   * Whether a value that was read earlier may be returned.
   * @param reached the epoch that was known to be reached before it was read
   */
  accepts(value: Value | undefined, reached: number): boolean;
}

/** A read under way. */
interface UnderWay<Value> {
  readonly value: Promise<Value | undefined>;
  /** As of `Kept`. */
  readonly reached: number;
}

/**
 * Caches what was read, as long as the change feed receives every change. A caller that asks for something
 * that is being read waits for that read. If the entry is dropped meanwhile, it is read once more for all
 * waiters.
 */
export class ReadThrough<Value extends object> {
  private readonly present: RecentlyUsed<Kept<Value>>;
  private readonly absent: RecentlyUsed<Kept<undefined>>;
  /** The reads under way whose results may be returned and cached; one that is no longer listed is stale. */
  private readonly reads = new Map<string, UnderWay<Value>>();
  /** How often values were added to the store. */
  private additions = 0;
  private hits = 0;
  private misses = 0;
  private joined = 0;

  constructor(
    private readonly feed: ChangeFeed,
    private readonly clock: Clock,
    private readonly limits: CacheLimits,
  ) {
    this.present = new RecentlyUsed(limits.entries);
    this.absent = new RecentlyUsed(absentLimits.entries);
  }

  /**
   * What is cached, entries of missing values not included, and how the lookups went. An entry that is dropped while
   * it is read is looked up again, and counted again.
   */
  statistics(cache: string): CacheStatistics {
    const { hits, misses, joined } = this;
    return { cache, entries: this.present.size, entriesMax: this.limits.entries, hits, misses, joined };
  }

  /** The cached entry of this key, if it may be used now; its value is undefined where nothing is stored. */
  copyOf(key: string): Kept<Value | undefined> | undefined {
    const copy = this.usable(key);
    if (copy) this.hits += 1;
    return copy;
  }

  /** Finds the value of this key in the cache, or reads it. */
  find(key: string, read: Read<Value>, demand: Demand<Value> = anyVersion): MaybePromise<Value | undefined> {
    const copy = this.usable(key);
    if (!copy || !demand.accepts(copy.value, copy.reached)) return this.read(key, read, demand);
    this.hits += 1;
    return copy.value;
  }

  /** Reads the value of this key, or waits for a read that is under way. */
  async read(key: string, read: Read<Value>, demand: Demand<Value> = anyVersion): Promise<Value | undefined> {
    if (!this.feed.isCurrent(this.clock.elapsed())) {
      this.misses += 1;
      return read();
    }
    const underWay = this.reads.get(key);
    if (underWay) {
      const value = await underWay.value;
      if (demand.accepts(value, underWay.reached)) {
        this.joined += 1;
        return value;
      }
    }
    // The first waiter starts a new read; the others join it. It began after all of them had asked.
    const begun = this.reads.get(key);
    if (begun) this.joined += 1;
    else this.misses += 1;
    return begun?.value ?? this.begin(key, read, demand.reached);
  }

  /** Drops an entry. The result of a read of it that is under way is not used either. */
  drop(key: string): void {
    this.present.delete(key);
    this.absent.delete(key);
    this.reads.delete(key);
  }

  /** Drops every entry of a missing value. The result of a read under way is not used either if the value was missing. */
  dropMissing(): void {
    this.absent.clear();
    this.additions += 1;
  }

  /** Drops every entry, and the result of every read under way. */
  clear(): void {
    this.present.clear();
    this.absent.clear();
    this.reads.clear();
  }

  private usable(key: string): Kept<Value | undefined> | undefined {
    const now = this.clock.elapsed();
    if (!this.feed.isCurrent(now)) return undefined;
    const present = this.present.get(key);
    if (present && now - present.readAt < this.limits.maxAgeMs) return present;
    const absent = this.absent.get(key);
    return absent && now - absent.readAt < absentLimits.maxAgeMs ? absent : undefined;
  }

  private begin(key: string, read: Read<Value>, reached: number): Promise<Value | undefined> {
    const value = this.load(key, read, reached, () => this.reads.get(key)?.value === value);
    this.reads.set(key, { value, reached });
    return value;
  }

  private async load(
    key: string,
    read: Read<Value>,
    reached: number,
    isListed: () => boolean,
  ): Promise<Value | undefined> {
    const readAt = this.clock.elapsed();
    const { additions } = this;
    try {
      const value = await read();
      // Its waiters get the result of another read.
      if (value === undefined && additions !== this.additions && isListed()) this.reads.delete(key);
      if (!isListed()) return await this.find(key, read, { ...anyVersion, reached });
      if (this.feed.isCurrent(this.clock.elapsed())) this.keep(key, value, readAt, reached);
      return value;
    } finally {
      if (isListed()) this.reads.delete(key);
    }
  }

  private keep(key: string, value: Value | undefined, readAt: number, reached: number): void {
    // A text that was sliced from a request keeps the whole request in memory; a copy of the text does not.
    const ownKey = Buffer.from(key).toString();
    if (value) {
      this.present.add(new Kept(ownKey, value, readAt, reached));
      this.absent.delete(key);
    } else {
      this.present.delete(key);
      if (reached > 0 || key.length <= longestAbsentKey) {
        this.absent.add(new Kept(ownKey, undefined, readAt, reached));
      }
    }
  }
}

const anyVersion = { reached: 0, accepts: () => true };
