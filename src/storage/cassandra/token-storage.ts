import type { AuditLog } from '../../domain/audit.js';
import type { ChangeFeed } from '../../domain/change-feed.js';
import type { Clock } from '../../domain/clock.js';
import type { TokenKeyStore } from '../../domain/token-key.js';
import type { TokenStorage } from '../../domain/token-storage.js';
import { CassandraAccessTokenStore } from './access-token-store.js';
import { CassandraRefreshTokenStore } from './refresh-token-store.js';
import type { CassandraSession } from './session.js';
import { CassandraTokenImporter } from './token-importer.js';
import { CassandraTokenRecords } from './token-records.js';

/** What the tokens of a Cassandra cluster need of the database that keeps everything else. */
export interface Surroundings {
  readonly keys: TokenKeyStore;
  readonly feed: ChangeFeed;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/** The tokens of a Cassandra cluster. Their rows end by themselves: nothing is purged, and nothing can be overdue. */
export function cassandraTokenStorage(
  session: CassandraSession,
  { keys, feed, audit, clock }: Surroundings,
): TokenStorage {
  return {
    accessTokens: new CassandraAccessTokenStore(session, feed, audit, clock),
    refreshTokens: new CassandraRefreshTokenStore(session, feed, clock),
    importer: new CassandraTokenImporter(session, keys, feed, audit, clock),
    purger: { purge: async () => 0 },
    records: new CassandraTokenRecords(session),
    statistics: { statistics: async () => ({ overdueMs: 0 }) },
  };
}
