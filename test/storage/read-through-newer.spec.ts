import { ReadThrough } from '../../src/storage/cached/read-through.js';
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

/** A lookup by a caller that accepts any version, or, with `isNewer`, only the newer epoch. */
async function find(acceptable?: typeof isNewer): Promise<Thing | undefined> {
  return cache.find('key', held.read, acceptable);
}

function isNewer(thing: Thing | undefined): boolean {
  return thing?.epoch === newer.epoch;
}

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

  it('get undefined when it is gone, from shared reads that are repeated each time', async () => {
    for (let round = 1; round <= 3; round += 1) {
      const found = findsNewer();
      for (let read = 2 * round - 2; read < 2 * round; read += 1) {
        held.begun[read].end(undefined);
        await settled();
      }
      expect(await Promise.all(found)).toEqual(Array(100).fill(undefined));
      expect(held.begun).toHaveLength(2 * round);
    }
  });
});
