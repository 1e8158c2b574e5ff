import { type AccessToken, AccessTokenStore } from '../../domain/access-token.js';
import type { ChangeFeed } from '../../domain/change-feed.js';
import type { MaybePromise } from '../../domain/maybe-promise.js';
import { StatementBatcher, type BatcherLimits } from './statement-batcher.js';
import type { Database, Statement } from './database.js';
import { channel, payloadsOf } from './notification.js';
import {
  accessTokenColumns,
  type AccessTokenRow,
  accessTokenTypes,
  accessTokenValues,
  arrays,
  toAccessToken,
  transposed,
} from './token-rows.js';

const insertTokens: Statement = {
  name: 'insert_access_tokens',
  text: `INSERT INTO access_token (hash, ${accessTokenColumns}) SELECT * FROM unnest(${arrays(accessTokenTypes)})`,
};

/** One read of the primary key's index for each. */
export const findTokens: Statement = {
  name: 'find_access_tokens',
  text: `SELECT hash, ${accessTokenColumns} FROM access_token WHERE hash = ANY ($1::bytea[]) AND NOT revoked`,
};

/** The row stays: a token that was imported would come to life again when its import is run again. */
const revokeToken: Statement = {
  name: 'revoke_access_token',
  text: `WITH revoked AS (UPDATE access_token SET revoked = true WHERE hash = $1)
    SELECT pg_notify('${channel}', $2)`,
};

/** A commit costs the same for many rows as for one, so what comes while one is under way waits for the next. */
const insertLimits: BatcherLimits = { items: 1000, underWay: 2 };
const findLimits: BatcherLimits = { items: 500, underWay: 4 };

/** The statement and its values that insert some access tokens. */
export function insertion(tokens: readonly AccessToken[]): [Statement, unknown[]] {
  return [insertTokens, transposed(tokens.map(accessTokenValues), accessTokenTypes.length)];
}

/** Access tokens in PostgreSQL. */
export class PostgresAccessTokenStore extends AccessTokenStore {
  private readonly inserts: StatementBatcher<AccessToken, void>;
  private readonly finds: StatementBatcher<Buffer, AccessToken | undefined>;

  /** @param feed is told of what is revoked here; the other nodes' are notified in the same transaction */
  constructor(
    private readonly database: Database,
    private readonly feed: ChangeFeed,
  ) {
    super();
    this.inserts = new StatementBatcher((tokens) => this.insertAll(tokens), insertLimits);
    this.finds = new StatementBatcher((hashes) => this.findAll(hashes), findLimits);
  }

  insert(token: AccessToken): Promise<void> {
    return this.inserts.add(token);
  }

  find(hash: Buffer, mayExist?: () => boolean): MaybePromise<AccessToken | undefined> {
    return mayExist?.() === false ? undefined : this.finds.add(hash);
  }

  async revoke(hash: Buffer): Promise<void> {
    const change = { accessTokens: [hash] };
    try {
      await this.database.write(revokeToken, [hash, ...payloadsOf([change])]);
    } finally {
      this.feed.announce(change);
    }
  }

  private async insertAll(tokens: readonly AccessToken[]): Promise<void[]> {
    await this.database.write(...insertion(tokens));
    return tokens.map(() => undefined);
  }

  private async findAll(hashes: readonly Buffer[]): Promise<(AccessToken | undefined)[]> {
    const rows = await this.database.read<AccessTokenRow>(findTokens, [hashes]);
    const found = new Map(rows.map((row) => [key(row.hash), row]));
    return hashes.map((hash) => {
      const row = found.get(key(hash));
      return row && toAccessToken(row);
    });
  }
}

function key(hash: Buffer): string {
  return hash.toString('latin1');
}
