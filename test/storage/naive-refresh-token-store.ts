import type { Rotation } from '../../src/domain/refresh-token.js';
import { insertion } from '../../src/storage/postgres/access-token-store.js';
import type { Database } from '../../src/storage/postgres/database.js';
import type { Statement } from '../../src/storage/postgres/statement.js';
import { PostgresRefreshTokenStore } from '../../src/storage/postgres/refresh-token-store.js';
import { refreshTokenTable, toRefreshTokenRow } from '../../src/storage/postgres/token-rows.js';
import { RecordedChanges } from '../support/recorded-changes.js';

/** By a statement of its own: the store's is sent a moment later, together with others. */
const findUnused: Statement = {
  name: 'naive_find',
  text: `SELECT FROM refresh_token WHERE hash = $1 AND used_at IS NULL
    AND NOT (SELECT revoked FROM token_family WHERE id = family)`,
};

const use: Statement = {
  name: 'naive_use',
  text: `UPDATE refresh_token SET used_at = $2 WHERE hash = $1`,
};

const insert: Statement = {
  name: 'naive_insert',
  text: `INSERT INTO refresh_token (${refreshTokenTable.names}) VALUES (${refreshTokenTable.parameters()})`,
};

/**
 * How rotation is often written: check that the token is unused, then mark it as used. It takes no lock and
 * its update has no condition, so it is correct only while no other caller comes in between. Tests of races
 * must fail with this store.
 */
export class NaiveRefreshTokenStore extends PostgresRefreshTokenStore {
  constructor(private readonly naive: Database) {
    super(naive, new RecordedChanges());
  }

  override async rotate({ presented, now, accessToken, successor }: Rotation): Promise<boolean> {
    if ((await this.naive.read(findUnused, [presented.hash])).length === 0) return false;
    await this.naive.write(use, [presented.hash, new Date(now)]);
    if (successor) await this.naive.write(insert, refreshTokenTable.values(toRefreshTokenRow(successor)));
    await this.naive.write(...insertion([accessToken]));
    return true;
  }
}
