import type { Provider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Config } from '../config/config.js';
import { AccessTokenStore } from '../domain/access-token.js';
import { ChangeFeed } from '../domain/change-feed.js';
import { Clock, SystemClock } from '../domain/clock.js';
import { Directory } from '../domain/directory.js';
import { RefreshTokenStore } from '../domain/refresh-token.js';
import { DirectoryWriter } from '../domain/directory-writer.js';
import { PasswordHasher } from '../domain/secret.js';
import { TokenImporter } from '../domain/token-import.js';
import { TokenKeyStore } from '../domain/token-key.js';
import { TokenPurger } from '../domain/token-purge.js';
import { Argon2idHasher } from '../hashing/argon2id.js';
import { CONFIG } from './process.module.js';
import { CachedAccessTokenStore } from '../storage/cached/access-token-store.js';
import { CachedDirectory } from '../storage/cached/directory.js';
import type { CacheLimits } from '../storage/cached/read-through.js';
import { MemoryTokenStore } from '../storage/memory/token-store.js';
import { PostgresAccessTokenStore } from '../storage/postgres/access-token-store.js';
import { Database } from '../storage/postgres/database.js';
import { PostgresDirectory } from '../storage/postgres/directory.js';
import { PostgresRefreshTokenStore } from '../storage/postgres/refresh-token-store.js';
import { PostgresDirectoryWriter } from '../storage/postgres/directory-writer.js';
import { PostgresTokenImporter } from '../storage/postgres/token-importer.js';
import { PostgresTokenKeyStore } from '../storage/postgres/token-key-store.js';
import { PostgresTokenPurger } from '../storage/postgres/token-purger.js';

/** Which adapter stands behind which of the domain's ports. */
export const stores: Provider[] = [
  {
    provide: Database,
    inject: [DataSource, CONFIG],
    useFactory: (dataSource: DataSource, { database }: Config) =>
      new Database(dataSource, { namedStatements: database.kind === 'server' }),
  },
  { provide: MemoryTokenStore, inject: [Clock], useFactory: (clock: Clock) => new MemoryTokenStore(clock) },
  {
    provide: AccessTokenStore,
    inject: [CONFIG, Database, MemoryTokenStore, ChangeFeed, Clock],
    useFactory: (
      { tokenStore, cache }: Config,
      database: Database,
      memory: MemoryTokenStore,
      feed: ChangeFeed,
      clock: Clock,
    ) => {
      if (tokenStore === 'memory') return memory;
      const store = new PostgresAccessTokenStore(database, feed);
      return cache.entries === 0 ? store : new CachedAccessTokenStore(store, feed, clock, limitsOf(cache));
    },
  },
  {
    provide: RefreshTokenStore,
    inject: [CONFIG, Database, MemoryTokenStore, ChangeFeed],
    useFactory: ({ tokenStore }: Config, database: Database, memory: MemoryTokenStore, feed: ChangeFeed) =>
      tokenStore === 'memory' ? memory.refresh : new PostgresRefreshTokenStore(database, feed),
  },
  {
    provide: TokenKeyStore,
    inject: [Database],
    useFactory: (database: Database) => new PostgresTokenKeyStore(database),
  },
  {
    provide: TokenImporter,
    inject: [Database, ChangeFeed],
    useFactory: (database: Database, feed: ChangeFeed) => new PostgresTokenImporter(database, feed),
  },
  {
    provide: TokenPurger,
    inject: [Database],
    useFactory: (database: Database) => new PostgresTokenPurger(database),
  },
  {
    provide: PostgresDirectory,
    inject: [Database],
    useFactory: (database: Database) => new PostgresDirectory(database),
  },
  {
    provide: Directory,
    inject: [CONFIG, PostgresDirectory, ChangeFeed, Clock],
    useFactory: ({ cache }: Config, directory: PostgresDirectory, feed: ChangeFeed, clock: Clock) =>
      cache.entries === 0 ? directory : new CachedDirectory(directory, feed, clock, limitsOf(cache)),
  },
  {
    provide: DirectoryWriter,
    inject: [Database, ChangeFeed],
    useFactory: (database: Database, feed: ChangeFeed) => new PostgresDirectoryWriter(database, feed),
  },
  { provide: PasswordHasher, useClass: Argon2idHasher },
  { provide: Clock, useClass: SystemClock },
];

function limitsOf({ entries, maxAge }: Config['cache']): CacheLimits {
  return { entries, maxAgeMs: maxAge * 1000 };
}
