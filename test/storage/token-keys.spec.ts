import type { Client } from '../../src/domain/client.js';
import type { Effect } from '../../src/domain/directory-writer.js';
import type { TokenKey } from '../../src/domain/token-key.js';
import { TokenCodec } from '../../src/domain/token-codec.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { PostgresDirectoryWriter } from '../../src/storage/postgres/directory-writer.js';
import { PostgresTokenImporter } from '../../src/storage/postgres/token-importer.js';
import { PostgresTokenKeyStore } from '../../src/storage/postgres/token-key-store.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { aToken } from './access-token-store.contract.js';
import { aRefreshToken } from './refresh-token-store.contract.js';
import { aClient } from './subjects.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';
import { byTester, tester } from '../support/audit.js';

const second = 1000;
const day = 24 * 3600 * second;

let running: RunningDatabase;
/** Two nodes' connections. */
let databases: Database[];
let clock: StoppedClock;
let store: PostgresTokenKeyStore;
let firstKey: TokenKey;

beforeAll(async () => {
  running = await startDatabase();
  databases = [await database(), await database()];
  store = new PostgresTokenKeyStore(databases[0]);
  [firstKey] = (await store.read(0)).keys;
});

beforeEach(async () => {
  clock = new StoppedClock();
  const { dataSource } = databases[0];
  await dataSource.query('TRUNCATE token_key, access_token, token_family CASCADE');
  await dataSource.query('UPDATE registry SET foreign_tokens_until = NULL, longest_lifetime = 0');
  await dataSource.query('INSERT INTO token_key (secret, signs_from) VALUES ($1, to_timestamp(0))', [
    firstKey.secret,
  ]);
});

afterAll(async () => {
  for (const { dataSource } of databases) await dataSource.destroy();
  await running.stop();
});

function database(): Promise<Database> {
  return openDatabase(patientOptions(running.connection));
}

async function node(connections: Database): Promise<TokenCodec> {
  const form = new TokenCodec(new PostgresTokenKeyStore(connections), clock);
  await form.reload();
  return form;
}

/** From when each key signs, in seconds since a moment. */
async function keysSince(moment: number): Promise<number[]> {
  const { keys } = await store.read(clock.now());
  return keys.map(({ signsFrom }) => (signsFrom - moment) / second);
}

it('begins with one random key of 32 bytes, and no foreign tokens', async () => {
  const { keys, foreignTokens } = await store.read(clock.now());
  expect(keys).toEqual([{ secret: expect.any(Buffer), signsFrom: 0 }]);
  expect(keys[0].secret).toHaveLength(32);
  expect(new Set(keys[0].secret).size).toBeGreaterThan(8);
  expect(foreignTokens).toBe(false);
});

it('lets the nodes of one database recognise each other’s tokens, through a rotation as well', async () => {
  const [one, other] = await Promise.all(databases.map(node));
  const before = one.mint('sya_');
  expect(other.mayBeOurs(before, 'sya_')).toBe(true);

  expect(await store.rotate(clock.now(), tester)).toBe(clock.now() + 60 * second);
  await Promise.all([one.reload(), other.reload()]);
  clock.advance(60 * second);
  await Promise.all([one.reload(), other.reload()]);
  const after = one.mint('syr_');
  expect(other.mayBeOurs(before, 'sya_')).toBe(true);
  expect(other.mayBeOurs(after, 'syr_')).toBe(true);
  const { keys } = await store.read(clock.now());
  expect(keys[1].secret).toHaveLength(32);
  expect(keys[1].secret).not.toEqual(keys[0].secret);
});

