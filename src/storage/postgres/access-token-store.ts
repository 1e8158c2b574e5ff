import { type AccessToken, AccessTokenStore } from '../../domain/access-token.js';
import type { GrantType } from '../../domain/grants/grant.js';
import { formatScope } from '../../domain/scope.js';
import type { Database, Statement } from './database.js';

interface AccessTokenRow {
  realm: string;
  client_id: string;
  username: string | null;
  scope: string;
  grant_type: string;
  auth_level: number;
  issued_at: Date;
  expires_at: Date;
  realm_epoch: string;
  client_epoch: string;
  resource_owner_epoch: string | null;
}

const columns = `realm, client_id, username, scope, grant_type, auth_level, issued_at, expires_at,
  realm_epoch, client_epoch, resource_owner_epoch`;

const insertToken: Statement = {
  name: 'insert_access_token',
  text: `INSERT INTO access_token (hash, ${columns})
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
};

/** One read by primary key. */
export const findToken: Statement = {
  name: 'find_access_token',
  text: `SELECT ${columns} FROM access_token WHERE hash = $1`,
};

/** Access tokens in PostgreSQL. */
export class PostgresAccessTokenStore extends AccessTokenStore {
  constructor(private readonly database: Database) {
    super();
  }

  async insert(token: AccessToken): Promise<void> {
    await this.database.write(insertToken, [
      token.hash,
      token.realm,
      token.clientId,
      token.username ?? null,
      formatScope(token.scope),
      token.grantType,
      token.authLevel,
      new Date(token.issuedAt),
      new Date(token.expiresAt),
      token.epochs.realm,
      token.epochs.client,
      token.epochs.resourceOwner ?? null,
    ]);
  }

  async find(hash: Buffer): Promise<AccessToken | undefined> {
    const [row] = await this.database.read<AccessTokenRow>(findToken, [hash]);
    return row && toAccessToken(hash, row);
  }
}

function toAccessToken(hash: Buffer, row: AccessTokenRow): AccessToken {
  return {
    hash,
    realm: row.realm,
    clientId: row.client_id,
    username: row.username ?? undefined,
    scope: row.scope === '' ? [] : row.scope.split(' '),
    grantType: row.grant_type as GrantType,
    authLevel: row.auth_level,
    issuedAt: row.issued_at.getTime(),
    expiresAt: row.expires_at.getTime(),
    epochs: {
      realm: Number(row.realm_epoch),
      client: Number(row.client_epoch),
      resourceOwner: row.resource_owner_epoch === null ? undefined : Number(row.resource_owner_epoch),
    },
  };
}
