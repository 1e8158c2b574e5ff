import {
  type AccessTokenRecord,
  type RecordedRevocation,
  type RefreshTokenRecord,
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

const findRefreshToken: Statement = {
  name: 'find_refresh_token_record',
  text: `SELECT ${refreshTokenTable.selection} FROM refresh_token WHERE hash = $1`,
};

const findFamily: Statement = {
  name: 'find_token_family_record',
  text: `SELECT ${milliseconds('expires_at')} AS "expiresAt", ${revocationColumns} FROM token_family WHERE id = $1`,
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

  async findRefreshToken(hash: Buffer): Promise<RefreshTokenRecord | undefined> {
    const [row] = await this.database.read<SelectedRefreshToken>(findRefreshToken, [hash]);
    if (!row) return undefined;
    const family = await this.family(row.family);
    return family && { token: toRefreshToken(row, family.expiresAt), revocation: toRevocation(family) };
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

/** Undefined for what was not revoked. */
export function toRevocation({
  revoked,
  revokedAt,
  revokedBy,
}: RevocationRow): RecordedRevocation | undefined {
  if (!revoked) return undefined;
  return { at: revokedAt === null ? undefined : Number(revokedAt), by: revokedBy ?? undefined };
}
