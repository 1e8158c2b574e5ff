import type { Clock } from '../../src/domain/clock.js';
import type { Rotation } from '../../src/domain/refresh-token.js';
import { insertRows } from '../../src/storage/cassandra/access-tokens.js';
import {
  accessMember,
  keptUntil,
  refreshMember,
  refreshTokenInsertion,
} from '../../src/storage/cassandra/family-members.js';
import { CassandraRefreshTokenStore } from '../../src/storage/cassandra/refresh-token-store.js';
import type { CassandraSession, CqlStatement } from '../../src/storage/cassandra/session.js';
import { RecordedChanges } from '../support/recorded-changes.js';

const use: CqlStatement = {
  name: 'naive_use',
  cql: 'UPDATE token_family SET used_at = ?, uses = 1 WHERE family = ? AND kind = 1 AND hash = ?',
};

/**
 * How rotation is often written: check that the token is unused, then mark it as used. Nothing decides between two
 * callers, so it is correct only while no other one comes in between. Tests of races must fail with this store.
 */
export class NaiveCassandraStore extends CassandraRefreshTokenStore {
  constructor(
    private readonly naive: CassandraSession,
    private readonly wallClock: Clock,
  ) {
    super(naive, new RecordedChanges(), wallClock);
  }

  override async rotate({ presented, now: usedAt, accessToken, successor }: Rotation): Promise<boolean> {
    const found = await this.find(presented.hash);
    if (!found || found.usedAt !== undefined) return false;
    const { family, hash, familyExpiresAt } = presented;
    const now = this.wallClock.now();
    const until = keptUntil(familyExpiresAt, accessToken);
    await this.naive.write([use, [new Date(usedAt), family, hash]]);
    if (successor) {
      await this.naive.write(refreshTokenInsertion(successor, until, now));
      await this.naive.write(refreshMember(successor, until, now));
    }
    await insertRows(this.naive, accessToken, now);
    await this.naive.write(accessMember(accessToken, family, now));
    return true;
  }
}
