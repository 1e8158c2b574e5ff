import { type AuthorizationCode, AuthorizationCodeStore, type Redemption } from './authorization-code.js';
import type { RefreshTokenStore } from './refresh-token.js';
import type { Revocation } from './token-record.js';

/** Keeps codes whose tokens are in another store. Every method throws StoreUnavailable when it cannot do its work. */
export abstract class CodeRegister {
  /** Stores a code. */
  abstract insert(code: AuthorizationCode): Promise<void>;
  /** The code under this hash, used, expired or not; undefined when there is none. */
  abstract find(hash: Buffer): Promise<AuthorizationCode | undefined>;
  /**
   * Marks a code as used. If several callers do so at once, exactly one gets true; the mark is durable then.
   * @param now milliseconds since 1970
   */
  abstract use(hash: Buffer, now: number): Promise<boolean>;
  /** Marks a code as replayed, durably. @param now milliseconds since 1970 */
  abstract markReplayed(hash: Buffer, now: number): Promise<void>;
  /** Whether a code has that mark; it is read from where the mark is written first. */
  abstract isReplayed(hash: Buffer): Promise<boolean>;
}

/**
 * Codes in one store and tokens in another. No transaction spans the two, so the order decides: the code is marked as
 * used before its tokens are written, and a crash in between costs the code, but never makes a second token. A replay
 * marks the code before it revokes the family, and the redeemer reads that mark after it has written the tokens: whoever
 * comes last ends them.
 */
export class SeparateCodeStore extends AuthorizationCodeStore {
  constructor(
    private readonly codes: CodeRegister,
    private readonly tokens: RefreshTokenStore,
  ) {
    super();
  }

  insert(code: AuthorizationCode): Promise<void> {
    return this.codes.insert(code);
  }

  find(hash: Buffer): Promise<AuthorizationCode | undefined> {
    return this.codes.find(hash);
  }

  async redeem({ code, now, accessToken, refreshToken, ifReplayed }: Redemption): Promise<boolean> {
    const { hash, family } = code;
    if (!(await this.codes.use(hash, now))) return false;
    await this.tokens.begin(refreshToken, accessToken);
    if (!(await this.codes.isReplayed(hash))) return true;
    await this.tokens.revokeFamily(family, ifReplayed);
    return false;
  }

  async endReplayed({ hash, family }: AuthorizationCode, revocation: Revocation): Promise<void> {
    await this.codes.markReplayed(hash, revocation.at);
    await this.tokens.revokeFamily(family, revocation);
  }
}
