import { type AccessToken, AccessTokenStore } from '../../domain/access-token.js';
import type { Database, Statement } from './database.js';
import {
  accessTokenColumns,
  type AccessTokenRow,
  accessTokenValues,
  placeholders,
  toAccessToken,
} from './token-rows.js';

export const insertToken: Statement = {
  name: 'insert_access_token',
  text: `INSERT INTO access_token (hash, ${accessTokenColumns}) VALUES (${placeholders(15)})`,
};

/** One read by primary key. */
export const findToken: Statement = {
  name: 'find_access_token',
  text: `SELECT ${accessTokenColumns}, revoked FROM access_token WHERE hash = $1`,
};

/** The row stays: a token that was imported would come to life again when its import is run again. */
const revokeToken: Statement = {
  name: 'revoke_access_token',
  text: `UPDATE access_token SET revoked = true WHERE hash = $1`,
};

/** Access tokens in PostgreSQL. */
export class PostgresAccessTokenStore extends AccessTokenStore {
  constructor(private readonly database: Database) {
    super();
  }

  async insert(token: AccessToken): Promise<void> {
    await this.database.write(insertToken, accessTokenValues(token));
  }

  async find(hash: Buffer): Promise<AccessToken | undefined> {
    const [row] = await this.database.read<AccessTokenRow>(findToken, [hash]);
    return row && !row.revoked ? toAccessToken(hash, row) : undefined;
  }

  async revoke(hash: Buffer): Promise<void> {
    await this.database.write(revokeToken, [hash]);
  }
}
