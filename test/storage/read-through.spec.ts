import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import { type Demand, ReadThrough } from '../../src/storage/cached/read-through.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { StoppedClock } from '../support/stopped-clock.js';

const second = 1000;
const limits = { entries: 3, maxAgeMs: 30 * second };

/** How long a missing entry is cached, in milliseconds. */
const absentMs = 5 * second;

/** How many missing entries are cached. */
const absentEntries = 10_000;

interface Thing {
  readonly name: string;
  readonly reading: number;
}

let feed: RecordedChanges;
let clock: StoppedClock;
let cache: ReadThrough<Thing>;
/** Names of the things that exist. */
let stored: Set<string>;
let reads: string[];
let away: boolean;

beforeEach(() => {
  feed = new RecordedChanges();
  clock = new StoppedClock();
  cache = new ReadThrough(feed, clock, limits);
  stored = new Set(['a', 'b', 'c', 'd', 'e']);
  reads = [];
  away = false;
});

/** Looks up a thing, whose `reading` is the number of reads so far. */
async function find(name: string, demand?: Demand<Thing>): Promise<Thing | undefined> {
  const read = async () => {
    reads.push(name);
    if (away) throw new StoreUnavailable('away');
    return stored.has(name) ? { name, reading: reads.length } : undefined;
  };
  return cache.find(name, read, demand);
}

/** Accepts no cached entry. */
const never: Demand<Thing> = { reached: 0, accepts: () => false };

async function findAll(names: Iterable<string>): Promise<void> {
  for (const name of names) await find(name);
}

/** Looks up these names of one character each, and returns the ones that had to be read. */
async function readAnew(names: string): Promise<string> {
  reads = [];
  await findAll(names);
  return reads.join('');
}

describe('an entry that exists', () => {
  it('is read once, and returned to all later callers', async () => {
    const first = await find('a');
    expect(first).toEqual({ name: 'a', reading: 1 });
    for (let count = 0; count < 10; count += 1) expect(await find('a')).toBe(first);
    expect(reads).toEqual(['a']);
  });

  it('is cached up to its maximum age, counted from the beginning of the read', async () => {
    await cache.find('a', async () => {
      clock.advance(2 * second);
      return { name: 'a', reading: 0 };
    });
    clock.advance(limits.maxAgeMs - 2 * second - 1);
    expect(await readAnew('a')).toBe('');
    clock.advance(1);
    expect(await readAnew('a')).toBe('a');
    clock.advance(limits.maxAgeMs - 1);
    expect(await readAnew('a')).toBe('');
  });

  it('is evicted when others are added, the least recently used one first', async () => {
    await findAll('abc');
    await findAll('a');
    expect(await readAnew('d')).toBe('d');
    expect(await readAnew('acd')).toBe('');
    expect(await readAnew('b')).toBe('b');
    expect(await readAnew('a')).toBe('a');
  });

  it('is dropped alone, or with everything', async () => {
    await findAll('abc');
    cache.drop('a');
    expect(await readAnew('abc')).toBe('a');
    cache.clear();
    expect(await readAnew('abc')).toBe('abc');
  });
});

it('a cache takes memory as it is filled, not for all entries that it might have', () => {
  const used = () => process.memoryUsage().heapUsed + process.memoryUsage().external;
  const before = used();
  const large = new ReadThrough<Thing>(feed, clock, { ...limits, entries: 10_000_000 });
  expect(used() - before).toBeLessThan(10_000_000);
  expect(large.statistics('thing').entriesMax).toBe(10_000_000);
});

describe('a missing entry', () => {
  it('is cached for 5 s from the beginning of the read, not longer', async () => {
    await cache.find('x', async () => {
      clock.advance(second);
      return undefined;
    });
    clock.advance(absentMs - second - 1);
    expect(await find('x')).toBeUndefined();
    expect(reads).toEqual([]);
    clock.advance(1);
    expect(await readAnew('xx')).toBe('x');
  });

  it('does not evict an entry that exists', async () => {
    await findAll('abc');
    await findAll(Array.from({ length: 100 }, (_, i) => `x${i}`));
    expect(await readAnew('abc')).toBe('');
  });

  it('is dropped with all others of its kind, when values were added; entries that exist stay', async () => {
    await findAll('abx');
    cache.dropMissing();
    expect(await readAnew('abx')).toBe('x');
  });

  it('is evicted when there are too many, the least recently used one first', async () => {
    const names = Array.from({ length: absentEntries + 1 }, (_, i) => `x${i}`);
    await findAll(names);
    reads = [];
    await findAll(names.slice(1));
    expect(reads).toEqual([]);
    await find(names[0]);
    expect(reads).toEqual([names[0]]);
  });

  it('is dropped alone, or with everything, and then found if it exists', async () => {
    await findAll('xy');
    stored.add('x').add('y');
    expect(await find('x')).toBeUndefined();
    cache.drop('x');
    expect(await find('x')).toEqual({ name: 'x', reading: 3 });
    expect(await find('y')).toBeUndefined();
    cache.clear();
    expect(await find('y')).toEqual({ name: 'y', reading: 4 });
  });

  it('replaces a cached value when a caller that rejects the value has it read again', async () => {
    await find('a');
    stored.delete('a');
    expect(await find('a')).toBeDefined();
    expect(await find('a', never)).toBeUndefined();
    expect(await find('a')).toBeUndefined();
    expect(reads).toEqual(['a', 'a']);
  });

  it('is replaced by a value when a caller that rejects the absence has it read again', async () => {
    await find('x');
    stored.add('x');
    expect(await find('x')).toBeUndefined();
    expect(await find('x', never)).toBeDefined();
    await findAll('abc');
    expect(await find('x')).toBeDefined();
  });
});

describe('a read that fails', () => {
  it('fails for its caller, and is not cached', async () => {
    away = true;
    await expect(find('a')).rejects.toThrow(StoreUnavailable);
    await expect(find('x')).rejects.toThrow(StoreUnavailable);
    away = false;
    expect(await readAnew('axax')).toBe('ax');
  });

  it('does not make a cached entry usable that is too old', async () => {
    await find('a');
    clock.advance(limits.maxAgeMs);
    away = true;
    await expect(find('a')).rejects.toThrow(StoreUnavailable);
    await expect(find('a')).rejects.toThrow(StoreUnavailable);
  });
});

describe('while changes are not received', () => {
  it('each lookup reads for itself, and nothing is cached', async () => {
    await findAll('ax');
    feed.current = false;
    expect(await readAnew('aaxx')).toBe('aaxx');
    expect(await readAnew('bb')).toBe('bb');
    cache.clear();
    feed.current = true;
    expect(await readAnew('abxabx')).toBe('abx');
  });

  it('lookups at the same time do not share a read', async () => {
    feed.current = false;
    const found = await Promise.all([find('a'), find('a'), find('a')]);
    expect(found.map((thing) => thing?.reading)).toEqual([1, 2, 3]);
  });
});
