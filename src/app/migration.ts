import type { Logger } from 'pino';
import type { DataSourceOptions } from 'typeorm';
import type { Config } from '../config/config.js';
import { openDataSource, readPending } from '../storage/postgres/data-source.js';
import type { PendingMigration } from '../storage/postgres/migration-plan.js';
import { databaseOptions, openingOf } from './database-opening.js';
import { openForCommand } from './embedded.js';

/**
 * The migrations that the database lacks, in their order. Nothing is changed.
 * @throws any error that `describeStartError` describes
 */
export function planMigrations(config: Config, log: Logger): Promise<readonly PendingMigration[]> {
  return onDatabase(config, log, (options) => readPending(options, openingOf(config.database, log)));
}

/**
 * Applies the migrations that the database lacks.
 * @returns their names
 * @throws any error that `describeStartError` describes
 */
export function migrateDatabase(config: Config, log: Logger): Promise<readonly string[]> {
  return onDatabase(config, log, async (options) => {
    let applied: readonly string[] = [];
    const opening = {
      ...openingOf(config.database, log),
      onPending: (names: readonly string[]) => (applied = names),
    };
    const dataSource = await openDataSource(options, opening);
    await dataSource.destroy();
    return applied;
  });
}

/** An embedded database that is not there is not made. */
async function onDatabase<Result>(
  config: Config,
  log: Logger,
  work: (options: DataSourceOptions) => Promise<Result>,
): Promise<Result> {
  const embedded = await openForCommand(config, log, false);
  try {
    return await work(databaseOptions(config.database, embedded));
  } finally {
    await embedded?.close();
  }
}
