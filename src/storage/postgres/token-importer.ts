import { hashKey, type StoredAccessToken } from '../../domain/access-token.js';
import type { ChangeFeed } from '../../domain/change-feed.js';
import type { RefreshToken } from '../../domain/refresh-token.js';
import {
  familyEnds,
  type ImportBatch,
  importEvent,
  type ImportRun,
  lastEnd,
  longestFamily,
  TokenImporter,
} from '../../domain/token-import.js';
import { auditEventValues, insertImportEvent } from './audit-log.js';
import type { Database, Transaction } from './database.js';
import type { TokenFamilyEntity } from './entities/tokens.js';
import type { Statement } from './statement.js';
import { notify, payloadsOf } from './notification.js';
import { expectForeignTokens } from './token-key-store.js';
import { accessTokenTable, refreshTokenTable, toAccessTokenRow, toRefreshTokenRow } from './token-rows.js';

/** Longest time for a batch, in milliseconds: it has many rows. */
const timeoutMs = 30_000;

const insertAccessTokens: Statement = {
  name: 'import_access_tokens',
  text: `INSERT INTO access_token (${accessTokenTable.names})
    SELECT * FROM ${accessTokenTable.rows} ON CONFLICT (hash) DO NOTHING RETURNING 1`,
  timeoutMs,
};

/** A token that exists already keeps its family. */
const insertRefreshTokens: Statement = {
  name: 'import_refresh_tokens',
  text: `INSERT INTO refresh_token (${refreshTokenTable.names})
    SELECT * FROM ${refreshTokenTable.rows} ON CONFLICT (hash) DO NOTHING RETURNING hash`,
  timeoutMs,
};

/**
 * Adds the families that are not there, and locks all of them, as a rotation and a revocation do: until the batch is
 * committed none is revoked. The order of the locks is the same in every import, so that no two wait for each other.
 */
const takeFamilies: Statement = {
  name: 'import_token_families',
  text: `INSERT INTO token_family (id, revoked, expires_at)
    SELECT id, false, expires_at FROM unnest($1::uuid[], $2::timestamptz[]) AS family (id, expires_at) ORDER BY id
    ON CONFLICT (id) DO UPDATE SET revoked = token_family.revoked RETURNING id, revoked`,
  timeoutMs,
};

/** A family lasts as long as its refresh tokens: those that have just joined it, and any that it had before. */
const prolongFamilies: Statement = {
  name: 'prolong_token_families',
  text: `UPDATE token_family SET expires_at = joined.expires_at
    FROM unnest($1::uuid[], $2::timestamptz[]) AS joined (id, expires_at)
    WHERE token_family.id = joined.id AND token_family.expires_at <> joined.expires_at
      AND (token_family.expires_at < joined.expires_at OR NOT EXISTS (
        SELECT FROM refresh_token WHERE family = joined.id AND hash <> ALL ($3::bytea[]) OFFSET 0))`,
  timeoutMs,
};

/** OFFSET 0 keeps the planner from reading whole tables, as in the purge. */
const removeEmptyFamilies: Statement = {
  name: 'remove_empty_families',
  text: `DELETE FROM token_family WHERE id = ANY ($1::uuid[]) AND NOT revoked
    AND NOT EXISTS (SELECT FROM refresh_token WHERE family = token_family.id OFFSET 0)
    AND NOT EXISTS (SELECT FROM access_token WHERE family = token_family.id OFFSET 0)`,
  timeoutMs,
};

/** Imports tokens into PostgreSQL, each batch in one transaction. */
export class PostgresTokenImporter extends TokenImporter {
  /** @param feed notifies this node of the added tokens; the transaction notifies the others */
  constructor(
    private readonly database: Database,
    private readonly feed: ChangeFeed,
  ) {
    super();
  }

  async add(batch: ImportBatch, run?: ImportRun): Promise<number> {
    const end = lastEnd(batch);
    if (end === undefined) return 0;
    try {
      const work = async (transaction: Transaction) => {
        await transaction.query(expectForeignTokens, [new Date(end), longestFamily(batch)]);
        const added = await addTokens(transaction, batch);
        if (added === 0) return 0;
        if (run)
          await transaction.query(insertImportEvent, auditEventValues(importEvent(run, added), run.id));
        for (const payload of payloadsOf(['addedTokens'])) await transaction.query(notify, [payload]);
        return added;
      };
      return await this.database.transaction(work, { purpose: 'job', timeoutMs });
    } finally {
      this.feed.announce('addedTokens');
    }
  }
}

/** @returns how many were added */
async function addTokens(transaction: Transaction, batch: ImportBatch): Promise<number> {
  const ends = familyEnds(batch);
  const families = [...ends.keys()];
  if (families.length === 0) return addAccessTokens(transaction, batch.accessTokens);
  const expiry = [...ends.values()].map((end) => new Date(end));
  const taken = await transaction.query<TakenFamily>(takeFamilies, [families, expiry]);
  const revoked = new Set(taken.filter((family) => family.revoked).map(({ id }) => id));
  const isLiving = ({ family }: { readonly family?: string }) => family === undefined || !revoked.has(family);
  const added =
    (await addAccessTokens(transaction, batch.accessTokens.filter(isLiving))) +
    (await addRefreshTokens(transaction, batch.refreshTokens.filter(isLiving)));
  await transaction.query(removeEmptyFamilies, [families]);
  return added;
}

type TakenFamily = Pick<TokenFamilyEntity, 'id' | 'revoked'>;

async function addAccessTokens(
  transaction: Transaction,
  tokens: readonly StoredAccessToken[],
): Promise<number> {
  const rows = accessTokenTable.arrays(tokens.map(toAccessTokenRow));
  return (await transaction.query(insertAccessTokens, rows)).length;
}

async function addRefreshTokens(transaction: Transaction, tokens: readonly RefreshToken[]): Promise<number> {
  if (tokens.length === 0) return 0;
  const rows = refreshTokenTable.arrays(tokens.map(toRefreshTokenRow));
  const added = await transaction.query<{ hash: Buffer }>(insertRefreshTokens, rows);
  const hashes = added.map(({ hash }) => hash);
  const keys = new Set(hashes.map(hashKey));
  const ends = familyEnds({
    accessTokens: [],
    refreshTokens: tokens.filter(({ hash }) => keys.has(hashKey(hash))),
  });
  const expiry = [...ends.values()].map((end) => new Date(end));
  await transaction.query(prolongFamilies, [[...ends.keys()], expiry, hashes]);
  return added.length;
}
