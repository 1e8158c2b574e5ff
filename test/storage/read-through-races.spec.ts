import type { Client } from '../../src/domain/client.js';
import type { MaybePromise } from '../../src/domain/maybe-promise.js';
import { CachedDirectory } from '../../src/storage/cached/directory.js';
import { MemoryDirectory } from '../../src/storage/memory/directory.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { type HeldRead, HeldReads, settled } from './held-reads.js';

const races = 500;
const stepsOfARace = 40;

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

/** A directory of one client, whose reads end when a test says so. */
class HeldDirectory extends MemoryDirectory {
  readonly held = new HeldReads<Client>();

  override findClient(): Promise<Client | undefined> {
    return this.held.read();
  }
}

/** What the database has of the client; undefined where it was removed. */
type State = { readonly epoch: number; readonly enabled: boolean } | undefined;

/** One client that changes while it is looked up, in a database that delays each of its steps. */
class Race {
  private readonly feed = new RecordedChanges();
  private readonly directory = new HeldDirectory();
  private readonly held = this.directory.held;
  private readonly cache = new CachedDirectory(this.directory, this.feed, new StoppedClock(), {
    entries: 10,
    maxAgeMs: 30_000,
  });
  private readonly number: () => number;
  /** Reads whose statement has not run yet, and those whose rows are on their way. */
  private readonly sent: HeldRead<Client>[] = [];
  private readonly read: { of: HeldRead<Client>; state: State }[] = [];
  private begun = 0;
  /** Every state that was committed, and the number of the one that was announced here last. */
  private readonly states: State[] = [{ epoch: 1, enabled: true }];
  private told = 0;
  private readonly asked: Promise<void>[] = [];
  /** What was done, and what went wrong. */
  readonly steps: string[] = [];
  readonly faults: string[] = [];

  constructor(seed: number) {
    this.number = numbersFrom(seed);
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
    await this.finish();
    await Promise.all(this.asked);
  }

  private get committed(): number {
    return this.states.length - 1;
  }

  private ask(): void {
    this.expectSince(this.feed.current ? this.told : this.committed, this.find());
  }

  /** Looks up as the holder of a token that was issued now or earlier, when the client was enabled. */
  private askKnowing(): void {
    const issued = this.number() < 0.5 ? this.committed : Math.floor(this.number() * this.states.length);
    const state = this.states[issued];
    if (!state?.enabled) return;
    const found = this.find(state.epoch);
    this.expectSince(Math.max(issued, this.feed.current ? this.told : this.committed), found);
  }

  /** When every change has been announced, the cached copy must be the newest state. */
  private askKept(): void {
    const { length } = this.held.begun;
    this.expectSince(this.committed, this.find());
    if (this.held.begun.length !== length) this.faults.push('is not cached at the end');
  }

  private find(epoch?: number): MaybePromise<Client | undefined> {
    return this.cache.findClient('/', 'client', epoch);
  }

  /** The answer must be the state of this number, or a later one. */
  private expectSince(number: number, answer: MaybePromise<Client | undefined>): void {
    const found = Promise.resolve(answer);
    const step = this.steps.length;
    this.asked.push(
      found.then((client) => {
        const since = this.states.slice(number);
        const isOf = (state: State) => state?.epoch === client?.epoch && state?.enabled === client?.enabled;
        if (!since.some(isOf)) this.faults.push(`${JSON.stringify(client)}, asked for ${number} at ${step}`);
      }),
    );
  }

  /** The database executes a read's statement: a state that is committed later is not its result. */
  private execute(): void {
    const read = this.taken(this.sent);
    if (read) this.read.push({ of: read, state: this.states[this.committed] });
  }

  private deliver(): void {
    const { of: read, state } = this.taken(this.read) ?? {};
    read?.end(state && (state as Client));
  }

  /** Adds, enables, disables, removes the client, or ends its tokens. Enabling alone keeps the epoch. */
  private commit(): void {
    const state = this.states[this.committed];
    const epoch = this.states.length + 1;
    const choice = this.number();
    if (state && !state.enabled && choice < 0.5) this.states.push({ ...state, enabled: true });
    else if (state && choice < 0.4) this.states.push(undefined);
    else this.states.push({ epoch, enabled: choice < 0.7 });
  }

  /** While the feed is not current, no single change is announced. */
  private tell(): void {
    if (!this.feed.current || this.told === this.committed) return;
    this.told = this.committed;
    this.feed.announce({ client: { realm: '/', name: 'client' } });
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

it(`returns and caches nothing stale in ${races} races between reads and changes of a client`, async () => {
  for (let seed = 1; seed <= races; seed += 1) {
    const race = new Race(seed);
    await race.run();
    expect({ seed, faults: race.faults, steps: race.steps }).toEqual({ seed, faults: [], steps: race.steps });
  }
});
