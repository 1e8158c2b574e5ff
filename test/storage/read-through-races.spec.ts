import type { MaybePromise } from '../../src/domain/maybe-promise.js';
import { ReadThrough } from '../../src/storage/cached/read-through.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { type HeldRead, HeldReads, settled } from './held-reads.js';

const races = 500;
const stepsOfARace = 40;

interface Thing {
  readonly version: number;
}

/** What can happen in a race, in any order. */
const acts = ['ask', 'askKnowing', 'execute', 'deliver', 'commit', 'tell', 'lapse'] as const;

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One thing that changes while it is looked up, in a database that delays each of its steps. */
class Race {
  private readonly feed = new RecordedChanges();
  private readonly cache = new ReadThrough<Thing>(this.feed, new StoppedClock(), {
    entries: 10,
    maxAgeMs: 30_000,
  });
  private readonly held = new HeldReads<Thing>();
  private readonly number: () => number;
  /** Reads whose statement has not run yet, and those whose rows are on their way. */
  private readonly sent: HeldRead<Thing>[] = [];
  private readonly read: { of: HeldRead<Thing>; version: number }[] = [];
  private begun = 0;
  /** The newest version that is committed, and the newest that was announced here. */
  private committed = 0;
  private told = 0;
  private readonly asked: Promise<void>[] = [];
  /** What was done, and what went wrong. */
  readonly steps: string[] = [];
  readonly faults: string[] = [];

  constructor(seed: number) {
    this.number = numbersFrom(seed);
    this.feed.subscribe((change) => (change === 'everything' ? this.cache.clear() : this.cache.drop('key')));
  }

  async run(): Promise<void> {
    for (let step = 0; step < stepsOfARace; step += 1) {
      const act = acts[Math.floor(this.number() * acts.length)];
      this.steps.push(act);
      this[act]();
      if (this.number() < 0.8) await settled();
      this.collect();
    }
    this.recover();
    this.tell();
    await this.finish();
    this.ask();
    await this.finish();
    this.askKept();
    await Promise.all(this.asked);
  }

  private ask(): void {
    const newest = this.feed.current ? this.told : this.committed;
    this.expectAtLeast(newest, this.cache.find('key', this.held.read));
  }

  /** Looks up as a caller that has seen the version committed last. */
  private askKnowing(): void {
    const { committed } = this;
    const found = this.cache.find('key', this.held.read, (thing) => thing!.version >= committed);
    this.expectAtLeast(committed, found);
  }

  /** When every change has been announced, the cached copy must be the newest version. */
  private askKept(): void {
    const noRead = async () => ({ version: -1 });
    this.expectAtLeast(this.committed, this.cache.find('key', noRead));
  }

  private expectAtLeast(version: number, answer: MaybePromise<Thing | undefined>): void {
    const found = Promise.resolve(answer);
    const step = this.steps.length;
    this.asked.push(
      found.then((thing) => {
        if (!(thing!.version >= version))
          this.faults.push(`${thing!.version} for ${version}, asked at ${step}`);
      }),
    );
  }

  /** The database executes a read's statement: a version that is committed later is not in its result. */
  private execute(): void {
    const read = this.taken(this.sent);
    if (read) this.read.push({ of: read, version: this.committed });
  }

  private deliver(): void {
    const { of: read, version } = this.taken(this.read) ?? {};
    if (version !== undefined) read?.end({ version });
  }

  private commit(): void {
    this.committed += 1;
  }

  /** While the feed is not current, no single change is announced. */
  private tell(): void {
    if (!this.feed.current || this.told === this.committed) return;
    this.told = this.committed;
    this.feed.announce({ realm: '/' });
  }

  private lapse(): void {
    if (this.feed.current) this.feed.current = false;
    else this.recover();
  }

  private recover(): void {
    if (this.feed.current) return;
    this.told = this.committed;
    this.feed.announce('everything');
    this.feed.current = true;
  }

  private async finish(): Promise<void> {
    for (let idle = 0; idle < 2; idle += 1) {
      await settled();
      this.collect();
      if (this.sent.length + this.read.length > 0) idle = -1;
      this.execute();
      this.deliver();
    }
  }

  private collect(): void {
    this.sent.push(...this.held.begun.slice(this.begun));
    this.begun = this.held.begun.length;
  }

  /** Removes a random one of these items, and returns it. */
  private taken<Item>(items: Item[]): Item | undefined {
    return items.splice(Math.floor(this.number() * items.length), 1)[0];
  }
}

it(`returns and caches nothing stale in ${races} races between reads and changes`, async () => {
  for (let seed = 1; seed <= races; seed += 1) {
    const race = new Race(seed);
    await race.run();
    expect({ seed, faults: race.faults, steps: race.steps }).toEqual({ seed, faults: [], steps: race.steps });
  }
});
