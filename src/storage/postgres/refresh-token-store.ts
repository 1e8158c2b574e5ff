import { hashKey, type StoredAccessToken } from '../../domain/access-token.js';
import type { ChangeFeed } from '../../domain/change-feed.js';
import {
  maxRetries,
  type RefreshToken,
  RefreshTokenStore,
  type Rotation,
} from '../../domain/refresh-token.js';
import type { Revocation } from '../../domain/token-record.js';
import { auditEventValues, insertAuditEvent } from './audit-log.js';
import { insertion } from './access-token-store.js';
import type { Deadline } from './connection-shares.js';
import type { Database, Transaction } from './database.js';
import type { Statement } from './statement.js';
import type { BatcherLimits, StatementBatcher } from './statement-batcher.js';
import { notify, payloadsOf } from './notification.js';
import { milliseconds } from './table.js';
import {
  accessTokenTable,
  refreshTokenTable,
  type SelectedRefreshToken,
  toAccessTokenRow,
  toRefreshToken,
  toRefreshTokenRow,
} from './token-rows.js';

const insertRefreshToken: Statement = {
  name: 'insert_refresh_token',
  text: `INSERT INTO refresh_token (${refreshTokenTable.names}) VALUES (${refreshTokenTable.parameters()})`,
};

const family = `WITH family AS (INSERT INTO token_family (id, revoked, expires_at) VALUES ($1, false, $2))`;

/** Inserts a family with its first refresh token and access token, in one statement. */
const beginFamily: Statement = {
  name: 'begin_token_family',
  text: `${family},
      refresh AS (INSERT INTO refresh_token (${refreshTokenTable.names}) VALUES (${refreshTokenTable.parameters(2)}))
    INSERT INTO access_token (${accessTokenTable.names})
      VALUES (${accessTokenTable.parameters(2 + refreshTokenTable.width)})`,
};

const beginLoneFamily: Statement = {
  name: 'begin_lone_token_family',
  text: `${family}
    INSERT INTO access_token (${accessTokenTable.names}) VALUES (${accessTokenTable.parameters(2)})`,
};

/** Each hash costs one read of the primary keys of tokens and of families. */
const findRefreshTokens: Statement = {
  name: 'find_refresh_tokens',
  text: `SELECT ${refreshTokenTable.selection},
      (SELECT ${milliseconds('expires_at')} FROM token_family WHERE id = family) AS "familyExpiresAt"
    FROM refresh_token
    WHERE hash = ANY ($1::bytea[]) AND NOT (SELECT revoked FROM token_family WHERE id = family)`,
};

const findLimits: BatcherLimits = { items: 500, underWay: 4 };

type FoundRefreshToken = SelectedRefreshToken & { readonly familyExpiresAt: string };

/** A rotation and a revocation both take this lock first, so they never overlap. */
const lockFamily: Statement = {
  name: 'lock_token_family',
  text: `SELECT revoked FROM token_family WHERE id = $1 FOR UPDATE`,
};

/** Decides which of several callers may use the token: the statement updates its row for one of them only. */
const useRefreshToken: Statement = {
  name: 'use_refresh_token',
  text: `UPDATE refresh_token
    SET used_at = coalesce(used_at, $2), retries = retries + CASE WHEN used_at IS NULL THEN 0 ELSE 1 END
    WHERE hash = $1 AND (used_at IS NULL OR (used_at >= $3 AND retries < ${maxRetries}))
    RETURNING hash`,
};

const unusedRefreshToken: Statement = {
  name: 'unused_refresh_token',
  text: `SELECT hash FROM refresh_token WHERE hash = $1 AND used_at IS NULL`,
};

const revokeFamily: Statement = {
  name: 'revoke_token_family',
  text: `UPDATE token_family SET revoked = true, revoked_at = $2, revoked_by = $3 WHERE id = $1 AND NOT revoked
    RETURNING id`,
};

/** The rows stay until they expire, so that an operator can be told why they are not active. */
const revokeAccessTokens: Statement = {
  name: 'revoke_family_access_tokens',
  text: `UPDATE access_token SET revoked = true, revoked_at = $2, revoked_by = 'family'
    WHERE family = $1 AND NOT revoked RETURNING hash`,
};

