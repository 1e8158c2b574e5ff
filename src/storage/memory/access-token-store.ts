import { type AccessToken, AccessTokenStore } from '../../domain/access-token.js';
import type { Clock } from '../../domain/clock.js';

/** Sweeping starts here; below it, expired tokens cost nothing worth saving. */
const smallestSweep = 1024;

/** Access tokens in this process's memory: they end with it. Expired ones are swept as new ones come. */
export class MemoryAccessTokenStore extends AccessTokenStore {
  private readonly tokens = new Map<string, AccessToken>();
  private sweepAt = smallestSweep;

  constructor(private readonly clock: Clock) {
    super();
  }

  async insert(token: AccessToken): Promise<void> {
    if (this.tokens.size >= this.sweepAt) this.sweep();
    const hash = key(token.hash);
    if (this.tokens.has(hash)) throw new Error('The token is there already.');
    this.tokens.set(hash, token);
  }

  async find(hash: Buffer): Promise<AccessToken | undefined> {
    return this.tokens.get(key(hash));
  }

  /** Each sweep waits until the number kept by the last one has doubled, so an insert costs O(1) on average. */
  private sweep(): void {
    const now = this.clock.now();
    for (const [hash, token] of this.tokens) {
      if (token.expiresAt <= now) this.tokens.delete(hash);
    }
    this.sweepAt = Math.max(smallestSweep, this.tokens.size * 2);
  }
}

function key(hash: Buffer): string {
  return hash.toString('latin1');
}
