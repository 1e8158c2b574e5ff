import { randomUUID } from 'node:crypto';
import { cpSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { embeddedLogin } from '../../src/storage/embedded/embedded-database.js';
import { createKeyspace, tokensInCassandra } from './cassandra.js';

/** A database for one test, and the settings that name it. */
export interface TestDatabase {
  readonly settings: Readonly<Record<string, string>>;
  drop(): Promise<void>;
}

const server = process.env.TEST_DATABASE_URL;
const testFolder = process.env.TEST_FOLDER ?? '';

/** Whether the tests run against a real PostgreSQL server rather than the embedded one. */
export const onServer = server !== undefined;

/** The folder of the embedded database that this jest worker's test files use, one file after the other. */
const lentFolder = join(testFolder, `worker-${process.env.JEST_WORKER_ID}`);
let lent = false;

/**
 * A new, empty database: on the server that `TEST_DATABASE_URL` names, else an embedded one. The first
 * embedded one is running already and is joined. While it is in use, further ones are folders whose database
 * does not run yet. A test that must start an embedded database itself uses `embeddedFolder`.
 */
export async function createDatabase(): Promise<TestDatabase> {
  return withKeyspace(await emptyDatabase());
}

/**
 * With `TEST_TOKEN_STORE=cassandra`, a database whose settings do not say where tokens are kept gets a keyspace for
 * them: its own settings name it, and it is dropped with the database.
 */
export function withKeyspace(database: TestDatabase): TestDatabase {
  if (!tokensInCassandra || 'TOKEN_STORE' in database.settings) return database;
  const keyspace = createKeyspace();
  return {
    settings: { ...database.settings, ...keyspace.settings },
    async drop() {
      await database.drop();
      await keyspace.drop();
    },
  };
}

async function emptyDatabase(): Promise<TestDatabase> {
  if (server !== undefined) return serverDatabase(server);
  return lent ? embeddedDatabase() : lentDatabase();
}

/** A new folder, removed when all tests have ended. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(testFolder, 't-'));
}

/**
 * A new folder with a fresh embedded database that does not run yet. When the tests use a real server, there
 * is no template to copy: the process that starts on the folder creates the database.
 * @param data path of PostgreSQL's files in the folder
 */
export async function embeddedFolder(data = join('db', 'pgdata')): Promise<string> {
  const folder = await temporaryFolder();
  // Of Node's ways to copy a thousand small files the fastest: the others take three times as long.
  if (!onServer) cpSync(join(testFolder, 'template'), join(folder, data), { recursive: true });
  return folder;
}

async function embeddedDatabase(): Promise<TestDatabase> {
  const folder = await embeddedFolder();
  return {
    settings: { DATA_DIR: folder },
    drop: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Lends this worker's running database, after it has removed what an earlier test file left in it. */
async function lentDatabase(): Promise<TestDatabase> {
  lent = true;
  const { username: user, database } = embeddedLogin;
  const login = { host: join(lentFolder, 'db'), user, database };
  await execute(login, 'DISCARD ALL', 'DROP SCHEMA public CASCADE', 'CREATE SCHEMA public');
  return {
    settings: { DATA_DIR: lentFolder },
    drop: async () => {
      lent = false;
    },
  };
}

async function serverDatabase(url: string): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const login = { connectionString: url };
  await execute(login, `CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return {
    settings: { DATABASE_URL: own.href },
    drop: () => execute(login, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function execute(login: pg.ClientConfig, ...statements: string[]): Promise<void> {
  const client = new pg.Client(login);
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
