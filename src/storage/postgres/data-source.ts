import { DataSource, type DataSourceOptions, MigrationExecutor } from 'typeorm';
import { migrations } from '../../../migrations/index.js';
import { translated } from './database.js';
import { entities } from './entities.js';

/** Where a PostgreSQL server is reached. */
export type Connection =
  /** A connection URI, `postgres://user:password@host:port/database`. */
  | { readonly url: string }
  /** The folder of a unix socket `.s.PGSQL.5432`, and the user and database behind it. */
  | { readonly host: string; readonly username: string; readonly database: string };

/** Longest wait for a connection in milliseconds, the wait for a free one in the pool included. */
const connectTimeoutMs = 1000;

/** TypeORM's options for our schema on that server. The schema is the migrations' alone: never `synchronize`. */
export function dataSourceOptions(connection: Connection, poolSize: number): DataSourceOptions {
  return {
    type: 'postgres',
    ...connection,
    entities,
    migrations,
    migrationsTableName: 'migration',
    synchronize: false,
    logging: false,
    installExtensions: false,
    applicationName: 'symbolon',
    connectTimeoutMS: connectTimeoutMs,
    poolSize,
    extra: { keepAlive: true },
  };
}

/**
 * Connects, and brings the schema up to date.
 * @throws StoreUnavailable when there is no connection to be had
 */
export async function openDataSource(options: DataSourceOptions): Promise<DataSource> {
  const dataSource = new DataSource(options);
  try {
    await dataSource.initialize();
    await migrate(dataSource);
    return dataSource;
  } catch (error) {
    if (dataSource.isInitialized) await dataSource.destroy();
    throw translated(error);
  }
}

/** Any number, as long as every node takes the same: ASCII `symb`. */
const migrationLock = 0x73796d62;

/**
 * Brings the schema up to date, in one transaction. Nodes that start together take turns: the lock belongs to
 * the transaction, since a session's lock would mean nothing where all connections are one session.
 */
export async function migrate(dataSource: DataSource): Promise<void> {
  const queryRunner = dataSource.createQueryRunner();
  try {
    await queryRunner.startTransaction();
    await queryRunner.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
    const executor = new MigrationExecutor(dataSource, queryRunner);
    executor.transaction = 'none';
    await executor.executePendingMigrations();
    await queryRunner.commitTransaction();
  } catch (error) {
    if (queryRunner.isTransactionActive) await queryRunner.rollbackTransaction();
    throw error;
  } finally {
    await queryRunner.release();
  }
}
