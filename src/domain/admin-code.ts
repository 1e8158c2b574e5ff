import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { AdminToken, AdminTokenIssuer } from './admin-token.js';
import type { Actor } from './audit.js';
import type { Clock } from './clock.js';
import { rootRealm } from './realm.js';

/** How long a code can be exchanged, in milliseconds. */
const codeLifetimeMs = 5 * 60_000;
/** After so many wrong codes, the right one is worth nothing any more. */
const maxWrongCodes = 10;
/** The lifetime of the token that a code is exchanged for, in seconds. */
const tokenLifetime = 3600;

/** A code that was shown and has not been exchanged. */
interface ShownCode {
  /** Its SHA-256; the code itself is not kept. */
  readonly hash: Buffer;
  /** When it ends, by the clock's `elapsed`. */
  readonly endsAt: number;
  wrongCodes: number;
}

/**
 * A code that the terminal of a single server shows once, and whoever reads it exchanges for one admin token. It is
 * kept in the memory of the process, so it is for the demo, which one process serves.
 */
export class AdminCode {
  private shown?: ShownCode;

  constructor(
    private readonly issuer: Pick<AdminTokenIssuer, 'issue'>,
    private readonly clock: Clock,
  ) {}

  /** A new code, in base64url; a code that was shown before ends. */
  show(): string {
    const code = randomBytes(32).toString('base64url');
    const endsAt = this.clock.elapsed() + codeLifetimeMs;
    this.shown = { hash: hashOf(code), endsAt, wrongCodes: 0 };
    return code;
  }

  /**
   * Issues a token of the root realm that may look and change.
   * @param actor who presents the code, for the audit event
   * @returns undefined for a code that was not shown, was exchanged already, or has ended
   * @throws AdminTokenRefused, StoreUnavailable; the code can be exchanged again then
   */
  async exchange(code: string, actor: Actor): Promise<AdminToken | undefined> {
    const { shown } = this;
    if (!shown || this.clock.elapsed() >= shown.endsAt) return undefined;
    if (!timingSafeEqual(hashOf(code), shown.hash)) {
      shown.wrongCodes += 1;
      if (shown.wrongCodes >= maxWrongCodes) this.shown = undefined;
      return undefined;
    }
    // Before the token is issued, so that of two exchanges at the same time only one gets a token.
    this.shown = undefined;
    try {
      return await this.issuer.issue({ realm: rootRealm, right: 'write', lifetime: tokenLifetime, actor });
    } catch (error) {
      this.shown ??= shown;
      throw error;
    }
  }
}

function hashOf(code: string): Buffer {
  return createHash('sha256').update(code).digest();
}
