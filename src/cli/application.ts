import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { CommandModule } from '../app/command.module.js';
import { openForCommand } from '../app/embedded.js';
import { type Config, readConfig } from '../config/config.js';
import type { DatabaseConfig } from '../config/database-config.js';
import { Clock } from '../domain/clock.js';
import { Directory } from '../domain/directory.js';
import { TokenImporter } from '../domain/token-import.js';
import { TokenKeyStore } from '../domain/token-key.js';
import { SettingsError } from '../config/setting-reader.js';
import { createLog, NestLog } from '../observability/log.js';
import { type ImportObserver, type ImportOptions, TokenImport } from '../provisioning/import-tokens.js';
import { describeStartError, isOutage } from '../app/start-error.js';
import { cliActor } from './actor.js';
import { CommandError } from './command-error.js';

/**
 * Publishes a new key for the tags of tokens.
 * @returns a line that says when the key begins to sign
 * @throws CommandError
 */
export async function rotateTokenKeys(): Promise<string> {
  const config = commandConfig();
  const signsFrom = await inDatabase(config, (context) =>
    context.get(TokenKeyStore).rotate(context.get(Clock).now(), cliActor()),
  );
  return `a new key signs tokens from ${new Date(signsFrom).toISOString()} on in ${nameOf(config.database)}`;
}

/**
 * Imports a file of tokens into the database that the environment names.
 * @returns a line with the counts of the outcome, and the number of bad lines
 * @throws CommandError
 */
export async function importToDatabase(
  name: string,
  file: AsyncIterable<Buffer>,
  options: ImportOptions,
  observer: ImportObserver,
): Promise<{ readonly summary: string; readonly bad: number }> {
  const config = commandConfig();
  refuseMemory(config, 'imported');
  const counts = await inApplication(config, (context) => {
    const clock = context.get(Clock);
    const run = { id: randomUUID(), at: clock.now(), actor: cliActor(), file: basename(name) };
    const tokens = new TokenImport(context.get(Directory), context.get(TokenImporter), clock, run);
    return tokens.run(file, options, observer);
  });
  const { added, alreadyThere, expired, bad } = counts;
  const outcome = `${added} added, ${alreadyThere} already there, ${expired} expired and left out, ${bad} bad`;
  return { summary: `${name}: ${outcome} in ${nameOf(config.database)}`, bad };
}

export type Context = Awaited<ReturnType<typeof NestFactory.createApplicationContext>>;

/** The settings in the environment. @throws CommandError */
export function commandConfig(): Config {
  try {
    return readConfig();
  } catch (error) {
    throw commandError(error);
  }
}

/** @throws CommandError where tokens are out of a command's reach */
export function refuseMemory(
  { tokenStore }: Config,
  done: 'imported' | 'copied' | 'explained' | 'issued' | 'listed' | 'revoked',
): void {
  if (tokenStore !== 'memory') return;
  const reason = `tokens that are kept in a server's memory cannot be ${done}`;
  throw new CommandError('usage', `TOKEN_STORE: ${reason}`);
}

/**
 * Opens the application on its database, does the work with it, and closes both.
 * @param create whether an embedded database is made where there is none
 * @throws CommandError
 */
export async function inApplication<Result>(
  config: Config,
  work: (context: Context) => Promise<Result>,
  create = false,
): Promise<Result> {
  try {
    return await inOpened(config, { create }, work);
  } catch (error) {
    throw commandError(error);
  }
}

/** How a command opens the application. */
interface CommandOpening {
  /** Whether an embedded database is made where there is none. */
  readonly create?: boolean;
  /** Whether pending migrations are applied; they are when left out. */
  readonly migrates?: boolean;
}

/** As `inApplication`. @throws any error that `describeStartError` describes */
export async function inOpened<Result>(
  config: Config,
  { create = false, migrates }: CommandOpening,
  work: (context: Context) => Promise<Result>,
): Promise<Result> {
  const log = createLog('fatal', process.stderr);
  const embedded = await openForCommand(config, log, create);
  try {
    const options = { logger: new NestLog(log), abortOnError: false };
    const module = CommandModule.of({ config, log, embedded, migrates });
    const context = await NestFactory.createApplicationContext(module, options);
    try {
      return await work(context);
    } finally {
      await context.close();
    }
  } finally {
    await embedded?.close();
  }
}

/**
 * As `inApplication`, for work that touches no token: it needs the database alone, and not the cluster of
 * `TOKEN_STORE=cassandra`.
 * @throws CommandError
 */
export function inDatabase<Result>(
  config: Config,
  work: (context: Context) => Promise<Result>,
  create = false,
): Promise<Result> {
  return inApplication(withoutCluster(config), work, create);
}

/** The settings of an application that does not open the cluster of `TOKEN_STORE=cassandra`. */
export function withoutCluster(config: Config): Config {
  return { ...config, tokenStore: 'database', cassandra: undefined };
}

/** What a database is called in messages. A URL may hold a password, so the setting is named instead. */
export function nameOf(database: DatabaseConfig): string {
  return database.kind === 'server'
    ? 'the database of DATABASE_URL'
    : `the embedded database ${resolve(database.dataDir)}`;
}

/**
 * Says on standard error which embedded database a command works on whose output does not name it: it depends on the
 * folder in which the command runs. The server's is named by DATABASE_URL wherever it runs.
 */
export function sayWhichDatabase({ database }: Config): void {
  if (database.kind === 'embedded') process.stderr.write(`symbolon: in ${nameOf(database)}\n`);
}

export function commandError(error: unknown): CommandError {
  return error instanceof CommandError ? error : new CommandError(reasonOf(error), describeStartError(error));
}

function reasonOf(error: unknown): CommandError['reason'] {
  if (error instanceof SettingsError) return 'usage';
  return isOutage(error) ? 'unreachable' : 'refused';
}
