import type { Page } from '../../domain/page.js';
import {
  type AccessTokenRecord,
  type FamilyOwner,
  type ListedToken,
  placeOfToken,
  type RecordedRevocation,
  type RefreshTokenRecord,
  type TokenPart,
  TokenRecords,
} from '../../domain/token-record.js';
import type { Database } from './database.js';
import type { AccessTokenEntity, TokenFamilyEntity } from './entities/tokens.js';
import type { Statement } from './statement.js';
import { milliseconds, type Selected } from './table.js';
import {
  accessTokenTable,
  refreshTokenTable,
  type SelectedAccessToken,
  type SelectedRefreshToken,
  toAccessToken,
  toRefreshToken,
} from './token-rows.js';

/** The columns of `RevocationRow`, of an access token or a family. */
export const revocationColumns = `revoked, ${milliseconds('revoked_at')} AS "revokedAt", revoked_by AS "revokedBy"`;

const findAccessToken: Statement = {
  name: 'find_access_token_record',
  text: `SELECT ${accessTokenTable.selection}, ${revocationColumns} FROM access_token WHERE hash = $1`,
  // Readiness asks it.
  purpose: 'check',
};

/** Walks the index of a user's tokens backwards. */
export const listAccessTokens: Statement = {
  name: 'list_access_tokens',
  text: `SELECT ${accessTokenTable.selection}, ${revocationColumns} FROM access_token
    WHERE realm = $1 AND username = $2 AND (access_token.issued_at, hash) < ($3::timestamptz, $4::bytea)
    ORDER BY access_token.issued_at DESC, hash DESC LIMIT $5`,
};

const findRefreshToken: Statement = {
  name: 'find_refresh_token_record',
  text: `SELECT ${refreshTokenTable.selection} FROM refresh_token WHERE hash = $1`,
};

const findFamily: Statement = {
  name: 'find_token_family_record',
  text: `SELECT ${milliseconds('expires_at')} AS "expiresAt", ${revocationColumns} FROM token_family WHERE id = $1`,
};

/** Nearly every family has refresh tokens: their index is read first, and mostly alone. */
const findFamilyOwner: Statement = {
  name: 'find_token_family_owner',
  text: `SELECT realm, client_id AS "clientId", username FROM refresh_token WHERE family = $1
    UNION ALL SELECT realm, client_id, username FROM access_token WHERE family = $1
    LIMIT 1`,
};

/** What is stored of a revocation. */
export type RevocationRow = Selected<Pick<AccessTokenEntity, 'revoked' | 'revokedAt' | 'revokedBy'>>;

type FamilyRow = RevocationRow & Selected<Pick<TokenFamilyEntity, 'expiresAt'>>;

/** Tokens and families as PostgreSQL has them. */
export class PostgresTokenRecords extends TokenRecords {
  constructor(private readonly database: Database) {
    super();
  }

  async findAccessToken(hash: Buffer): Promise<AccessTokenRecord | undefined> {
    const [row] = await this.database.read<SelectedAccessToken & RevocationRow>(findAccessToken, [hash]);
    return row && { token: toAccessToken(row), revocation: toRevocation(row) };
  }

  async listOfUser(realm: string, username: string, { limit, before }: Page): Promise<TokenPart> {
    const place = before
      ? [new Date(before.at), Buffer.from(before.id, 'base64url')]
      : ['infinity', Buffer.alloc(0)];
    const values = [realm, username, ...place, limit + 1];
    const rows = await this.database.read<SelectedAccessToken & RevocationRow>(listAccessTokens, values);
    const tokens = rows.slice(0, limit).map(toListedToken);
    return { tokens, last: rows.length > limit ? placeOfToken(tokens[limit - 1]) : undefined };
  }

  async findRefreshToken(hash: Buffer): Promise<RefreshTokenRecord | undefined> {
    const [row] = await this.database.read<SelectedRefreshToken>(findRefreshToken, [hash]);
    if (!row) return undefined;
    const family = await this.family(row.family);
    return family && { token: toRefreshToken(row, family.expiresAt), revocation: toRevocation(family) };
  }

  async findFamilyOwner(family: string): Promise<FamilyOwner | undefined> {
    const [row] = await this.database.read<FamilyOwner & { username: string | null }>(findFamilyOwner, [
      family,
    ]);
    return row && { ...row, username: row.username ?? undefined };
  }

  async findFamilyRevocation(id: string): Promise<RecordedRevocation | undefined> {
    const family = await this.family(id);
    return family && toRevocation(family);
  }

  private async family(id: string): Promise<FamilyRow | undefined> {
    const [row] = await this.database.read<FamilyRow>(findFamily, [id]);
    return row;
  }
}

function toListedToken(row: SelectedAccessToken & RevocationRow): ListedToken {
  return { hash: row.hash, token: toAccessToken(row), revocation: toRevocation(row) };
}

/** Undefined for what was not revoked. */
export function toRevocation({
  revoked,
  revokedAt,
  revokedBy,
}: RevocationRow): RecordedRevocation | undefined {
  if (!revoked) return undefined;
  return { at: revokedAt === null ? undefined : Number(revokedAt), by: revokedBy ?? undefined };
}
