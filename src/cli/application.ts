import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { type DatabaseConfig, readConfig } from '../config.js';
import { ConfigError } from '../settings.js';
import { createLog, NestLog } from '../log.js';
import { type Outcome, Provisioner } from '../provisioning/apply.js';
import type { Source } from '../provisioning/parse.js';
import { ConfigurationError } from '../provisioning/problems.js';
import { sentenceFor } from '../start-error.js';
import { CommandError } from './command-error.js';

/**
 * Applies a configuration file to the database that the environment names.
 * @returns a line that says what changed
 * @throws CommandError
 */
export async function applyToDatabase(source: Source): Promise<string> {
  try {
    const config = readConfig();
    const log = createLog('fatal', process.stderr);
    const context = await NestFactory.createApplicationContext(
      AppModule.of({ config, log, role: 'command' }),
      { logger: new NestLog(log), abortOnError: false },
    );
    try {
      const outcome = await context.get(Provisioner).apply(source, config.environment);
      return `${source.file}: ${describe(outcome)} in ${nameOf(config.database)}`;
    } finally {
      await context.close();
    }
  } catch (error) {
    throw new CommandError(reasonOf(error), sentenceFor(error));
  }
}

function describe(outcome: Outcome): string {
  if (outcome.skipped) return 'applied before, nothing changed';
  const { added, updated, removed, unchanged } = outcome;
  return `${added} added, ${updated} updated, ${removed} removed, ${unchanged} unchanged`;
}

/** A URL may hold a password, so the setting is named instead. */
function nameOf(database: DatabaseConfig): string {
  return database.kind === 'server'
    ? 'the database of DATABASE_URL'
    : `the embedded database ${database.dataDir}`;
}

function reasonOf(error: unknown): CommandError['reason'] {
  if (error instanceof ConfigError) return 'usage';
  return error instanceof ConfigurationError ? 'refused' : 'unreachable';
}
