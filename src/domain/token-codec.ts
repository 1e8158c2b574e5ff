import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.js';
import { HmacSha256 } from './hmac.js';
import type { TokenKeyState, TokenKeyStore } from './token-key.js';

/**
 * `sya_` for an access token, `syr_` for a refresh token, `syc_` for an authorization code, `sys_` for a session: the
 * prefix lets scanners find leaks.
 */
export type TokenPrefix = 'sya_' | 'syr_' | 'syc_' | 'sys_';

/**
 * Why a value cannot be an active token of the wanted kind: it has another form than ours and all imported
 * tokens have expired, no key of ours made its tag, or it is a token of the other kind.
 */
export type FormMismatch = 'foreign_form' | 'forged' | 'other_kind';

/** 256 random bits (RFC 6749 §10.10) as 43 base64url characters, then the tag, 11 of them. */
const ownForm = /^(sy[acrs]_[A-Za-z0-9_-]{43})([A-Za-z0-9_-]{11})$/;

/** Whether a value has the form of our own tokens, whatever its tag. */
export function hasOwnForm(value: string): boolean {
  return ownForm.test(value);
}

/** Keys that were read longer ago than this may lack the newest one, in milliseconds. */
const freshForMs = 30_000;

/** How often the keys should be read again, in milliseconds. */
export const reloadEveryMs = 20_000;

/**
 * Makes token values and recognises them by their form: a value ends in a tag, 8 bytes of HMAC-SHA-256 over
 * the rest under a key that all nodes share. The form is a filter against guessing and proves nothing: the
 * lookup decides.
 */
export class TokenCodec {
  private state?: TokenKeyState;
  private hmacs: readonly HmacSha256[] = [];
  /** When the keys were read, by the clock's `elapsed`: a changed wall clock must not make old keys fresh. */
  private readAt = -Infinity;

  constructor(
    private readonly store: TokenKeyStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Reads the keys again. Call it before the first token is made, and every `reloadEveryMs` from then on.
   * @throws StoreUnavailable when the keys cannot be read; the ones read before stay in use
   */
  async reload(): Promise<void> {
    const readAt = this.clock.elapsed();
    this.state = await this.store.read(this.clock.now());
    this.hmacs = this.state.keys.map(({ secret }) => new HmacSha256(secret));
    this.readAt = readAt;
  }

  /** Makes a new token value. */
  mint(prefix: TokenPrefix): string {
    const now = this.clock.now();
    const newest = this.known.keys.findLastIndex(({ signsFrom }) => signsFrom <= now);
    const body = prefix + randomBytes(32).toString('base64url');
    return body + tag(this.hmacs[Math.max(newest, 0)], body);
  }

  /** Whether a value may be an active token of this kind, judged by its form alone. */
  mayBeOurs(value: string, prefix: TokenPrefix): boolean {
    return this.mismatch(value, prefix) === undefined;
  }

  /**
   * Why a value cannot be an active token of this kind; undefined if it may be one, or if the keys were read
   * too long ago to tell.
   */
  mismatch(value: string, prefix: TokenPrefix): FormMismatch | undefined {
    const fresh = this.clock.elapsed() - this.readAt <= freshForMs;
    if (!fresh) return undefined;
    const own = ownForm.exec(value);
    if (!own) return this.known.foreignTokens ? undefined : 'foreign_form';
    const [, body, presented] = own;
    // A plain comparison is enough: the tag is a checksum that no forger can compute, not a holder's secret.
    if (!this.hmacs.some((hmac) => tag(hmac, body) === presented)) return 'forged';
    return body.startsWith(prefix) ? undefined : 'other_kind';
  }

  private get known(): TokenKeyState {
    if (!this.state) throw new Error('The token keys have not been read yet.');
    return this.state;
  }
}

/** The first 8 bytes of the HMAC as 11 base64url characters. */
function tag(hmac: HmacSha256, body: string): string {
  return hmac.of(body).toString('base64url', 0, 8);
}
