import type { Clock } from './clock.js';
import { Overloaded } from './oauth-error.js';
import type { PasswordForms, PasswordHash } from './password-forms.js';
import type { PasswordUpgrades } from './password-upgrade.js';
import type { PasswordHasher, SecretOwner } from './secret.js';

/** The longest that a refusal is delayed, in milliseconds: slower hashes can be told by time. */
const longestMs = 1000;

/** What a refusal takes, in the time of the slowest hash: where that hash is itself refused, it is rarely later. */
const margin = 1.25;

/** How many refusals wait at once. */
const maxWaiting = 1000;

/** How many of the last checks of a hash count: they are slower while the machine is busy. */
const remembered = 16;

/** A hash is measured three times, but one that takes longer than this once, in milliseconds. */
const measuredOnceMs = 200;

/**
 * Makes all refusals of a realm's clients, or users, take the same time while some of their hashes take another time than
 * the server's own: an unknown name could be told from a known one otherwise. It waits, and hashes nothing for that.
 */
export class RefusalTimes {
  /** By kind of owner and realm, the classes of the hashes that are the slowest of their forms, and that of the server's own. */
  private classes: ReadonlyMap<string, readonly string[]> = new Map();
  /** What the last checks of the hashes of each of these classes took, in milliseconds. */
  private readonly recent = new Map<string, number[]>();
  private waiting = 0;

  /** @param wait resolves after that many milliseconds */
  constructor(
    private readonly upgrades: Pick<PasswordUpgrades, 'examples'>,
    private readonly forms: PasswordForms,
    private readonly hasher: PasswordHasher,
    private readonly clock: Clock,
    private readonly wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms)),
  ) {}

  /**
   * Reads which hashes are stored, and measures those that are new.
   * @throws StoreUnavailable
   */
  async refresh(): Promise<void> {
    const slowest = await this.slowestHashes();
    const classes = new Map<string, readonly string[]>();
    if (slowest.size > 0) {
      const own = await this.hasher.hash('sample');
      for (const [key, hashes] of slowest) {
        const texts = [own, ...[...hashes.values()].map(({ text }) => text)];
        for (const text of texts) await this.measure(text);
        classes.set(
          key,
          texts.map((text) => this.classOf(text)),
        );
      }
    }
    this.classes = classes;
    const used = new Set([...classes.values()].flat());
    for (const known of this.recent.keys()) if (!used.has(known)) this.recent.delete(known);
  }

  /** When a check begins, for `observe` and `delay`. */
  begin(): number {
    return this.clock.elapsed();
  }

  /** Notes what a comparison with a stored hash has taken, whatever it had to wait for. @param begun of `begin` */
  observe(stored: string, begun: number): void {
    if (this.recent.size === 0) return;
    const times = this.recent.get(this.classOf(stored));
    if (times?.push(this.clock.elapsed() - begun) === remembered + 1) times.shift();
  }

  /**
   * Waits until a refusal has taken as long as any other.
   * @param owner whose secret was refused, registered or not
   * @param checks how many comparisons were made
   * @param begun of `begin`
   * @throws Overloaded when too many wait
   */
  async delay(owner: SecretOwner, checks: number, begun: number): Promise<void> {
    const classes = this.classes.get(keyOf(owner));
    if (!classes) return;
    const slowest = Math.max(...classes.flatMap((known) => this.recent.get(known) ?? []));
    const ms = begun + checks * Math.min(longestMs, slowest * margin) - this.clock.elapsed();
    if (ms <= 0) return;
    if (this.waiting >= maxWaiting) throw tooManyWait();
    this.waiting += 1;
    try {
      await this.wait(ms);
    } finally {
      this.waiting -= 1;
    }
  }

  /** By kind of owner and realm, the hash with the highest cost of each form. */
  private async slowestHashes(): Promise<ReadonlyMap<string, ReadonlyMap<string, PasswordHash>>> {
    const slowest = new Map<string, Map<string, PasswordHash>>();
    for (const { owner, hash: stored } of await this.upgrades.examples()) {
      const hash = this.forms.read(stored);
      if (!hash) continue;
      const hashes = slowest.get(keyOf(owner)) ?? new Map<string, PasswordHash>();
      slowest.set(keyOf(owner), hashes);
      if (hash.cost > (hashes.get(hash.form)?.cost ?? 0)) hashes.set(hash.form, hash);
    }
    return slowest;
  }

  /** Hashes of one class take the same time to verify. */
  private classOf(stored: string): string {
    const { form, cost } = this.forms.read(stored) ?? { form: '', cost: 0 };
    return `${form} ${cost}`;
  }

  /** Finds out how long it takes to verify a hash, unless that is known: the shortest of some tries counts. */
  private async measure(stored: string): Promise<void> {
    const known = this.classOf(stored);
    if (this.recent.has(known)) return;
    let shortest = Infinity;
    for (let tries = 0; tries < 3 && (tries === 0 || shortest < measuredOnceMs); tries += 1) {
      const begun = this.begin();
      await this.hasher.verify(stored, 'wrong');
      shortest = Math.min(shortest, this.clock.elapsed() - begun);
    }
    this.recent.set(known, [shortest]);
  }
}

function keyOf({ kind, realm }: SecretOwner): string {
  return `${kind}\n${realm}`;
}

function tooManyWait(): Overloaded {
  const error = new Overloaded('too many refusals wait');
  error.wrong = true;
  return error;
}
