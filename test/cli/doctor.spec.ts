import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { doctorTable } from '../../src/cli/doctor.presenter.js';
import { openDataSource } from '../../src/storage/postgres/data-source.js';
import { patientOptions, type RunningDatabase, startDatabase } from '../storage/running-database.js';
import { temporaryFolder } from '../support/database.js';
import { commandLine } from './command-line.js';
import { symbolon } from './symbolon.js';

let running: RunningDatabase;
let env: Readonly<Record<string, string>>;

beforeEach(async () => {
  running = await startDatabase();
  const { connection } = running;
  env =
    'url' in connection
      ? { CONFIG_FILE: 'any', DATABASE_URL: connection.url }
      : { CONFIG_FILE: 'any', DATA_DIR: join(connection.host, '..') };
});
afterEach(() => running.stop());

interface Json {
  readonly status: string;
  readonly checks: { name: string; status: string; found: string; advice?: string }[];
}

/** Runs `doctor --json`. */
async function examined(more: Readonly<Record<string, string>> = {}) {
  const { stdout, ...ended } = await commandLine(['doctor', '--json'], { env: { ...env, ...more } });
  expect(stdout.match(/\n/g)).toHaveLength(1);
  const { status, checks } = JSON.parse(stdout) as Json;
  return { ...ended, worst: status, of: (name: string) => checks.find((check) => check.name === name) };
}

/** The tables of the database. */
async function tables(): Promise<unknown[]> {
  const dataSource = await openDataSource(patientOptions(running.connection), { migrates: false });
  const rows = await dataSource.query<unknown[]>(
    'SELECT tablename FROM pg_tables WHERE schemaname = current_schema()',
  );
  await dataSource.destroy();
  return rows;
}

it('shows a line for each check, and below what to do', async () => {
  await (await openDataSource(patientOptions(running.connection))).destroy();
  const { status, stdout, stderr } = await symbolon(['doctor'], { env: { ...env, ADMIN_HOST: '0.0.0.0' } });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^status +check +found$/);
  expect(lines[1]).toMatch(/^(ok|warn) +postgresql +PostgreSQL \d/);
  expect(stdout).toMatch(/^warn +admin-listener +the operator's listener is beyond loopback without TLS: /m);
  expect(stdout).toMatch(
    /\n\n(.+\n)*admin-listener: set TLS_KEY_FILE and TLS_CERT_FILE, or ADMIN_HOST=127\.0\.0\.1\n/,
  );
});

it('finds pending migrations in an empty database, and applies none', async () => {
  const { status, stderr, worst, of } = await examined();
  expect({ status, stderr, worst }).toEqual({ status: 0, stderr: '', worst: 'warn' });
  expect(of('postgresql')!.found).toMatch(/^PostgreSQL \d/);
  expect(of('migrations')).toMatchObject({
    status: 'warn',
    found: expect.stringMatching(/^\d+ pending: Initial1763000000001, /) as string,
  });
  expect(of('token-keys')).toMatchObject({ found: 'not examined: migrations are pending' });
  expect(of('demo')).toMatchObject({ status: 'ok' });
  expect(await tables()).toEqual([]);
});

it('ends with 1 where a check fails, and a database that cannot be reached hides no other finding', async () => {
  const DATABASE_URL = 'postgres://symbolon:s3cret@127.0.0.1:1/symbolon';
  const { status, stderr, worst, of } = await examined({ DATABASE_URL });
  expect({ status, worst }).toEqual({ status: 1, worst: 'fail' });
  expect(stderr).toBe('symbolon: 1 of 3 checks failed, 0 with a warning in the database of DATABASE_URL\n');
  const { found, ...rest } = of('postgresql')!;
  expect(rest).toMatchObject({
    status: 'fail',
    advice: expect.stringContaining('mend this first') as string,
  });
  expect(found).toMatch(/^DATABASE_URL: the database cannot be reached \(ECONNREFUSED\): /);
  expect(of('admin-listener')).toMatchObject({ status: 'ok' });
});

it('makes no embedded database', async () => {
  const { DATABASE_URL: _, ...others } = env;
  const DATA_DIR = await temporaryFolder();
  const { status, stdout } = await commandLine(['doctor'], { env: { ...others, DATA_DIR } });
  expect(status).toBe(1);
  expect(stdout).toMatch(/^fail +postgresql +DATA_DIR: there is no embedded database in /m);
  expect(existsSync(join(DATA_DIR, 'db'))).toBe(false);
});

it('ends with 2 when a setting is wrong', async () => {
  const ended = await commandLine(['doctor'], { env: { ...env, TOKEN_STORE: 'disk' } });
  const stderr = 'symbolon: TOKEN_STORE: none of database, memory, cassandra\n';
  expect(ended).toEqual({ status: 2, stdout: '', stderr });
});

it('colours what it finds on a terminal', () => {
  const checks = (['ok', 'warn', 'fail'] as const).map((status) => ({
    name: status,
    status,
    found: 'x\x1b[2J',
  }));
  const table = doctorTable({ status: 'fail', at: 0, age: 0, checks }, true);
  expect(table.split('\n').slice(1)).toEqual([
    '\x1b[32mok    \x1b[0m  ok     x[2J',
    '\x1b[33mwarn  \x1b[0m  warn   x[2J',
    '\x1b[31mfail  \x1b[0m  fail   x[2J',
  ]);
});
