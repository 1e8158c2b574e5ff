import { migrateDatabase, planMigrations } from '../app/migration.js';
import type { Config } from '../config/config.js';
import { createLog } from '../observability/log.js';
import { commandConfig, commandError, nameOf } from './application.js';

/** The migrations that a database lacks, and what it is called. */
export interface Plan {
  readonly pending: Awaited<ReturnType<typeof planMigrations>>;
  readonly database: string;
}

/**
 * The migrations that the database of the environment lacks.
 * @throws CommandError
 */
export async function planForDatabase(): Promise<Plan> {
  const config = commandConfig();
  return { pending: await inWords(config, planMigrations), database: nameOf(config.database) };
}

/**
 * Applies the migrations that the database of the environment lacks.
 * @returns a line that says which these were
 * @throws CommandError
 */
export async function applyMigrations(): Promise<string> {
  const config = commandConfig();
  const applied = await inWords(config, migrateDatabase);
  const names = applied.length === 0 ? '' : `: ${applied.join(', ')}`;
  return `${countOf(applied.length)} applied in ${nameOf(config.database)}${names}`;
}

/** Such as `no migration`, `2 migrations`. */
export function countOf(migrations: number): string {
  return `${migrations === 0 ? 'no' : migrations} ${migrations < 2 ? 'migration' : 'migrations'}`;
}

async function inWords<Result>(
  config: Config,
  work: (config: Config, log: ReturnType<typeof createLog>) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(config, createLog('fatal', process.stderr));
  } catch (error) {
    throw commandError(error);
  }
}
