import { type Demand, ReadThrough } from '../../src/storage/cached/read-through.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { HeldReads, settled } from './held-reads.js';

interface Thing {
  readonly epoch: number;
}

const [older, newer] = [{ epoch: 1 }, { epoch: 2 }];

let cache: ReadThrough<Thing>;
let held: HeldReads<Thing>;

beforeEach(() => {
  cache = new ReadThrough(new RecordedChanges(), new StoppedClock(), { entries: 10, maxAgeMs: 30_000 });
  held = new HeldReads();
});

/** A lookup by a caller that accepts any version, or knows that the newer one was reached. */
async function find(demand?: Demand<Thing>): Promise<Thing | undefined> {
  return cache.find('key', held.read, demand);
}

const isNewer: Demand<Thing> = {
  reached: newer.epoch,
  accepts: (thing, reached) => (thing?.epoch ?? reached) >= newer.epoch,
};

/** A hundred lookups at the same time by callers that have seen the newer epoch. */
function findsNewer(): Promise<Thing | undefined>[] {
  return Array.from({ length: 100 }, () => find(isNewer));
}

describe('callers that know that there is a newer version', () => {
  it('do not get the older cached copy, and share one read of the newer version', async () => {
    const kept = find();
    held.begun[0].end(older);
    await kept;
    const found = findsNewer();
    expect(held.begun).toHaveLength(2);
    held.begun[1].end(newer);
    expect(await Promise.all(found)).toEqual(Array(100).fill(newer));
    expect(await find(isNewer)).toBe(newer);
    expect(await find()).toBe(newer);
    expect(held.begun).toHaveLength(2);
  });

  it('do not get the older version that is being read, and share the read after it', async () => {
    const early = find();
    const found = findsNewer();
    held.begun[0].end(older);
    expect(await early).toBe(older);
    await settled();
    expect(held.begun).toHaveLength(2);
    held.begun[1].end(newer);
    expect(await Promise.all(found)).toEqual(Array(100).fill(newer));
    expect(await find()).toBe(newer);
    expect(held.begun).toHaveLength(2);
  });

  it('get undefined when it is gone, from one read after the one that was under way, and from the cache', async () => {
    const early = find();
    const found = findsNewer();
    held.begun[0].end(undefined);
    expect(await early).toBeUndefined();
    await settled();
    held.begun[1].end(undefined);
    expect(await Promise.all(found)).toEqual(Array(100).fill(undefined));
    expect(await Promise.all([...findsNewer(), find()])).toEqual(Array(101).fill(undefined));
    expect(held.begun).toHaveLength(2);
  });

  it('share the read of one of them, be it missing', async () => {
    const found = findsNewer();
    held.begun[0].end(undefined);
    expect(await Promise.all(found)).toEqual(Array(100).fill(undefined));
    expect(held.begun).toHaveLength(1);
  });
});
