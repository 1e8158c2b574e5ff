import type { DataSourceOptions } from 'typeorm';
import { embeddedLogin, joinOrStartEmbedded } from '../../src/storage/embedded/embedded-database.js';
import {
  type Connection,
  dataSourceOptions,
  openDataSource,
} from '../../src/storage/postgres/data-source.js';
import { Database } from '../../src/storage/postgres/database.js';
import { createDatabase, onServer } from '../support/database.js';

/** A test's own database that accepts connections; it has no schema yet. */
export interface RunningDatabase {
  readonly connection: Connection;
  stop(): Promise<void>;
}

export async function startDatabase(): Promise<RunningDatabase> {
  const own = await createDatabase();
  if (onServer) return { connection: { url: own.settings.DATABASE_URL }, stop: () => own.drop() };
  const embedded = await joinOrStartEmbedded(own.settings.DATA_DIR);
  return {
    connection: { host: embedded.host, ...embeddedLogin },
    async stop() {
      await embedded.close();
      await own.drop();
    },
  };
}

/** The application's options, but with a longer connect timeout, for busy machines. */
export function patientOptions(connection: Connection): DataSourceOptions {
  return { ...dataSourceOptions(connection, 4), connectTimeoutMS: 15_000 } as DataSourceOptions;
}

/** Connects, and brings the schema up to date. */
export async function openDatabase(options: DataSourceOptions): Promise<Database> {
  return new Database(await openDataSource(options), { namedStatements: onServer });
}
