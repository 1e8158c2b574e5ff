import {
  type AccessTokenCopy,
  type CopyBatch,
  type FamilyCopy,
  type RefreshTokenCopy,
  TokenSource,
} from '../../domain/token-copy.js';
import type { Database } from './database.js';
import type { TokenFamilyEntity } from './entities/tokens.js';
import type { Statement } from './statement.js';
import { milliseconds, type Selected } from './table.js';
import { type RevocationRow, revocationColumns, toRevocation } from './token-records.js';
import {
  accessTokenTable,
  refreshTokenTable,
  type SelectedAccessToken,
  type SelectedRefreshToken,
  toAccessToken,
  toRefreshToken,
} from './token-rows.js';

/** How many tokens are read at once. */
const pageSize = 1000;

/** Longest wait for a page, in milliseconds. */
const timeoutMs = 30_000;

/** Walks the primary key: with a condition on `expires_at`, PostgreSQL might sort all that it finds by that index. */
export const readAccessTokens: Statement = {
  name: 'copy_access_tokens',
  text: `SELECT ${accessTokenTable.selection}, ${revocationColumns} FROM access_token
    WHERE hash > $1 ORDER BY hash LIMIT ${pageSize}`,
  timeoutMs,
};

/** Walks the index of families; within each, the tokens are sorted. */
export const readRefreshTokens: Statement = {
  name: 'copy_refresh_tokens',
  text: `SELECT ${refreshTokenTable.selection} FROM refresh_token
    WHERE family >= $1 AND (family > $1 OR hash > $2) ORDER BY family, hash LIMIT ${pageSize}`,
  timeoutMs,
};

/** When a family and the last of its access tokens have expired. */
const lastsUntil =
  'greatest(expires_at, (SELECT max(expires_at) FROM access_token WHERE family = token_family.id))';

export const readFamilies: Statement = {
  name: 'copy_token_families',
  text: `SELECT id, ${milliseconds('expires_at')} AS "expiresAt", ${revocationColumns}, ${milliseconds(lastsUntil)} AS "lastsUntil"
    FROM token_family WHERE id = ANY ($1::uuid[])`,
  timeoutMs,
};

/** Families of access tokens alone, as of codes whose clients get no refresh token. Walks the primary key. */
export const readLoneFamilies: Statement = {
  name: 'copy_lone_families',
  text: `SELECT id, ${milliseconds('expires_at')} AS "expiresAt", ${revocationColumns}, ${milliseconds(lastsUntil)} AS "lastsUntil"
    FROM token_family
    WHERE id > $1 AND NOT EXISTS (SELECT FROM refresh_token WHERE family = token_family.id OFFSET 0)
    ORDER BY id LIMIT ${pageSize}`,
  timeoutMs,
};

type FamilyRow = Selected<TokenFamilyEntity> & { readonly lastsUntil: string };

/** The key of a page's last row. */
type Key = Pick<SelectedRefreshToken, 'family' | 'hash'>;

/** Before all keys. */
const start: Key = { family: '00000000-0000-0000-0000-000000000000', hash: Buffer.alloc(0) };

/** Reads all tokens of a PostgreSQL database, page by page. */
export class PostgresTokenSource extends TokenSource {
  constructor(private readonly database: Database) {
    super();
  }

  async *read(now: number): AsyncGenerator<CopyBatch> {
    yield* this.readAccessTokens(now);
    yield* this.readFamilies(now);
    yield* this.readLoneFamilies(now);
  }

  private async *readAccessTokens(now: number): AsyncGenerator<CopyBatch> {
    for (let after = start.hash; ;) {
      const rows = await this.database.read<SelectedAccessToken & RevocationRow>(readAccessTokens, [after]);
      const last = rows.at(-1);
      if (!last) return;
      after = last.hash;
      const living = rows.filter(({ expiresAt }) => Number(expiresAt) > now);
      yield { accessTokens: living.map(toAccessTokenCopy), families: [], share: shareOf(after) / 2 };
    }
  }

  private async *readFamilies(now: number): AsyncGenerator<CopyBatch> {
    for (let after = start; ;) {
      const rows = await this.database.read<SelectedRefreshToken>(readRefreshTokens, [
        after.family,
        after.hash,
      ]);
      const last = rows.at(-1);
      if (!last) return;
      after = last;
      const share = (1 + shareOf(Buffer.from(after.family.slice(0, 8), 'hex'))) / 2;
      yield { accessTokens: [], families: await this.familiesOf(rows, now), share };
    }
  }

  private async *readLoneFamilies(now: number): AsyncGenerator<CopyBatch> {
    for (let after = start.family; ;) {
      const rows = await this.database.read<FamilyRow>(readLoneFamilies, [after]);
      const last = rows.at(-1);
      if (!last) return;
      after = last.id;
      const families = rows
        .filter(({ lastsUntil }) => Number(lastsUntil) > now)
        .map((row) => toFamilyCopy(row, []));
      yield { accessTokens: [], families, share: 1 };
    }
  }

  /** The families of some refresh tokens, without those in which every token has expired. */
  private async familiesOf(tokens: readonly SelectedRefreshToken[], now: number): Promise<FamilyCopy[]> {
    const ids = new Set(tokens.map(({ family }) => family));
    const families = await this.database.read<FamilyRow>(readFamilies, [[...ids]]);
    const tokensOf = new Map<string, SelectedRefreshToken[]>(families.map(({ id }) => [id, []]));
    for (const token of tokens) tokensOf.get(token.family)?.push(token);
    return families
      .filter(({ lastsUntil }) => Number(lastsUntil) > now)
      .map((row) => toFamilyCopy(row, tokensOf.get(row.id)!));
  }
}

function toAccessTokenCopy(row: SelectedAccessToken & RevocationRow): AccessTokenCopy {
  return { token: { ...toAccessToken(row), hash: row.hash }, revocation: toRevocation(row) };
}

function toFamilyCopy(row: FamilyRow, tokens: readonly SelectedRefreshToken[]): FamilyCopy {
  return {
    family: row.id,
    lastsUntil: Number(row.lastsUntil),
    revocation: toRevocation(row),
    refreshTokens: tokens.map((token) => toRefreshTokenCopy(token, row)),
  };
}

function toRefreshTokenCopy(row: SelectedRefreshToken, { expiresAt }: FamilyRow): RefreshTokenCopy {
  return { token: toRefreshToken(row, expiresAt), uses: row.usedAt === null ? 0 : row.retries + 1 };
}

/** Where a key of random bytes stands among all keys, from 0 to 1. */
function shareOf(key: Buffer): number {
  return key.readUInt32BE(0) / 2 ** 32;
}
