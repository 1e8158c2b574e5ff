import { Overloaded } from '../domain/oauth-error.js';
import { PasswordHasher, type Turn } from '../domain/secret.js';
import { OperationDurations } from '../observability/operation-durations.js';
import type { FairQueue } from './fair-queue.js';

/** Upper bounds of the histograms' buckets, in seconds: an argon2id operation takes some 25 ms. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** How long hashing and verifying take, the wait for a turn included. */
export class HashDurations extends OperationDurations {
  constructor() {
    super(bounds, ['hash', 'verify']);
  }
}

/**
 * Lets another hasher do as much at once as it can, and no more wait than can be done in time; and measures it.
 * Everything slow goes through here.
 */
export class BoundedHasher extends PasswordHasher {
  constructor(
    private readonly hasher: PasswordHasher,
    private readonly queue: FairQueue,
    private readonly durations: HashDurations,
  ) {
    super();
  }

  /** @throws Overloaded if it has a caller's turn */
  hash(password: string, turn?: Turn): Promise<string> {
    return this.bounded('hash', turn, () => this.hasher.hash(password));
  }

  /** @throws Overloaded */
  async verify(hash: string, password: string, turn?: Turn): Promise<boolean> {
    const right = await this.bounded('verify', turn, () => this.hasher.verify(hash, password));
    if (!right && turn?.trusted) await this.waitAsOthers(turn);
    return right;
  }

  /**
   * Lets a wrong check wait as long as if it were not trusted: its time must not show who signs in from an address.
   * @throws Overloaded where it would have been refused
   */
  private async waitAsOthers({ lane }: Turn): Promise<void> {
    try {
      await this.queue.wait({ lane, trusted: false });
    } catch (error) {
      if (error instanceof Overloaded) error.wrong = true;
      throw error;
    }
  }

  private bounded<Result>(
    operation: 'hash' | 'verify',
    turn: Turn | undefined,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const queuedAt = performance.now();
    return this.queue.run(turn, async () => {
      try {
        return await work();
      } finally {
        // What is refused takes no time, and would make the others look fast.
        this.durations.observe(operation, (performance.now() - queuedAt) / 1000);
      }
    });
  }
}
