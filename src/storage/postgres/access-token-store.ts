import {
  type AccessToken,
  AccessTokenStore,
  hashKey,
  type StoredAccessToken,
} from '../../domain/access-token.js';
import type { NewAuditEvent } from '../../domain/audit.js';
import type { ChangeFeed } from '../../domain/change-feed.js';
import type { Revocation } from '../../domain/token-record.js';
import { auditEventValues, insertAuditEvent } from './audit-log.js';
import type { BatcherLimits, StatementBatcher } from './statement-batcher.js';
import type { Deadline } from './connection-shares.js';
import type { Database } from './database.js';
import type { Statement } from './statement.js';
import { channel, payloadsOf } from './notification.js';
import { accessTokenTable, type SelectedAccessToken, toAccessToken, toAccessTokenRow } from './token-rows.js';

const insertTokens: Statement = {
  name: 'insert_access_tokens',
  text: `INSERT INTO access_token (${accessTokenTable.names}) SELECT * FROM ${accessTokenTable.rows}`,
};

/** Each hash costs one read of the primary key's index. */
export const findTokens: Statement = {
  name: 'find_access_tokens',
  text: `SELECT ${accessTokenTable.selection} FROM access_token WHERE hash = ANY ($1::bytea[]) AND NOT revoked`,
};

/** The row stays: without it, an import that is run again would make an imported token active again. */
const revokeToken: Statement = {
  name: 'revoke_access_token',
  text: `WITH revoked AS (UPDATE access_token
      SET revoked = true, revoked_at = $3, revoked_by = $4 WHERE hash = $1 AND NOT revoked)
    SELECT pg_notify('${channel}', $2)`,
};

/** A commit of many rows costs as much as a commit of one, so tokens that come during a commit wait for the next. */
const insertLimits: BatcherLimits = { items: 1000, underWay: 2 };
const findLimits: BatcherLimits = { items: 500, underWay: 4 };

/** The statement and its values that insert some access tokens. */
export function insertion(tokens: readonly StoredAccessToken[]): [Statement, unknown[]] {
  return [insertTokens, accessTokenTable.arrays(tokens.map(toAccessTokenRow))];
}

/** Access tokens in PostgreSQL. */
export class PostgresAccessTokenStore extends AccessTokenStore {
  private readonly inserts: StatementBatcher<StoredAccessToken, void>;
  private readonly finds: StatementBatcher<Buffer, AccessToken | undefined>;

  /** @param feed notifies this node of its own revocations; the statement notifies the other nodes */
  constructor(
    private readonly database: Database,
    private readonly feed: ChangeFeed,
  ) {
    super();
    this.inserts = database.batcher(insertTokens.name, (...batch) => this.insertAll(...batch), insertLimits);
    this.finds = database.batcher(findTokens.name, (...batch) => this.findAll(...batch), findLimits);
  }

  async insert(token: StoredAccessToken, event?: NewAuditEvent): Promise<void> {
    if (!event) return this.inserts.add(token);
    await this.database.transaction(async (transaction) => {
      await transaction.query(...insertion([token]));
      await transaction.query(insertAuditEvent, auditEventValues(event));
    });
  }

  find(hash: Buffer): Promise<AccessToken | undefined> {
    return this.finds.add(hash);
  }

  async revoke(hash: Buffer, { at, by, event }: Revocation): Promise<void> {
    const change = { accessTokens: [hash] };
    const values = [hash, ...payloadsOf([change]), new Date(at), by];
    try {
      if (!event) await this.database.write(revokeToken, values);
      else {
        await this.database.transaction(async (transaction) => {
          await transaction.query(revokeToken, values);
          await transaction.query(insertAuditEvent, auditEventValues(event));
        });
      }
    } finally {
      this.feed.announce(change);
    }
  }

  private async insertAll(tokens: readonly StoredAccessToken[], deadline: Deadline): Promise<void[]> {
    await this.database.write(...insertion(tokens), deadline);
    return tokens.map(() => undefined);
  }

  private async findAll(hashes: readonly Buffer[], deadline: Deadline): Promise<(AccessToken | undefined)[]> {
    const rows = await this.database.read<SelectedAccessToken>(findTokens, [hashes], deadline);
    const found = new Map(rows.map((row) => [hashKey(row.hash), row]));
    return hashes.map((hash) => {
      const row = found.get(hashKey(hash));
      return row && toAccessToken(row);
    });
  }
}
