import type { ChangeFeed } from '../../domain/change-feed.js';
import { type ImportBatch, TokenImporter } from '../../domain/token-import.js';
import type { Database, Statement, Transaction } from './database.js';
import { notify, payloadsOf } from './notification.js';
import {
  accessTokenColumns,
  accessTokenTypes,
  accessTokenValues,
  arrays,
  refreshTokenColumns,
  refreshTokenTypes,
  refreshTokenValues,
  transposed,
} from './token-rows.js';

/** A batch is many rows, in milliseconds. */
const timeoutMs = 30_000;

const insertAccessTokens: Statement = {
  name: 'import_access_tokens',
  text: `INSERT INTO access_token (hash, ${accessTokenColumns})
    SELECT * FROM unnest(${arrays(accessTokenTypes)}) ON CONFLICT (hash) DO NOTHING RETURNING 1`,
  timeoutMs,
};

/** A token that is there already keeps its family; the new one stands empty then, and goes again. */
const insertRefreshTokens: Statement = {
  name: 'import_refresh_tokens',
  text: `INSERT INTO refresh_token (hash, ${refreshTokenColumns}, retries)
    SELECT *, 0 FROM unnest(${arrays(refreshTokenTypes)}) ON CONFLICT (hash) DO NOTHING RETURNING 1`,
  timeoutMs,
};

const insertFamilies: Statement = {
  name: 'import_token_families',
  text: `INSERT INTO token_family (id, revoked, expires_at)
    SELECT id, false, expires_at FROM unnest($1::uuid[], $2::timestamptz[]) AS family (id, expires_at)`,
  timeoutMs,
};

const removeEmptyFamilies: Statement = {
  name: 'remove_empty_families',
  text: `DELETE FROM token_family
    WHERE id = ANY ($1::uuid[]) AND NOT EXISTS (SELECT FROM refresh_token WHERE family = token_family.id)`,
  timeoutMs,
};

const expectForeignTokens: Statement = {
  name: 'expect_foreign_tokens',
  text: `UPDATE registry SET foreign_tokens_until = greatest(foreign_tokens_until, $1)`,
  timeoutMs,
};

/** Takes tokens over into PostgreSQL, a batch in one transaction. */
export class PostgresTokenImporter extends TokenImporter {
  /** @param feed is told, and other nodes are notified, that tokens are there which were not */
  constructor(
    private readonly database: Database,
    private readonly feed: ChangeFeed,
  ) {
    super();
  }

  async add(batch: ImportBatch): Promise<number> {
    const { accessTokens, refreshTokens } = batch;
    const ends = [...accessTokens.map(({ expiresAt }) => expiresAt), ...refreshTokens.map(lastEnd)];
    if (ends.length === 0) return 0;
    try {
      return await this.database.transaction(async (transaction) => {
        const last = ends.reduce((latest, end) => Math.max(latest, end));
        await transaction.query(expectForeignTokens, [new Date(last)]);
        const columns = transposed(accessTokens.map(accessTokenValues), accessTokenTypes.length);
        const added = await transaction.query(insertAccessTokens, columns);
        const addedRefreshTokens = await addRefreshTokens(transaction, batch);
        for (const payload of payloadsOf(['everything'])) await transaction.query(notify, [payload]);
        return added.length + addedRefreshTokens;
      });
    } finally {
      this.feed.announce('everything');
    }
  }
}

async function addRefreshTokens(transaction: Transaction, { refreshTokens }: ImportBatch): Promise<number> {
  if (refreshTokens.length === 0) return 0;
  const families = refreshTokens.map(({ family }) => family);
  await transaction.query(insertFamilies, [families, refreshTokens.map((token) => new Date(lastEnd(token)))]);
  const columns = transposed(refreshTokens.map(refreshTokenValues), refreshTokenTypes.length);
  const added = await transaction.query(insertRefreshTokens, columns);
  await transaction.query(removeEmptyFamilies, [families]);
  return added.length;
}

function lastEnd({ familyExpiresAt }: { readonly familyExpiresAt: number }): number {
  return familyExpiresAt;
}
