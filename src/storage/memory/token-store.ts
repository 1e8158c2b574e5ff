import { type AccessToken, AccessTokenStore } from '../../domain/access-token.js';
import type { Clock } from '../../domain/clock.js';
import {
  maxRetries,
  type RefreshToken,
  type RefreshTokenStore,
  type Rotation,
} from '../../domain/refresh-token.js';

/** Sweeping starts here; below it, expired tokens cost nothing worth saving. */
const smallestSweep = 1024;

interface KeptRefreshToken {
  readonly token: RefreshToken;
  /** How often it was used again and forgiven. */
  readonly retries: number;
}

/**
 * Tokens of both kinds in this process's memory: they end with it. Expired ones are swept as new ones come.
 * Nothing here waits, so every method is one atomic act.
 */
export class MemoryTokenStore extends AccessTokenStore {
  private readonly accessTokens = new Map<string, AccessToken>();
  private readonly refreshTokens = new Map<string, KeptRefreshToken>();
  private sweepAt = smallestSweep;

  /** The same tokens through the other port. */
  readonly refresh: RefreshTokenStore = {
    begin: async (refreshToken, accessToken) => {
      this.add(accessToken);
      this.refreshTokens.set(key(refreshToken.hash), { token: refreshToken, retries: 0 });
    },
    find: async (hash) => this.refreshTokens.get(key(hash))?.token,
    rotate: async (rotation) => this.rotate(rotation),
    revokeFamily: async (family) => {
      drop(this.refreshTokens, ({ token }) => token.family === family);
      drop(this.accessTokens, (token) => token.family === family);
    },
  };

  constructor(private readonly clock: Clock) {
    super();
  }

  async insert(token: AccessToken): Promise<void> {
    this.add(token);
  }

  async find(hash: Buffer): Promise<AccessToken | undefined> {
    return this.accessTokens.get(key(hash));
  }

  async revoke(hash: Buffer): Promise<void> {
    this.accessTokens.delete(key(hash));
  }

  private add(token: AccessToken): void {
    if (this.size >= this.sweepAt) this.sweep();
    const hash = key(token.hash);
    if (this.accessTokens.has(hash)) throw new Error('The token is there already.');
    this.accessTokens.set(hash, token);
  }

  private rotate({ presented, now, forgivenSince, preserved, accessToken, successor }: Rotation): boolean {
    const hash = key(presented.hash);
    const kept = this.refreshTokens.get(hash);
    if (!kept) return false;
    const { token, retries } = kept;
    const { usedAt } = token;
    const forgiven = forgivenSince !== undefined && !preserved && retries < maxRetries;
    if (usedAt !== undefined && !(forgiven && usedAt >= forgivenSince)) return false;
    this.add(accessToken);
    if (successor) this.refreshTokens.set(key(successor.hash), { token: successor, retries: 0 });
    if (!preserved) {
      const retried = usedAt === undefined ? 0 : 1;
      const used = { ...token, usedAt: usedAt ?? now };
      this.refreshTokens.set(hash, { token: used, retries: retries + retried });
    }
    return true;
  }

  /** Each sweep waits until the number kept by the last one has doubled, so an insert costs O(1) on average. */
  private sweep(): void {
    const now = this.clock.now();
    drop(this.accessTokens, ({ expiresAt }) => expiresAt <= now);
    // A used token is kept as long as its reuse would tell that somebody has stolen it.
    drop(this.refreshTokens, ({ token }) => token.familyExpiresAt <= now);
    this.sweepAt = Math.max(smallestSweep, this.size * 2);
  }

  private get size(): number {
    return this.accessTokens.size + this.refreshTokens.size;
  }
}

function drop<Token>(tokens: Map<string, Token>, dead: (token: Token) => boolean): void {
  for (const [hash, token] of tokens) {
    if (dead(token)) tokens.delete(hash);
  }
}

function key(hash: Buffer): string {
  return hash.toString('latin1');
}
