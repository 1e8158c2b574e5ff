import {
  type AccessToken,
  AccessTokenStore,
  hashKey,
  type StoredAccessToken,
} from '../../domain/access-token.js';
import type { ChangeFeed } from '../../domain/change-feed.js';
import type { MaybePromise } from '../../domain/maybe-promise.js';
import { StatementBatcher, type BatcherLimits } from './statement-batcher.js';
import type { Database } from './database.js';
import type { Statement } from './statement.js';
import { channel, payloadsOf } from './notification.js';
import { accessTokenTable, type AccessTokenRow, toAccessToken, toAccessTokenRow } from './token-rows.js';

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
  text: `WITH revoked AS (UPDATE access_token SET revoked = true WHERE hash = $1)
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
    this.inserts = new StatementBatcher((tokens) => this.insertAll(tokens), insertLimits);
    this.finds = new StatementBatcher((hashes) => this.findAll(hashes), findLimits);
  }

  insert(token: StoredAccessToken): Promise<void> {
    return this.inserts.add(token);
  }

  find(hash: Buffer, skipIf?: () => boolean): MaybePromise<AccessToken | undefined> {
    return skipIf?.() ? undefined : this.finds.add(hash);
  }

  async revoke(hash: Buffer): Promise<void> {
    const change = { accessTokens: [hash] };
    try {
      await this.database.write(revokeToken, [hash, ...payloadsOf([change])]);
    } finally {
      this.feed.announce(change);
    }
  }

  private async insertAll(tokens: readonly StoredAccessToken[]): Promise<void[]> {
    await this.database.write(...insertion(tokens));
    return tokens.map(() => undefined);
  }

  private async findAll(hashes: readonly Buffer[]): Promise<(AccessToken | undefined)[]> {
    const rows = await this.database.read<AccessTokenRow>(findTokens, [hashes]);
    const found = new Map(rows.map((row) => [hashKey(row.hash), row]));
    return hashes.map((hash) => {
      const row = found.get(hashKey(hash));
      return row && toAccessToken(row);
    });
  }
}
