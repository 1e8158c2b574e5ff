import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.js';
import { HmacSha256 } from './hmac.js';
import type { TokenKeyState, TokenKeyStore } from './token-key.js';

/** `sya_` for an access token, `syr_` for a refresh token: the prefix lets scanners find leaks. */
export type TokenPrefix = 'sya_' | 'syr_';

/**
 * What a value's form says of it: `unlikely` cannot be a token that is alive here, and need not be looked up;
 * `possible` must be. It is a filter against guessing, no proof: the lookup by hash decides.
 */
export type TokenLikelihood = 'possible' | 'unlikely';

/** 256 random bits (RFC 6749 §10.10), 43 base64url characters; then the tag, 11 of them. */
const ownForm = /^(sy[ar]_[A-Za-z0-9_-]{43})([A-Za-z0-9_-]{11})$/;

/** Whether a value has the form of our own tokens, whatever its tag. */
export function hasOwnForm(value: string): boolean {
  return ownForm.test(value);
}

/** Keys older than this may lack the newest one, in milliseconds. */
const freshForMs = 30_000;

/** How often the keys should be read anew, in milliseconds. */
export const reloadEveryMs = 20_000;

/**
 * Makes token values, and tells from a value's form whether it can be one of ours: it ends in 8 bytes of
 * HMAC-SHA-256 over what stands before, under a key that all nodes share.
 */
export class TokenCodec {
  private state?: TokenKeyState;
  private hmacs: readonly HmacSha256[] = [];
  private readAt = -Infinity;

  constructor(
    private readonly store: TokenKeyStore,
    private readonly clock: Clock,
  ) {}

  /** Reads the keys anew. To be called before the first token, and every `reloadEveryMs` from then on. */
  async reload(): Promise<void> {
    const now = this.clock.now();
    this.state = await this.store.read(now);
    this.hmacs = this.state.keys.map(({ secret }) => new HmacSha256(secret));
    this.readAt = now;
  }

  /** A new token value. */
  mint(prefix: TokenPrefix): string {
    const now = this.clock.now();
    const newest = this.known.keys.findLastIndex(({ signsFrom }) => signsFrom <= now);
    const body = prefix + randomBytes(32).toString('base64url');
    return body + tag(this.hmacs[Math.max(newest, 0)], body);
  }

  /** Judges a value by its form alone, without asking any store. */
  likelihood(value: string, prefix: TokenPrefix): TokenLikelihood {
    const fresh = this.clock.now() - this.readAt <= freshForMs;
    if (!fresh) return 'possible';
    const own = ownForm.exec(value);
    if (!own) return this.known.foreignTokens ? 'possible' : 'unlikely';
    const [, body, presented] = own;
    // No secret of a holder's is compared here, only a checksum that a forger cannot compute: plain comparison will do.
    const genuine = body.startsWith(prefix) && this.hmacs.some((hmac) => tag(hmac, body) === presented);
    return genuine ? 'possible' : 'unlikely';
  }

  private get known(): TokenKeyState {
    if (!this.state) throw new Error('The token keys have not been read yet.');
    return this.state;
  }
}

/** The first 8 bytes of the code, 11 base64url characters. */
function tag(hmac: HmacSha256, body: string): string {
  return hmac.of(body).toString('base64url', 0, 8);
}
