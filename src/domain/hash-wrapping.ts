import type { PasswordForms } from './password-forms.js';
import type { OwnedHash, PasswordUpgrades } from './password-upgrade.js';

/** How many hashes are read at once. */
const batchSize = 20;

/** How many are wrapped at once: sign-ins need the other threads. */
const atOnce = 2;

/** What a round of wrapping has come to. */
export interface WrappingOutcome {
  /** How many hashes were wrapped. */
  readonly wrapped: number;
  /** Whether all of them were; otherwise somebody else is at it, or it was stopped. */
  readonly finished: boolean;
}

/** Wraps the fast hashes that are stored, so that nobody who reads the database can guess their passwords quickly. */
export class HashWrapping {
  constructor(
    private readonly forms: PasswordForms,
    private readonly upgrades: PasswordUpgrades,
  ) {}

  /**
   * Wraps all fast hashes, and stops where another process wraps the same ones.
   * @param progress is called with the number of wrapped hashes after each batch; false stops
   * @throws StoreUnavailable
   */
  async wrapAll(progress: (wrapped: number) => boolean): Promise<WrappingOutcome> {
    let wrapped = 0;
    for (const example of await this.upgrades.examples()) {
      if (!this.forms.read(example.hash)?.fast) continue;
      for (let batch = await this.upgrades.alike(example, undefined, batchSize); batch.length > 0;) {
        const done = await this.wrapBatch(batch);
        wrapped += done;
        // A few may have been replaced by a sign-in.
        if (!progress(wrapped) || done * 2 <= batch.length) return { wrapped, finished: false };
        batch = await this.upgrades.alike(example, batch[batch.length - 1].owner, batchSize);
      }
    }
    return { wrapped, finished: true };
  }

  /** Wraps some hashes, and returns how many were not changed by somebody else meanwhile. */
  private async wrapBatch(batch: readonly OwnedHash[]): Promise<number> {
    let wrapped = 0;
    for (let start = 0; start < batch.length; start += atOnce) {
      const replaced = await Promise.all(
        batch.slice(start, start + atOnce).map((stored) => this.wrap(stored)),
      );
      wrapped += replaced.filter(Boolean).length;
    }
    return wrapped;
  }

  private async wrap({ owner, hash: from }: OwnedHash): Promise<boolean> {
    const hash = this.forms.read(from);
    // Nobody's password fits a hash that cannot be read, and it must not hold up the others.
    if (!hash) return true;
    return this.upgrades.replace(owner, from, { hash: await this.forms.wrap(hash) });
  }
}
