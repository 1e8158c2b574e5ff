import type { ChangeFeed } from '../../domain/change-feed.js';
import {
  type ImportBatch,
  importEvent,
  type ImportRun,
  lastEnd,
  longestFamily,
  TokenImporter,
} from '../../domain/token-import.js';
import { auditEventValues, insertImportEvent } from './audit-log.js';
import type { Database, Transaction } from './database.js';
import type { Statement } from './statement.js';
import { notify, payloadsOf } from './notification.js';
import { expectForeignTokens } from './token-key-store.js';
import { accessTokenTable, refreshTokenTable, toAccessTokenRow, toRefreshTokenRow } from './token-rows.js';

/** Longest wait for each statement of a batch, in milliseconds: a batch has many rows. */
const timeoutMs = 30_000;

const insertAccessTokens: Statement = {
  name: 'import_access_tokens',
  text: `INSERT INTO access_token (${accessTokenTable.names})
    SELECT * FROM ${accessTokenTable.rows} ON CONFLICT (hash) DO NOTHING RETURNING 1`,
  timeoutMs,
};

/** A token that exists already keeps its family. Its new family then stays empty, and is removed. */
const insertRefreshTokens: Statement = {
  name: 'import_refresh_tokens',
  text: `INSERT INTO refresh_token (${refreshTokenTable.names})
    SELECT * FROM ${refreshTokenTable.rows} ON CONFLICT (hash) DO NOTHING RETURNING 1`,
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

/** Imports tokens into PostgreSQL, each batch in one transaction. */
export class PostgresTokenImporter extends TokenImporter {
  /** @param feed notifies this node that anything may have changed; the transaction notifies the others */
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
      return await this.database.transaction(async (transaction) => {
        await transaction.query(expectForeignTokens, [new Date(end), longestFamily(batch)]);
        const rows = accessTokenTable.arrays(batch.accessTokens.map(toAccessTokenRow));
        const addedAccessTokens = await transaction.query(insertAccessTokens, rows);
        const added = addedAccessTokens.length + (await addRefreshTokens(transaction, batch));
        if (run && added > 0) {
          await transaction.query(insertImportEvent, auditEventValues(importEvent(run, added), run.id));
        }
        for (const payload of payloadsOf(['everything'])) await transaction.query(notify, [payload]);
        return added;
      });
    } finally {
      this.feed.announce('everything');
    }
  }
}

async function addRefreshTokens(transaction: Transaction, { refreshTokens }: ImportBatch): Promise<number> {
  if (refreshTokens.length === 0) return 0;
  const families = refreshTokens.map(({ family }) => family);
  await transaction.query(insertFamilies, [
    families,
    refreshTokens.map(({ familyExpiresAt }) => new Date(familyExpiresAt)),
  ]);
  const rows = refreshTokenTable.arrays(refreshTokens.map(toRefreshTokenRow));
  const added = await transaction.query(insertRefreshTokens, rows);
  await transaction.query(removeEmptyFamilies, [families]);
  return added.length;
}
