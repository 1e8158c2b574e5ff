import { setTimeout as delay } from 'node:timers/promises';
import {
  type DataSource,
  type Migration,
  MigrationExecutor,
  QueryFailedError,
  type QueryRunner,
} from 'typeorm';
import type { MigrationClass } from '../../../migrations/index.js';
import { StoreUnavailable } from '../../domain/oauth-error.js';
import { markIncompatible, newerMigrations } from './newer-schema.js';

/** Any number will do, as long as every node uses the same one: ASCII `symb`. A transaction's lock. */
const migrationLock = 0x73796d62;

/**
 * The lock of a session that migrates. It is another one: versions before 0.6 wait for `migrationLock` within a statement,
 * whose end `CREATE INDEX CONCURRENTLY` would wait for, and neither would ever get on.
 */
const turnLock = 0x73796d63;

/** How long is waited for others, in milliseconds. */
export interface MigrationLimits {
  /** While another process migrates: how often its end is looked for, and for how long. */
  readonly pollMs: number;
  readonly turnMs: number;
  /** For a lock, in a transaction: whoever wants the table waits behind it. */
  readonly lockMs: number;
  /** How often such a transaction is tried, and how long after one attempt the next one is made. */
  readonly attempts: number;
  readonly pauseMs: number;
}

/** An index of a large table takes minutes; a server's start tries five times. */
const defaultLimits: MigrationLimits = {
  pollMs: 200,
  turnMs: 120_000,
  lockMs: 500,
  attempts: 20,
  pauseMs: 1_000,
};

/** Another process has been migrating for too long. */
class SchemaBusy extends Error {
  constructor() {
    super('Another process migrates the schema.');
    this.name = 'SchemaBusy';
  }
}

/** What of our migrations has been applied to a database. */
export interface SchemaState {
  /** The migrations of this program that have not been applied, in their order. */
  readonly pending: readonly MigrationClass[];
  /** The names of those of later versions that have been. */
  readonly newer: readonly string[];
}

/** @throws DatabaseRefused when this program cannot serve with a migration of a later version */
export async function readSchemaState(dataSource: DataSource): Promise<SchemaState> {
  const queryRunner = dataSource.createQueryRunner();
  try {
    const newer = await newerMigrations(queryRunner);
    const pending = await new MigrationExecutor(dataSource, queryRunner).getPendingMigrations();
    return { pending: pending.map(classOf), newer };
  } finally {
    await queryRunner.release();
  }
}

/**
 * Applies the pending migrations, each in its own way: in a transaction, or outside one if it asks for that. One process
 * does so at a time.
 * @param sessions whether each connection is a session of its own. One of the data source keeps the lock until it is
 *   closed
 * @returns the names of those that were applied here
 * @throws DatabaseRefused as `readSchemaState` does
 * @throws StoreUnavailable when another process has been migrating for too long
 */
export async function migrate(
  dataSource: DataSource,
  sessions: boolean,
  limits: MigrationLimits = defaultLimits,
): Promise<string[]> {
  const queryRunner = dataSource.createQueryRunner();
  try {
    if (sessions) await takeTurn(queryRunner, limits);
    await newerMigrations(queryRunner);
    const executor = new MigrationExecutor(dataSource, queryRunner);
    const pending = await executor.getPendingMigrations();
    for (const migration of pending) {
      // Outside a transaction a migration would meet the other users of an only session.
      if (sessions && classOf(migration).concurrent) await executor.executeMigration(migration);
      else await applyPatiently(executor, queryRunner, migration, limits);
    }
    return pending.map(({ name }) => name);
  } finally {
    await queryRunner.release();
  }
}

/**
 * Takes the lock that makes sessions take turns. A session that waited for it in a statement would be waited for itself.
 * @throws StoreUnavailable for SchemaBusy
 */
async function takeTurn(queryRunner: QueryRunner, { pollMs, turnMs }: MigrationLimits): Promise<void> {
  // A limit of the database or the user is for requests.
  await queryRunner.query('SET statement_timeout = 0');
  await queryRunner.query('SET lock_timeout = 0');
  const giveUpAt = performance.now() + turnMs;
  for (;;) {
    const [{ taken }] = (await queryRunner.query('SELECT pg_try_advisory_lock($1) AS taken', [turnLock])) as [
      { taken: boolean },
    ];
    if (taken) return;
    if (performance.now() >= giveUpAt) throw new StoreUnavailable(new SchemaBusy());
    await delay(pollMs);
  }
}

/** Applies a migration in a transaction. One that a lock would hold up lets the others pass, and is tried again. */
async function applyPatiently(
  executor: MigrationExecutor,
  queryRunner: QueryRunner,
  migration: Migration,
  { lockMs, attempts, pauseMs }: MigrationLimits,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await applyInTransaction(executor, queryRunner, migration, lockMs);
      return;
    } catch (error) {
      if (!isHeldUp(error) || attempt >= attempts) throw error;
    }
    await delay(pauseMs);
  }
}

function applyInTransaction(
  executor: MigrationExecutor,
  queryRunner: QueryRunner,
  migration: Migration,
  lockMs: number,
): Promise<void> {
  return inTransaction(queryRunner, async () => {
    await queryRunner.query(`SET LOCAL lock_timeout = ${lockMs}`);
    await lockMigrations(queryRunner);
    // A node of the version before 0.6, or another process on the embedded database, may have been here first.
    const executed = await executor.getExecutedMigrations();
    if (executed.some(({ name }) => name === migration.name)) return;
    await executor.executeMigration(migration);
    await markIncompatible(queryRunner, classOf(migration));
  });
}

/** `lock_not_available` and `deadlock_detected`. */
function isHeldUp(error: unknown): boolean {
  const { code } = (error instanceof QueryFailedError ? error.driverError : error) as { code?: string };
  return code === '55P03' || code === '40P01';
}

function classOf({ instance }: Migration): MigrationClass {
  return (instance as object).constructor as unknown as MigrationClass;
}

/**
 * Changes a schema that is elsewhere in a transaction whose lock makes nodes that start together take turns. The lock
 * belongs to the transaction: a session's lock would have no effect behind a pooler, or in the embedded database.
 */
export async function inMigrationTurn<Result>(
  dataSource: DataSource,
  work: () => Promise<Result>,
): Promise<Result> {
  const queryRunner = dataSource.createQueryRunner();
  try {
    return await inTransaction(queryRunner, async () => {
      await lockMigrations(queryRunner);
      return work();
    });
  } finally {
    await queryRunner.release();
  }
}

async function lockMigrations(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
}

async function inTransaction<Result>(queryRunner: QueryRunner, work: () => Promise<Result>): Promise<Result> {
  await queryRunner.startTransaction('READ COMMITTED');
  try {
    const result = await work();
    await queryRunner.commitTransaction();
    return result;
  } catch (error) {
    if (queryRunner.isTransactionActive) await queryRunner.rollbackTransaction();
    throw error;
  }
}
