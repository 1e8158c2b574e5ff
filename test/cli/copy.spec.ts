import { TestApp } from '../support/app.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { commandLine } from './command-line.js';

let database: TestDatabase;
let env: Readonly<Record<string, string>>;

const cluster = { CASSANDRA_CONTACT_POINTS: '127.0.0.1:1', CASSANDRA_LOCAL_DATACENTER: 'dc1' };

const copying = (settings: Readonly<Record<string, string>>) =>
  commandLine(['copy', 'tokens', '--to', 'cassandra'], { env: settings });

beforeAll(async () => {
  database = await createDatabase();
  env = { CONFIG_FILE: 'any', ...database.settings };
});

afterAll(() => database.drop());

it.each(['database', 'cassandra'])(
  'exits with 2 when TOKEN_STORE=%s and the cluster is not named',
  async (store) => {
    const needs = store === 'database' ? 'symbolon copy tokens' : 'TOKEN_STORE=cassandra';
    const stderr =
      `symbolon: CASSANDRA_LOCAL_DATACENTER: ${needs} needs it\n` +
      `CASSANDRA_CONTACT_POINTS: ${needs} needs it\n`;
    expect(await copying({ ...env, TOKEN_STORE: store })).toEqual({ status: 2, stdout: '', stderr });
  },
);

it('exits with 2 and names every bad setting', async () => {
  const settings = { ...env, ...cluster, CASSANDRA_CONSISTENCY: 'any', LOG_LEVEL: 'loud' };
  const { status, stderr } = await copying(settings);
  expect(status).toBe(2);
  expect(stderr).toMatch(/^symbolon: LOG_LEVEL: .*\nCASSANDRA_CONSISTENCY: .*\n$/);
});

it('exits with 2 where tokens are kept in memory', async () => {
  const stderr = "symbolon: TOKEN_STORE: tokens that are kept in a server's memory cannot be copied\n";
  const settings = { ...cluster, CONFIG_FILE: 'any', DATA_DIR: 'any', TOKEN_STORE: 'memory' };
  expect(await copying(settings)).toEqual({ status: 2, stdout: '', stderr });
});

it.each([
  [['copy', 'tokens'], '--to'],
  [['copy', 'tokens', '--to', 'postgres'], 'postgres'],
  [['copy', 'tokens', '--to', 'cassandra', 'more'], 'argument'],
  [['copy', 'keys'], 'keys'],
])('exits with 2 at %j', async (args, named) => {
  const { status, stdout, stderr } = await commandLine(args, { env: { ...env, ...cluster } });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(new RegExp(`^symbolon: [^\n]*${named}[^\n]*\n$`));
});

it('exits with 3 when the cluster is unreachable, and names its setting', async () => {
  const app = await TestApp.start({ settings: database.settings });
  try {
    const stderr = 'symbolon: CASSANDRA_CONTACT_POINTS: no node answers (ECONNREFUSED)\n';
    expect(await copying({ ...env, ...cluster })).toEqual({ status: 3, stdout: '', stderr });
  } finally {
    await app.stop();
  }
});

it('exits with 3 when the database is unreachable', async () => {
  const DATABASE_URL = 'postgres://symbolon:s3cret@127.0.0.1:1/symbolon';
  const { status, stdout, stderr } = await copying({ DATABASE_URL, ...cluster });
  expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  expect(stderr).toMatch(
    /^symbolon: DATABASE_URL: the database cannot be reached \(ECONNREFUSED\): [^\n]+\n$/,
  );
});