/** Refresh tokens in PostgreSQL. */
export class PostgresRefreshTokenStore extends RefreshTokenStore {
  private readonly finds: StatementBatcher<Buffer, RefreshToken | undefined>;

  /** @param feed notifies this node of its own revocations; the transaction notifies the other nodes */
  constructor(
    private readonly database: Database,
    private readonly feed: ChangeFeed,
  ) {
    super();
    this.finds = database.batcher(findRefreshTokens.name, (...batch) => this.findAll(...batch), findLimits);
  }

  async begin(refreshToken: RefreshToken | undefined, accessToken: StoredAccessToken): Promise<void> {
    const { family } = refreshToken ?? accessToken;
    const first = [family, familyEnd(refreshToken, accessToken)];
    const access = accessTokenTable.values(toAccessTokenRow(accessToken));
    if (!refreshToken) await this.database.write(beginLoneFamily, [...first, ...access]);
    else {
      const refresh = refreshTokenTable.values(toRefreshTokenRow(refreshToken));
      await this.database.write(beginFamily, [...first, ...refresh, ...access]);
    }
  }

  find(hash: Buffer): Promise<RefreshToken | undefined> {
    return this.finds.add(hash);
  }

  async rotate(rotation: Rotation): Promise<boolean> {
    const { presented, accessToken, successor } = rotation;
    return this.database.transaction(async (transaction) => {
      const [family] = await transaction.query<{ revoked: boolean }>(lockFamily, [presented.family]);
      if (!family || family.revoked || !(await use(transaction, rotation))) return false;
      if (successor) {
        await transaction.query(insertRefreshToken, refreshTokenTable.values(toRefreshTokenRow(successor)));
      }
      await transaction.query(...insertion([accessToken]));
      return true;
    });
  }

  async revokeFamily(family: string, { at, by, event }: Revocation): Promise<void> {
    let ended: readonly Buffer[] = [];
    try {
      await this.database.transaction(async (transaction) => {
        await transaction.query(lockFamily, [family]);
        const revokedAt = new Date(at);
        const first = await transaction.query(revokeFamily, [family, revokedAt, by]);
        if (event && first.length > 0) await transaction.query(insertAuditEvent, auditEventValues(event));
        const rows = await transaction.query<{ hash: Buffer }>(revokeAccessTokens, [family, revokedAt]);
        ended = rows.map(({ hash }) => hash);
        for (const payload of payloadsOf([{ accessTokens: ended }]))
          await transaction.query(notify, [payload]);
      });
    } finally {
      this.feed.announce({ accessTokens: ended });
    }
  }

  private async findAll(
    hashes: readonly Buffer[],
    deadline: Deadline,
  ): Promise<(RefreshToken | undefined)[]> {
    const rows = await this.database.read<FoundRefreshToken>(findRefreshTokens, [hashes], deadline);
    const found = new Map(rows.map((row) => [hashKey(row.hash), row]));
    return hashes.map((hash) => {
      const row = found.get(hashKey(hash));
      return row && toRefreshToken(row, row.familyExpiresAt);
    });
  }
}

/** When a family ends: with its refresh tokens, or with the access token that it has alone. */
export function familyEnd(refreshToken: RefreshToken | undefined, accessToken: StoredAccessToken): Date {
  return new Date(refreshToken?.familyExpiresAt ?? accessToken.expiresAt);
}

/**
 * Marks the presented token as used, unless it is preserved.
 * @returns whether it could be used
 */
async function use(
  transaction: Transaction,
  { presented, now, forgivenSince, preserved }: Rotation,
): Promise<boolean> {
  if (preserved) return (await transaction.query(unusedRefreshToken, [presented.hash])).length === 1;
  // Without forgiveness, no first use is recent enough to be forgiven.
  const since = forgivenSince === undefined ? 'infinity' : new Date(forgivenSince);
  return (await transaction.query(useRefreshToken, [presented.hash, new Date(now), since])).length === 1;
}
