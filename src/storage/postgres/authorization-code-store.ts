import {
  type AuthorizationCode,
  AuthorizationCodeStore,
  type Redemption,
} from '../../domain/authorization-code.js';
import type { CodeRegister } from '../../domain/code-register.js';
import type { RefreshTokenStore } from '../../domain/refresh-token.js';
import type { Revocation } from '../../domain/token-record.js';
import { useCode } from './code-register.js';
import type { Database } from './database.js';
import { familyEnd } from './refresh-token-store.js';
import type { Statement } from './statement.js';
import { accessTokenTable, refreshTokenTable, toAccessTokenRow, toRefreshTokenRow } from './token-rows.js';

/** The code, the time, and the family's end come first. */
const own = 3;

const used = `WITH used AS (${useCode} RETURNING family),
    family AS (INSERT INTO token_family (id, revoked, expires_at) SELECT family, false, $3::timestamptz FROM used)`;

/** Whoever marks the code gets its tokens, in one statement: where the mark finds no unused code, nothing is inserted. */
const redeemForAccessToken: Statement = {
  name: 'redeem_code',
  text: `${used}
    INSERT INTO access_token (${accessTokenTable.names}) SELECT ${accessTokenTable.typedParameters(own)} FROM used`,
};

const redeemForBoth: Statement = {
  name: 'redeem_code_with_refresh_token',
  text: `${used},
    refresh AS (INSERT INTO refresh_token (${refreshTokenTable.names})
      SELECT ${refreshTokenTable.typedParameters(own + accessTokenTable.width)} FROM used)
    INSERT INTO access_token (${accessTokenTable.names}) SELECT ${accessTokenTable.typedParameters(own)} FROM used`,
};

/** Authorization codes in the database that keeps their tokens, too. */
export class PostgresAuthorizationCodeStore extends AuthorizationCodeStore {
  constructor(
    private readonly database: Database,
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

  async redeem({ code, now, accessToken, refreshToken }: Redemption): Promise<boolean> {
    const values = [code.hash, new Date(now), familyEnd(refreshToken, accessToken)];
    const access = accessTokenTable.values(toAccessTokenRow(accessToken));
    const inserted = refreshToken
      ? await this.database.write(redeemForBoth, [
          ...values,
          ...access,
          ...refreshTokenTable.values(toRefreshTokenRow(refreshToken)),
        ])
      : await this.database.write(redeemForAccessToken, [...values, ...access]);
    return inserted === 1;
  }

  /** A code that is found used has its tokens committed with it. */
  endReplayed({ family }: AuthorizationCode, revocation: Revocation): Promise<void> {
    return this.tokens.revokeFamily(family, revocation);
  }
}
