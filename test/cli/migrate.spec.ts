import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { migrations } from '../../migrations/index.js';
import { openDataSource } from '../../src/storage/postgres/data-source.js';
import { patientOptions, type RunningDatabase, startDatabase } from '../storage/running-database.js';
import { embeddedFolder, onServer, temporaryFolder } from '../support/database.js';
import { commandLine } from './command-line.js';

let running: RunningDatabase;
let env: Readonly<Record<string, string>>;
let where: string;

beforeEach(async () => {
  running = await startDatabase();
  const settings = settingsOf(running);
  where = onServer ? 'the database of DATABASE_URL' : `the embedded database ${settings.DATA_DIR}`;
  env = { CONFIG_FILE: 'any', ...settings };
});
afterEach(() => running.stop());

/** The settings that name a running database. An embedded one is in the folder `db`. */
function settingsOf({ connection }: RunningDatabase): Readonly<Record<string, string>> {
  return 'url' in connection ? { DATABASE_URL: connection.url } : { DATA_DIR: join(connection.host, '..') };
}

/** Applies the first of our migrations alone. */
async function migrated(count: number): Promise<void> {
  const options = { ...patientOptions(running.connection), migrations: migrations.slice(0, count) };
  await (await openDataSource(options)).destroy();
}

/** The names of the pending migrations, from the one at this place on. */
const names = (from: number) => migrations.slice(from).map(({ name }) => name);

it('plans without a change, with status 4, what it then applies, until none is pending', async () => {
  await migrated(1);
  const { status, stdout, stderr } = await commandLine(['migrate', '--plan'], { env });
  expect({ status, stderr }).toEqual({
    status: 4,
    stderr: `symbolon: ${names(1).length} migrations pending in ${where}\n`,
  });
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));
  expect(lines[0]).toEqual(['migration', 'older nodes', 'locks']);
  expect(lines.slice(1).map(([name]) => name)).toEqual(names(1));
  expect(lines[1]).toEqual(['TokenLife1763000000002', 'must end', 'long']);
  expect(lines[4]).toEqual(['Operations1763000000005', 'serve on', 'long']);
  const applied = `${names(1).length} migrations applied in ${where}: ${names(1).join(', ')}\n`;
  expect(await commandLine(['migrate'], { env })).toEqual({ status: 0, stdout: applied, stderr: '' });
  expect(await commandLine(['migrate', '--plan'], { env })).toEqual({
    status: 0,
    stdout: `no migration pending in ${where}\n`,
    stderr: '',
  });
});

it('makes no embedded database', async () => {
  const DATA_DIR = await temporaryFolder();
  const ended = await commandLine(['migrate'], { env: { CONFIG_FILE: 'any', DATA_DIR } });
  expect(ended).toMatchObject({ status: 3, stdout: '' });
  expect(ended.stderr).toContain(`there is no embedded database in ${DATA_DIR}`);
  expect(existsSync(join(DATA_DIR, 'db'))).toBe(false);
});

(onServer ? it.skip : it)('starts an embedded database that no server runs', async () => {
  const DATA_DIR = await embeddedFolder();
  const ended = await commandLine(['migrate'], { env: { CONFIG_FILE: 'any', DATA_DIR } });
  expect(ended).toMatchObject({ status: 0, stderr: '' });
  expect(ended.stdout).toContain(` migrations applied in the embedded database ${DATA_DIR}: `);
});

it('exits with 3 when the database is unreachable, and with 2 when a setting is wrong', async () => {
  const DATABASE_URL = 'postgres://symbolon:s3cret@127.0.0.1:1/symbolon';
  const away = await commandLine(['migrate', '--plan'], { env: { DATABASE_URL } });
  expect(away).toMatchObject({ status: 3, stdout: '' });
  expect(away.stderr).toMatch(/^symbolon: [^\n]*the database cannot be reached \(ECONNREFUSED\): [^\n]+\n$/);
  const wrong = await commandLine(['migrate', '--plan'], { env: { DATABASE_POOLER: 'transaction' } });
  const stderr = 'symbolon: DATABASE_POOLER: a pooler goes with DATABASE_URL\n';
  expect(wrong).toEqual({ status: 2, stdout: '', stderr });
});
