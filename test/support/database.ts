import { randomUUID } from 'node:crypto';
import { cpSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { createKeyspace, tokensInCassandra } from './cassandra.js';
import { type Content, lendDatabase } from './lent-database.js';

/** A database for one test, and the settings that name it. */
export interface TestDatabase {
  readonly settings: Readonly<Record<string, string>>;
  drop(): Promise<void>;
}

const server = process.env.TEST_DATABASE_URL;
const testFolder = process.env.TEST_FOLDER ?? '';

/** Whether the tests run against a real PostgreSQL server rather than the embedded one. */
export const onServer = server !== undefined;

/**
 * A new database, on the server that `TEST_DATABASE_URL` names, else an embedded one. The first two of those run already
 * and are joined. While they are in use, further ones are folders whose database does not run yet. A test that must start
 * an embedded database itself uses `embeddedFolder`.
 * @param content `schema` where it may have our schema already
 */
export async function createDatabase(content: Content = 'nothing'): Promise<TestDatabase> {
  return withKeyspace(await newDatabase(content));
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

async function newDatabase(content: Content): Promise<TestDatabase> {
  if (server !== undefined) return serverDatabase(server);
  const lent = await lendDatabase(content);
  if (!lent) return embeddedDatabase();
  return { settings: { DATA_DIR: lent.folder }, drop: async () => lent.giveBack() };
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
