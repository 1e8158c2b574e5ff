import { Pool, type PoolConfig } from 'pg';
import { DataSource, type DataSourceOptions, QueryFailedError } from 'typeorm';
import { migrations } from '../../../migrations/index.js';
import { StoreUnavailable } from '../../domain/oauth-error.js';
import {
  DatabaseRefused,
  type DatabaseSetting,
  DirectUnavailable,
  poolerAdvice,
} from './database-refused.js';
import { checkSettings } from './database-settings.js';
import { checkDirect } from './direct.js';
import { translated } from './errors.js';
import { migrate, readSchemaState } from './migrate.js';
import { type PendingMigration, planned } from './migration-plan.js';
import { lackOf, refusalOf } from './open-errors.js';
import { poolMixesSessions } from './pooler.js';
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
  /** Migrations of later versions that were in the database when it was opened, and with which this program can serve. */
  newerMigrations: readonly string[] = [];
  /** Whether each connection is a session of its own: those to the embedded database share one. */
  readonly hasSessions: boolean;
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
    const { connectionString } = (options.extra ?? {}) as { readonly connectionString?: string };
    this.hasSessions = connectionString !== undefined;
  }

  /** The pool. It exists from `initialize` on. */
  get pool(): Pool {
    if (!this.made.pool) throw new Error('The data source has not been initialized.');
    return this.made.pool;
  }
}

/** How a database is opened. */
export interface Opening {
  /** Whether `DATABASE_POOLER` names a pooler in transaction mode. */
  readonly pooled?: boolean;
  /** `CHANGE_FEED_URL`, if it is set: a server's URL without such a pooler. */
  readonly directUrl?: string;
  /** Whether pending migrations are applied; they are when left out. */
  readonly migrates?: boolean;
  /** Called with the pending migrations before they are applied, if there are any. */
  readonly onPending?: (migrations: readonly string[], state: { readonly empty: boolean }) => void;
}

/**
 * Connects, and brings the schema up to date, unless the opening says otherwise.
 * @throws StoreUnavailable when no connection can be made
 * @throws DatabaseRefused
 */
export function openDataSource(options: DataSourceOptions, opening: Opening = {}): Promise<PooledDataSource> {
  return connected(options, 'DATABASE_URL', async (dataSource) => {
    await check(dataSource, options, opening);
    if (opening.migrates ?? true) await bringUpToDate(dataSource, options, opening);
    return dataSource;
  });
}

/**
 * What openDataSource would apply. Changes nothing.
 * @throws as openDataSource does
 */
export function readPending(
  options: DataSourceOptions,
  opening: Opening = {},
): Promise<readonly PendingMigration[]> {
  return connected(options, 'DATABASE_URL', async (dataSource) => {
    await check(dataSource, options, opening);
    const { pending } = await readSchemaState(dataSource);
    await dataSource.destroy();
    return pending.map((migration) => planned(migration, dataSource.hasSessions));
  });
}

/** Connects, and does work that keeps or closes the data source. When it fails, the data source is closed. */
async function connected<Result>(
  options: DataSourceOptions,
  setting: DatabaseSetting,
  work: (dataSource: PooledDataSource) => Promise<Result>,
): Promise<Result> {
  const dataSource = new PooledDataSource(options);
  try {
    await dataSource.initialize();
    return await work(dataSource);
  } catch (error) {
    const shown = await explained(error, dataSource, setting);
    if (dataSource.isInitialized) await dataSource.destroy();
    throw shown;
  }
}

/** The error of an opening as it is thrown: the driver's is a refusal that the operator must mend, or an outage. */
async function explained(error: unknown, dataSource: DataSource, setting: DatabaseSetting): Promise<unknown> {
  if (error instanceof DatabaseRefused || error instanceof StoreUnavailable) return error;
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  const lacking = (cause as { code?: string }).code === '42501' && dataSource.isInitialized;
  const refusal = lacking
    ? await lackOf(dataSource, setting).catch(() => undefined)
    : refusalOf(cause, setting);
  if (refusal) return refusal;
  const shown = translated(error);
  return setting === 'CHANGE_FEED_URL' && shown instanceof StoreUnavailable
    ? new DirectUnavailable(shown.cause)
    : shown;
}

/** @throws DatabaseRefused where our statements cannot be used as they are written, or be sent as the settings say */
async function check(
  dataSource: PooledDataSource,
  options: DataSourceOptions,
  { pooled = false, directUrl }: Opening,
): Promise<void> {
  await checkSettings(dataSource);
  if (!dataSource.hasSessions) return;
  if (!pooled && (await poolMixesSessions(dataSource.pool))) throw new DatabaseRefused(poolerAdvice);
  // A pooler in statement mode refuses the first transaction.
  if (pooled) await dataSource.transaction(async () => {});
  if (directUrl !== undefined) {
    await withDirect(options, directUrl, (direct) => checkDirect(direct, dataSource));
  }
}

/** Applies the pending migrations: on a server over a connection of their own, without a pooler in transaction mode. */
async function bringUpToDate(
  dataSource: PooledDataSource,
  options: DataSourceOptions,
  { pooled = false, directUrl, onPending }: Opening,
): Promise<void> {
  const { pending, newer } = await readSchemaState(dataSource);
  dataSource.newerMigrations = newer;
  if (pending.length === 0) return;
  const names = pending.map(({ name }) => name);
  if (pooled && directUrl === undefined) {
    throw new DatabaseRefused(
      `migrations are pending (${names.join(', ')}), which a pooler in transaction mode cannot carry; name PostgreSQL itself by this setting`,
      'CHANGE_FEED_URL',
    );
  }
  onPending?.(names, { empty: pending.length === dataSource.migrations.length });
  if (dataSource.hasSessions) await withDirect(options, directUrl, (direct) => migrate(direct, true));
  else await migrate(dataSource, false);
}

/** Does work with a connection of its own. @param url that of the options when left out */
function withDirect(
  options: DataSourceOptions,
  url: string | undefined,
  work: (direct: PooledDataSource) => Promise<unknown>,
): Promise<void> {
  const extra = { ...(options.extra as object), ...(url !== undefined && { connectionString: url }) };
  const own = { ...options, poolSize: 1, extra } as DataSourceOptions;
  return connected(own, url === undefined ? 'DATABASE_URL' : 'CHANGE_FEED_URL', async (direct) => {
    await work(direct);
    await direct.destroy();
  });
}
