import type { ChangeFeed } from '../../domain/change-feed.js';
import type { TokenStorage } from '../../domain/token-storage.js';
import { PostgresAccessTokenStore } from './access-token-store.js';
import type { Database } from './database.js';
import { PostgresRefreshTokenStore } from './refresh-token-store.js';
import { PostgresTokenImporter } from './token-importer.js';
import { PostgresTokenRecords } from './token-records.js';
import { PostgresTokenPurger } from './token-purger.js';
import { PostgresTokenStatistics } from './token-statistics.js';

/** The tokens of a PostgreSQL database. */
export function postgresTokenStorage(database: Database, feed: ChangeFeed): TokenStorage {
  return {
    accessTokens: new PostgresAccessTokenStore(database, feed),
    refreshTokens: new PostgresRefreshTokenStore(database, feed),
    importer: new PostgresTokenImporter(database, feed),
    purger: new PostgresTokenPurger(database),
    records: new PostgresTokenRecords(database),
    statistics: new PostgresTokenStatistics(database),
  };
}
