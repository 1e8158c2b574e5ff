import { ReadThrough } from '../../src/storage/cached/read-through.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { StoppedClock } from '../support/stopped-clock.js';

interface Thing {
  readonly text: string;
}

describe('the statistics of a cache', () => {
  let feed: RecordedChanges;
  let cache: ReadThrough<Thing>;

  beforeEach(() => {
    feed = new RecordedChanges();
    cache = new ReadThrough(feed, new StoppedClock(), { entries: 2, maxAgeMs: 30_000 });
  });

  const found = async (): Promise<Thing> => ({ text: 'found' });
  const statistics = () => cache.statistics('thing');

  it('count a lookup as a miss, and the next one as a hit', async () => {
    await cache.find('a', found);
    await cache.find('a', found);
    expect(statistics()).toEqual({
      ...{ cache: 'thing', entries: 1, entriesMax: 2, hits: 1, misses: 1, joined: 0 },
    });
    expect(cache.copyOf('a')).toBeDefined();
    expect(cache.copyOf('b')).toBeUndefined();
    expect(statistics()).toMatchObject({ hits: 2, misses: 1 });
  });

  it('count a hit on what is known to be missing, which is no entry', async () => {
    await cache.find('a', async () => undefined);
    await cache.find('a', async () => undefined);
    expect(statistics()).toMatchObject({ entries: 0, hits: 1, misses: 1 });
  });

  it('count lookups that wait for the read of another one', async () => {
    await Promise.all(['a', 'a', 'a', 'b'].map(async (key) => cache.find(key, found)));
    expect(statistics()).toMatchObject({ entries: 2, hits: 0, misses: 2, joined: 2 });
  });

  it('count an entry that is too old for the caller as a miss', async () => {
    await cache.find('a', found);
    await cache.find('a', found, { reached: 0, accepts: () => false });
    expect(statistics()).toMatchObject({ hits: 0, misses: 2 });
  });

  it('count each lookup that bypasses the cache as a miss', async () => {
    feed.current = false;
    await Promise.all([cache.find('a', found), cache.find('a', found)]);
    expect(statistics()).toMatchObject({ entries: 0, hits: 0, misses: 2, joined: 0 });
  });
});
