import { Pool, type PoolConfig } from 'pg';
import {
  DataSource,
  type DataSourceOptions,
  MigrationExecutor,
  QueryFailedError,
  type QueryRunner,
} from 'typeorm';
import { migrations } from '../../../migrations/index.js';
import { DatabaseRefused } from './database-refused.js';
import { translated } from './errors.js';
import { markIncompatible, newerMigrations } from './newer-schema.js';
import { lackOf, refusalOf } from './open-errors.js';
import { entities } from './entities/all.js';

/** Where a PostgreSQL server is reached. */
export type Connection =
  /** What the driver reads: a connection URI, such as `postgres://user:password@host:port/database`. */
  | { readonly url: string }
  /** The folder of a unix socket `.s.PGSQL.5432`, and the user and database behind it. */
  | { readonly host: string; readonly username: string; readonly database: string };

/** Longest wait for a connection in milliseconds, including the wait for a free one in the pool. */
const connectTimeoutMs = 1000;

/** TypeORM's options for our schema on that server. Migrations alone make the schema: never `synchronize`. */
export function dataSourceOptions(connection: Connection, poolSize: number): DataSourceOptions {
  return {
    type: 'postgres',
    ...('url' in connection ? {} : connection),
    entities,
    migrations,
    migrationsTableName: 'migration',
    synchronize: false,
    // Whatever the database's own level is: a transaction that waited for a lock must see its holder's commit.
    isolationLevel: 'READ COMMITTED',
    logging: false,
    installExtensions: false,
    applicationName: 'symbolon',
    connectTimeoutMS: connectTimeoutMs,
    poolSize,
    // The driver alone reads the URI: TypeORM would read it in another way.
    extra: { keepAlive: true, ...('url' in connection && { connectionString: connection.url }) },
  };
}

/** TypeORM's data source and its pool: repositories and hot statements share the same connections. */
export class PooledDataSource extends DataSource {
  private readonly made: { pool?: Pool };

  /** @param options of a PostgreSQL server */
  constructor(options: DataSourceOptions) {
    const made: { pool?: Pool } = {};
    // TypeORM creates its pool with the constructor in this option, and ends the pool on `destroy`.
    const driver = {
      Pool: class extends Pool {
        constructor(poolOptions: PoolConfig) {
          super(poolOptions);
          made.pool = this;
        }
      },
    };
    super({ ...options, driver });
    this.made = made;
  }

  /** The pool. It exists from `initialize` on. */
  get pool(): Pool {
    if (!this.made.pool) throw new Error('The data source has not been initialized.');
    return this.made.pool;
  }
}

/**
 * Connects, and brings the schema up to date.
 * @param onNewer called with the migrations of later versions, if there are any that this program can serve with
 * @throws StoreUnavailable when no connection can be made
 * @throws DatabaseRefused
 */
export async function openDataSource(
  options: DataSourceOptions,
  onNewer: (migrations: readonly string[]) => void = () => {},
): Promise<PooledDataSource> {
  const dataSource = new PooledDataSource(options);
  try {
    await dataSource.initialize();
    await checkSettings(dataSource);
    const newer = await migrate(dataSource);
    if (newer.length > 0) onNewer(newer);
    return dataSource;
  } catch (error) {
    const shown = await explained(error, dataSource);
    if (dataSource.isInitialized) await dataSource.destroy();
    throw shown;
  }
}

/** The error of an opening as it is thrown: the driver's is a refusal that the operator must mend, or an outage. */
async function explained(error: unknown, dataSource: DataSource): Promise<unknown> {
  if (error instanceof DatabaseRefused) return error;
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  const lacking = (cause as { code?: string }).code === '42501' && dataSource.isInitialized;
  return (lacking ? await lackOf(dataSource).catch(() => undefined) : refusalOf(cause)) ?? translated(error);
}

/** What cannot be made up for by the way our statements are written. @throws DatabaseRefused */
async function checkSettings(dataSource: DataSource): Promise<void> {
  const [{ encoding, nulls }] = await dataSource.query<{ encoding: string; nulls: string }[]>(
    `SELECT current_setting('server_encoding') AS encoding, current_setting('array_nulls') AS nulls`,
  );
  if (encoding !== 'UTF8') {
    throw new DatabaseRefused(
      `the database has the encoding ${encoding}, which lacks characters of names; make one with ENCODING 'UTF8'`,
    );
  }
  if (nulls !== 'on') {
    throw new DatabaseRefused('array_nulls is off in this database or for this user; set it to on');
  }
}

/** Any number will do, as long as every node uses the same one: ASCII `symb`. */
const migrationLock = 0x73796d62;

/**
 * Brings the schema up to date, in one transaction.
 * @returns the migrations of later versions that were there
 * @throws DatabaseRefused when this program cannot serve with one of them
 */
export function migrate(dataSource: DataSource): Promise<readonly string[]> {
  return inMigrationTurn(dataSource, async (queryRunner) => {
    const executor = new MigrationExecutor(dataSource, queryRunner);
    executor.transaction = 'none';
    const newer = await newerMigrations(queryRunner);
    const applied = await executor.executePendingMigrations();
    await markIncompatible(
      queryRunner,
      applied.map(({ instance }) => instance as object),
    );
    return newer;
  });
}

/**
 * Changes a schema in a transaction whose lock makes nodes that start together take turns. The lock belongs to the
 * transaction: a session's lock would have no effect in a database where all connections share one session.
 */
export async function inMigrationTurn<Result>(
  dataSource: DataSource,
  work: (queryRunner: QueryRunner) => Promise<Result>,
): Promise<Result> {
  const queryRunner = dataSource.createQueryRunner();
  try {
    await queryRunner.startTransaction('READ COMMITTED');
    await queryRunner.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
    const result = await work(queryRunner);
    await queryRunner.commitTransaction();
    return result;
  } catch (error) {
    if (queryRunner.isTransactionActive) await queryRunner.rollbackTransaction();
    throw error;
  } finally {
    await queryRunner.release();
  }
}
