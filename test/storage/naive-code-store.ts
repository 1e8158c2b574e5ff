import {
  type AuthorizationCode,
  AuthorizationCodeStore,
  type Redemption,
} from '../../src/domain/authorization-code.js';
import type { CodeRegister } from '../../src/domain/code-register.js';
import type { RefreshTokenStore } from '../../src/domain/refresh-token.js';
import type { Revocation } from '../../src/domain/token-record.js';

/**
 * How codes are often redeemed: check that the code is unused, store its tokens, then mark it as used; and a replay
 * revokes what is there. It is correct only while no other caller comes in between. Tests of races must fail with it.
 */
export class NaiveCodeStore extends AuthorizationCodeStore {
  constructor(
    private readonly register: CodeRegister,
    private readonly tokens: RefreshTokenStore,
  ) {
    super();
  }

  insert(code: AuthorizationCode): Promise<void> {
    return this.register.insert(code);
  }

  find(hash: Buffer): Promise<AuthorizationCode | undefined> {
    return this.register.find(hash);
  }

  async redeem({ code, now, accessToken, refreshToken }: Redemption): Promise<boolean> {
    const found = await this.register.find(code.hash);
    if (!found || found.usedAt !== undefined) return false;
    await this.register.use(code.hash, now);
    await this.tokens.begin(refreshToken, accessToken);
    return true;
  }

  endReplayed({ family }: AuthorizationCode, revocation: Revocation): Promise<void> {
    return this.tokens.revokeFamily(family, revocation);
  }
}