describe('a key is removed at a rotation', () => {
  /** Rotates now, and returns the time. */
  async function rotate(): Promise<number> {
    await store.rotate(clock.now(), tester);
    return clock.now();
  }

  it('when the next key has signed for a day and there is no token', async () => {
    const start = await rotate();
    clock.advance(60 * second + day - 1);
    await rotate();
    expect(await keysSince(start)).toEqual([-start / second, 60, 86_460 - 0.001 + 60]);
    clock.advance(1);
    await rotate();
    expect((await keysSince(start))[0]).toBe(60);
  });

  describe.each([
    ['access token', { accessTokenLifetime: 30 * 86_400, refreshTokenMaxLifetime: 2 }],
    ['family of refresh tokens', { accessTokenLifetime: 2, refreshTokenMaxLifetime: 30 * 86_400 }],
  ])('not while a token of the longest lifetime may be active: %s', (_, lifetimes) => {
    const writer = () => new PostgresDirectoryWriter(databases[0], new RecordedChanges());

    async function register(effect: Effect, values: Partial<Client>): Promise<void> {
      const state = await writer().state();
      expect(await writer().apply([{ effect, client: aClient('/', values) }], state, byTester)).toBe(true);
    }

    afterEach(async () => {
      await register('remove', {});
    });

    it('whatever is in the token tables', async () => {
      await register('add', lifetimes);
      const start = await rotate();
      clock.advance(60 * second + 31 * day - 1);
      await rotate();
      expect((await keysSince(start))[0]).toBe(-start / second);
      clock.advance(1);
      await rotate();
      expect((await keysSince(start))[0]).toBe(60);
    });

    it('also when that lifetime was configured before and is shorter now', async () => {
      await register('add', lifetimes);
      await register('update', { accessTokenLifetime: 60, refreshTokenMaxLifetime: 60 });
      const start = await rotate();
      clock.advance(60 * second + 31 * day - 1);
      await rotate();
      expect((await keysSince(start))[0]).toBe(-start / second);
    });
  });

  it.each([
    ['30 days', 30 * day, 30 * day],
    ['a century, which counts as a year', 36_500 * day, 365 * day],
  ])('not while an imported family that lives for %s may be alive', async (_, lifetime, kept) => {
    const start = await rotate();
    const [issuedAt, familyExpiresAt] = [clock.now(), clock.now() + lifetime];
    const refreshTokens = [aRefreshToken({ issuedAt, expiresAt: familyExpiresAt, familyExpiresAt })];
    const importer = new PostgresTokenImporter(databases[0], new RecordedChanges());
    await importer.add({ accessTokens: [], refreshTokens });
    clock.advance(60 * second + kept + day - 1);
    await rotate();
    expect((await keysSince(start))[0]).toBe(-start / second);
    clock.advance(1);
    await rotate();
    expect((await keysSince(start))[0]).toBe(60);
  });

  it('never the one that signs, however old it is', async () => {
    clock.advance(10_000 * day);
    const start = await rotate();
    expect(await keysSince(start)).toEqual([-start / second, 60]);
  });
});

it('keeps 64 keys at most, and refuses one more with a message', async () => {
  const start = clock.now();
  for (let count = 1; count < 64; count += 1) await store.rotate(start, tester);
  const before = await store.read(start);
  expect(before.keys).toHaveLength(64);
  // The first key can be removed a day after the second has begun to sign.
  const free = new Date(start + 60 * second + day).toISOString();
  await expect(store.rotate(start, tester)).rejects.toThrow(
    `no new key: 64 keys are alive, and tokens of the oldest one may be until ${free}`,
  );
  expect(await store.read(start)).toEqual(before);
  await store.rotate(start + 60 * second + day, tester);
  expect((await store.read(start)).keys).toHaveLength(64);
});

it('lets keys that are made at the same moment sign from different times', async () => {
  const signsFrom = [await store.rotate(clock.now(), tester), await store.rotate(clock.now(), tester)];
  expect(signsFrom[1] - signsFrom[0]).toBe(1);
});

it('runs rotations that come at the same time one after the other', async () => {
  const stores = databases.map((each) => new PostgresTokenKeyStore(each));
  const rotations = Array.from({ length: 10 }, (_, index) => stores[index % 2].rotate(clock.now(), tester));
  expect(new Set(await Promise.all(rotations)).size).toBe(10);
});

it('expects foreign tokens until the latest of the given times', async () => {
  const now = clock.now();
  await store.expectForeignTokens(now + 2000, 0);
  await store.expectForeignTokens(now + 1000, 0);
  const until = now + 2000;
  expect(await store.read(until - 1)).toMatchObject({ foreignTokens: true, foreignTokensUntil: until });
  expect(await store.read(until)).toMatchObject({ foreignTokens: false, foreignTokensUntil: until });
});

it('expects foreign tokens until the last imported one has expired', async () => {
  const importer = new PostgresTokenImporter(databases[0], new RecordedChanges());
  const now = clock.now();
  const until = async (time: number) => (await store.read(time)).foreignTokens;
  await importer.add({ accessTokens: [aToken({ expiresAt: now + 5000 })], refreshTokens: [] });
  expect([await until(now + 4999), await until(now + 5000)]).toEqual([true, false]);
  const refreshToken = aRefreshToken({ expiresAt: now + 6000, familyExpiresAt: now + 9000 });
  await importer.add({ accessTokens: [aToken({ expiresAt: now + 1000 })], refreshTokens: [refreshToken] });
  expect([await until(now + 5000), await until(now + 9000)]).toEqual([true, false]);
  await importer.add({ accessTokens: [aToken({ expiresAt: now + 1000 })], refreshTokens: [] });
  expect(await until(now + 5000)).toBe(true);
});
