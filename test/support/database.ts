import { randomUUID } from 'node:crypto';
import { cpSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { embeddedLogin } from '../../src/storage/embedded/embedded-database.js';

/** A database of a test's own, as settings that name it. */
export interface TestDatabase {
  readonly settings: Readonly<Record<string, string>>;
  drop(): Promise<void>;
}

const server = process.env.TEST_DATABASE_URL;
const testFolder = process.env.TEST_FOLDER ?? '';

/** Whether the tests run against a real PostgreSQL server rather than the embedded one. */
export const onServer = server !== undefined;

/** The folder of the embedded database that runs for this worker of the test runner, from file to file. */
const lentFolder = join(testFolder, `worker-${process.env.JEST_WORKER_ID}`);
let lent = false;

/**
 * A new, empty database: on the server that `TEST_DATABASE_URL` names, else an embedded one. That runs already,
 * and is to be joined; while it is in use, further ones are folders on which nobody runs yet. What must start an
 * embedded database itself takes an `embeddedFolder`.
 */
export async function createDatabase(): Promise<TestDatabase> {
  if (server !== undefined) return serverDatabase(server);
  return lent ? embeddedDatabase() : lentDatabase();
}

/** A new folder that goes when the tests end. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(testFolder, 't-'));
}

/**
 * A new folder with a fresh embedded database, on which nobody runs. Where the tests have a server's database
 * there is none to copy: whoever starts on the folder makes its own.
 * @param data where PostgreSQL's files are in it
 */
export async function embeddedFolder(data = 'pgdata'): Promise<string> {
  const folder = await temporaryFolder();
  // Of the ways to copy a thousand small files by Node, the one that takes a third of the others' time.
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

/** Whatever an earlier file has left in it goes first. */
async function lentDatabase(): Promise<TestDatabase> {
  lent = true;
  const { username: user, database } = embeddedLogin;
  const login = { host: lentFolder, user, database };
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
