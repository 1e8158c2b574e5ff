import type { Provider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Config } from './config.js';
import { AccessTokenStore } from './domain/access-token.js';
import { Clock, SystemClock } from './domain/clock.js';
import { Directory } from './domain/directory.js';
import { RefreshTokenStore } from './domain/refresh-token.js';
import { Registry } from './domain/registry.js';
import { PasswordHasher } from './domain/secret.js';
import { TokenImporter } from './domain/token-import.js';
import { TokenKeyStore } from './domain/token-key.js';
import { Argon2idHasher } from './hashing/argon2id.js';
import { CONFIG } from './process.module.js';
import { MemoryTokenStore } from './storage/memory/token-store.js';
import { PostgresAccessTokenStore } from './storage/postgres/access-token-store.js';
import { Database } from './storage/postgres/database.js';
import { PostgresDirectory } from './storage/postgres/directory.js';
import { PostgresRefreshTokenStore } from './storage/postgres/refresh-token-store.js';
import { PostgresRegistry } from './storage/postgres/registry.js';
import { PostgresTokenImporter } from './storage/postgres/token-importer.js';
import { PostgresTokenKeyStore } from './storage/postgres/token-key-store.js';

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
    inject: [CONFIG, Database, MemoryTokenStore],
    useFactory: ({ tokenStore }: Config, database: Database, memory: MemoryTokenStore) =>
      tokenStore === 'memory' ? memory : new PostgresAccessTokenStore(database),
  },
  {
    provide: RefreshTokenStore,
    inject: [CONFIG, Database, MemoryTokenStore],
    useFactory: ({ tokenStore }: Config, database: Database, memory: MemoryTokenStore) =>
      tokenStore === 'memory' ? memory.refresh : new PostgresRefreshTokenStore(database),
  },
  {
    provide: TokenKeyStore,
    inject: [Database],
    useFactory: (database: Database) => new PostgresTokenKeyStore(database),
  },
  {
    provide: TokenImporter,
    inject: [Database],
    useFactory: (database: Database) => new PostgresTokenImporter(database),
  },
  {
    provide: Directory,
    inject: [Database],
    useFactory: (database: Database) => new PostgresDirectory(database),
  },
  {
    provide: Registry,
    inject: [Database],
    useFactory: (database: Database) => new PostgresRegistry(database),
  },
  { provide: PasswordHasher, useClass: Argon2idHasher },
  { provide: Clock, useClass: SystemClock },
];
