import { type TokenKeyState, TokenKeyStore } from '../../src/domain/token-key.js';
import { TestApp } from '../support/app.js';
import { createDatabase, onServer, type TestDatabase } from '../support/database.js';
import { commandLine } from './command-line.js';
import { symbolon } from './symbolon.js';
import { tester } from '../support/audit.js';

let database: TestDatabase;
let env: Readonly<Record<string, string>>;
let where: string;

beforeAll(async () => {
  database = await createDatabase();
  env = { CONFIG_FILE: 'any', ...database.settings };
  where = onServer ? 'the database of DATABASE_URL' : `the embedded database ${database.settings.DATA_DIR}`;
});

afterAll(() => database.drop());

it('publishes a new key in the database of a running server, and says when it will sign', async () => {
  const app = await TestApp.start({ settings: database.settings });
  try {
    const keys = (): Promise<TokenKeyState> => app.nest.get(TokenKeyStore).read(app.clock.now());
    const before = await keys();
    const earliest = Date.now() + 60_000;
    const { status, stdout, stderr } = await symbolon(['keys', 'rotate'], { env });
    const latest = Date.now() + 60_000;
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const after = await keys();
    expect(after.keys).toEqual([
      ...before.keys,
      { secret: expect.any(Buffer), signsFrom: expect.any(Number) },
    ]);
    const { secret, signsFrom } = after.keys[1];
    expect(stdout).toBe(`a new key signs tokens from ${new Date(signsFrom).toISOString()} on in ${where}\n`);
    expect(secret).toHaveLength(32);
    expect(signsFrom).toBeGreaterThanOrEqual(earliest);
    expect(signsFrom).toBeLessThanOrEqual(latest);
  } finally {
    await app.stop();
  }
});

it('lists the keys, newest first, without their secrets', async () => {
  const app = await TestApp.start({ settings: database.settings });
  try {
    const { keys } = await app.nest.get(TokenKeyStore).read(app.clock.now());
    const { status, stdout, stderr } = await symbolon(['keys', 'list', '--json'], { env });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [newest, first] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const id: unknown = expect.stringMatching(/^[\w-]{16}$/);
    const signs_from = new Date(keys[1].signsFrom).toISOString();
    const published_at = new Date(keys[1].signsFrom - 60_000).toISOString();
    expect(newest).toEqual({ id, state: 'waiting', published_at, signs_from });
    expect(first).toEqual({ id, state: 'signing', kept_until: expect.any(String) as string });
    const table = await symbolon(['keys', 'list'], { env });
    expect(table.stdout.split('\n').map((line) => line.trimEnd().split(/ {2,}/))).toEqual([
      ['key', 'state', 'published', 'signs from', 'kept until'],
      [newest.id, 'waiting', published_at, signs_from, '-'],
      [first.id, 'signing', '-', '-', first.kept_until],
      [''],
    ]);
  } finally {
    await app.stop();
  }
});

it('exits with 1 when there are 64 keys, and says until when the oldest one is needed', async () => {
  const app = await TestApp.start({ settings: database.settings });
  try {
    const keys = app.nest.get(TokenKeyStore);
    const now = Date.now();
    const { keys: known } = await keys.read(now);
    for (let count = known.length; count < 64; count += 1) await keys.rotate(now, tester);
    const { status, stdout, stderr } = await commandLine(['keys', 'rotate'], { env });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      /^symbolon: no new key: 64 keys are alive, and tokens of the oldest one may be until \S+Z\n$/,
    );
  } finally {
    await app.stop();
  }
});

it('exits with 3 when the database is unreachable', async () => {
  const DATABASE_URL = 'postgres://symbolon:s3cret@127.0.0.1:1/symbolon';
  const { status, stdout, stderr } = await commandLine(['keys', 'rotate'], { env: { DATABASE_URL } });
  expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  expect(stderr).toMatch(/^symbolon: [^\n]*the database cannot be reached \(ECONNREFUSED\): [^\n]+\n$/);
});

it('exits with 2 when a setting is wrong, or the subcommand is unknown or missing', async () => {
  const wrong = await commandLine(['keys', 'rotate'], { env: { ...env, TOKEN_STORE: 'disk' } });
  const stderr = 'symbolon: TOKEN_STORE: none of database, memory, cassandra\n';
  expect(wrong).toEqual({ status: 2, stdout: '', stderr });
  expect(await commandLine(['keys', 'turn'])).toMatchObject({ status: 2, stdout: '' });
  expect(await commandLine(['keys'])).toMatchObject({ status: 2, stdout: '' });
});
