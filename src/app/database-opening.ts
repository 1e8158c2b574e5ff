import type { Logger } from 'pino';
import type { DataSourceOptions } from 'typeorm';
import type { DatabaseConfig } from '../config/database-config.js';
import { type EmbeddedDatabase, embeddedLogin } from '../storage/embedded/embedded-database.js';
import { type Connection, dataSourceOptions, type Opening } from '../storage/postgres/data-source.js';

/** All connections to the embedded database are one session, so more of them would only queue. */
const embeddedPoolSize = 4;

/** TypeORM's options for the database of the settings. @param embedded the open one, where they name no server */
export function databaseOptions(
  database: DatabaseConfig,
  embedded: EmbeddedDatabase | undefined,
): DataSourceOptions {
  return dataSourceOptions(
    connectionTo(database, embedded),
    database.kind === 'server' ? database.poolSize : embeddedPoolSize,
  );
}

/** How the database of the settings is opened. */
export function openingOf(database: DatabaseConfig, log: Logger): Opening {
  return {
    pooled: database.kind === 'server' && database.pooler === 'transaction',
    directUrl: database.kind === 'server' ? database.changeFeedUrl : undefined,
    onPending(migrations, { empty }) {
      // That of an empty database takes a moment.
      if (!empty) log.info({ migrations }, 'migrating the schema');
    },
  };
}

function connectionTo(database: DatabaseConfig, embedded: EmbeddedDatabase | undefined): Connection {
  if (database.kind === 'server') return { url: database.url };
  if (!embedded) throw new Error('The embedded database has not been opened.');
  return { host: embedded.host, ...embeddedLogin };
}
