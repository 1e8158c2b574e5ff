import { RecentEntry, RecentlyUsed } from '../../src/storage/cached/recently-used.js';
import { Random } from '../support/random.js';

/** The same by a Map alone, whose keys stand in the order in which they were set. */
class Model {
  readonly entries = new Map<string, RecentEntry>();

  constructor(private readonly limit: number) {}

  get(key: string): RecentEntry | undefined {
    const entry = this.entries.get(key);
    if (entry) this.add(entry);
    return entry;
  }

  add(entry: RecentEntry): void {
    this.entries.delete(entry.key);
    this.entries.set(entry.key, entry);
    const [oldest] = this.entries.keys();
    if (this.entries.size > this.limit) this.entries.delete(oldest);
  }
}

it.each([0, 1, 2, 7, 100])('evicts the least recently used entry beyond %i', (limit) => {
  const random = new Random(limit);
  const model = new Model(limit);
  const entries = new RecentlyUsed(limit);
  const keys = Array.from({ length: 2 * limit + 2 }, (_, index) => `key ${index}`);
  for (let step = 0; step < 5_000; step += 1) {
    const key = random.pick(keys);
    if (random.percent(45)) {
      expect(entries.get(key)).toBe(model.get(key));
    } else if (random.percent(80)) {
      const entry = new RecentEntry(key);
      entries.add(entry);
      model.add(entry);
    } else if (random.percent(97)) {
      entries.delete(key);
      model.entries.delete(key);
    } else {
      entries.clear();
      model.entries.clear();
    }
    expect(entries.size).toBe(model.entries.size);
  }
  for (const [key, entry] of model.entries) expect(entries.get(key)).toBe(entry);
});
