import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';

/** A database of a test's own, as settings that name it. */
export interface TestDatabase {
  readonly settings: Readonly<Record<string, string>>;
  drop(): Promise<void>;
}

const server = process.env.TEST_DATABASE_URL;

/** Whether the tests run against a real PostgreSQL server rather than the embedded one. */
export const onServer = server !== undefined;

/** A new, empty database: on the server that `TEST_DATABASE_URL` names, else an embedded one. */
export async function createDatabase(): Promise<TestDatabase> {
  return server === undefined ? embeddedDatabase() : serverDatabase(server);
}

/** A new folder that goes when the tests end. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(process.env.TEST_FOLDER ?? '', 't-'));
}

async function embeddedDatabase(): Promise<TestDatabase> {
  const folder = await temporaryFolder();
  const template = join(process.env.TEST_FOLDER ?? '', 'template');
  await cp(template, join(folder, 'pgdata'), { recursive: true });
  return {
    settings: { DATA_DIR: folder },
    drop: () => rm(folder, { recursive: true, force: true }),
  };
}

async function serverDatabase(url: string): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await execute(url, `CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return {
    settings: { DATABASE_URL: own.href },
    drop: () => execute(url, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
