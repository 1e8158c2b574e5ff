import type { Client } from './client.js';
import type { Clock } from './clock.js';

/** That a client has authenticated with one of its secrets. */
export interface SecretUse {
  /** Path of the realm. */
  readonly realm: string;
  readonly clientId: string;
  /** The stored hash of the secret, which tells it from the client's other one. */
  readonly hash: string;
  /** A full minute, in milliseconds since 1970. */
  readonly at: number;
}

/** Stores when secrets were used last. It changes nothing that a cache holds, and no subject's version. */
export abstract class SecretUseStore {
  /**
   * Stores uses, atomically; an older one than the stored one changes nothing. It waits for no other writer.
   * @returns those that were left out, because another writer holds their clients; uses of secrets that are gone are dropped
   * @throws StoreUnavailable with nothing stored
   */
  abstract record(uses: readonly SecretUse[]): Promise<readonly SecretUse[]>;
}

const minuteMs = 60_000;

/** How many uses are kept for a flush at most: of further secrets a later use is recorded. */
const maxUses = 20_000;

/** How many uses are stored at once. */
const batchSize = 1000;

/** Keeps in memory when secrets were used last, to the minute, until it is stored. */
export class SecretUses {
  private uses = new Map<string, SecretUse>();

  constructor(
    private readonly store: SecretUseStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Notes that a client has authenticated just now.
   * @param hash the stored hash of the secret that it has sent
   */
  note({ realm, clientId }: Client, hash: string): void {
    const now = this.clock.now();
    this.keep({ realm, clientId, hash, at: now - (now % minuteMs) });
  }

  /**
   * Stores what was noted before. It must not be called again before it is done.
   * @throws StoreUnavailable when some of it could not be stored; that is kept for the next call
   */
  async flush(): Promise<void> {
    const uses = [...this.uses.values()];
    this.uses = new Map();
    for (let start = 0; start < uses.length; start += batchSize) {
      try {
        const left = await this.store.record(uses.slice(start, start + batchSize));
        left.forEach((use) => this.keep(use));
      } catch (error) {
        uses.slice(start).forEach((use) => this.keep(use));
        throw error;
      }
    }
  }

  /** Neither a realm's path nor a hash holds a line feed, so no other secret has the same key. */
  private keep(use: SecretUse): void {
    const key = `${use.realm}\n${use.hash}\n${use.clientId}`;
    const kept = this.uses.get(key);
    if (kept ? kept.at < use.at : this.uses.size < maxUses) this.uses.set(key, use);
  }
}
