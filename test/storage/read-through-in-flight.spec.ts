import { ReadThrough } from '../../src/storage/cached/read-through.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { HeldReads, settled } from './held-reads.js';

interface Thing {
  readonly epoch: number;
}

const [older, newer] = [{ epoch: 1 }, { epoch: 2 }];

let feed: RecordedChanges;
let cache: ReadThrough<Thing>;
let held: HeldReads<Thing>;

beforeEach(() => {
  feed = new RecordedChanges();
  cache = new ReadThrough(feed, new StoppedClock(), { entries: 10, maxAgeMs: 30_000 });
  feed.subscribe(() => cache.clear());
  held = new HeldReads();
});

async function find(): Promise<Thing | undefined> {
  return cache.find('key', held.read);
}

/** Starts this many lookups at the same time. */
function finds(count: number): Promise<Thing | undefined>[] {
  return Array.from({ length: count }, find);
}

describe('lookups at the same time', () => {
  it.each([older, undefined])('share one read: %j', async (thing) => {
    const found = finds(100);
    held.begun[0].end(thing);
    expect(await Promise.all(found)).toEqual(Array(100).fill(thing));
    await Promise.all(finds(100));
    expect(held.begun).toHaveLength(1);
  });

  it('all fail with the read that they share, and the failure is not cached', async () => {
    const found = Promise.allSettled(finds(100));
    const reason = new Error('away');
    held.begun[0].fail(reason);
    expect(await found).toEqual(Array(100).fill({ status: 'rejected', reason }));
    const again = find();
    expect(held.begun).toHaveLength(2);
    held.begun[1].end(older);
    expect(await again).toBe(older);
  });

  it('do not wait for the read of another key', async () => {
    const slow = find();
    const other = new HeldReads<Thing>();
    const quick = cache.find('other key', other.read);
    other.begun[0].end(newer);
    expect(await quick).toBe(newer);
    held.begun[0].end(older);
    expect(await slow).toBe(older);
  });
});

describe.each<[string, () => void]>([
  ['dropped', () => cache.drop('key')],
  ['dropped with everything', () => cache.clear()],
])('a read under way that is %s', (_, drop) => {
  it('is neither returned nor cached: the next lookup starts a new one at once, which all callers get', async () => {
    const before = finds(3);
    drop();
    const after = finds(3);
    expect(held.begun).toHaveLength(2);
    held.begun[0].end(older);
    await settled();
    held.begun[1].end(newer);
    expect(await Promise.all([...before, ...after])).toEqual(Array(6).fill(newer));
    expect(await find()).toBe(newer);
    expect(held.begun).toHaveLength(2);
  });

  it('changes nothing when it ends after the new one', async () => {
    const before = find();
    drop();
    const after = find();
    held.begun[1].end(newer);
    expect(await after).toBe(newer);
    held.begun[0].end(older);
    expect(await before).toBe(newer);
    expect(await find()).toBe(newer);
    expect(held.begun).toHaveLength(2);
  });

  it('is repeated for its waiters when there was no later lookup', async () => {
    const before = finds(3);
    drop();
    held.begun[0].end(older);
    await settled();
    expect(held.begun).toHaveLength(2);
    held.begun[1].end(undefined);
    expect(await Promise.all(before)).toEqual(Array(3).fill(undefined));
    expect(await find()).toBeUndefined();
    expect(held.begun).toHaveLength(2);
  });

  it('is repeated once more when it is dropped again', async () => {
    const before = find();
    drop();
    held.begun[0].end(older);
    await settled();
    drop();
    held.begun[1].end(older);
    await settled();
    held.begun[2].end(newer);
    expect(await before).toBe(newer);
    expect(await find()).toBe(newer);
    expect(held.begun).toHaveLength(3);
  });

  it('fails for its own waiters only', async () => {
    const before = Promise.allSettled(finds(3));
    drop();
    const after = find();
    const reason = new Error('away');
    held.begun[0].fail(reason);
    expect(await before).toEqual(Array(3).fill({ status: 'rejected', reason }));
    held.begun[1].end(newer);
    expect(await after).toBe(newer);
    expect(await find()).toBe(newer);
  });
});

describe('a read under way while values are added', () => {
  it('is used if it has found the value', async () => {
    const before = finds(3);
    cache.dropMissing();
    const after = finds(3);
    held.begun[0].end(older);
    expect(await Promise.all([...before, ...after])).toEqual(Array(6).fill(older));
    expect(await find()).toBe(older);
    expect(held.begun).toHaveLength(1);
  });

  it('is repeated, once for all waiters, if the value was missing', async () => {
    const before = finds(3);
    cache.dropMissing();
    const after = finds(3);
    held.begun[0].end(undefined);
    await settled();
    const late = find();
    expect(held.begun).toHaveLength(2);
    held.begun[1].end(newer);
    expect(await Promise.all([...before, ...after, late])).toEqual(Array(7).fill(newer));
    expect(await find()).toBe(newer);
    expect(held.begun).toHaveLength(2);
  });

  it('is repeated again if more values are added meanwhile', async () => {
    const before = find();
    for (let read = 0; read < 3; read += 1) {
      cache.dropMissing();
      held.begun[read].end(undefined);
      await settled();
    }
    held.begun[3].end(undefined);
    expect(await before).toBeUndefined();
    expect(await find()).toBeUndefined();
    expect(held.begun).toHaveLength(4);
  });
});

describe('a time in which changes are not received', () => {
  function recover(): void {
    feed.announce('everything');
    feed.current = true;
  }

  it('prevents the caching of a read that ends in it', async () => {
    const before = find();
    feed.current = false;
    held.begun[0].end(older);
    expect(await before).toBe(older);
    recover();
    void find();
    expect(held.begun).toHaveLength(2);
  });

  it.each(['before it', 'in it'])(
    'prevents the caching of a read that begins %s and ends after it',
    async (when) => {
      feed.current = when === 'before it';
      const before = find();
      feed.current = false;
      recover();
      const after = find();
      expect(held.begun).toHaveLength(2);
      held.begun[0].end(older);
      await settled();
      held.begun[1].end(newer);
      expect([await before, await after]).toEqual([when === 'before it' ? newer : older, newer]);
      expect(await find()).toBe(newer);
      expect(held.begun).toHaveLength(2);
    },
  );

  it('lets no lookup share a read that began before it', async () => {
    const before = find();
    feed.current = false;
    const within = find();
    expect(held.begun).toHaveLength(2);
    held.begun[0].end(older);
    held.begun[1].end(newer);
    expect([await before, await within]).toEqual([older, newer]);
  });
});
