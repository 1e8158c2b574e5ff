import { PostgresAccessTokenStore } from '../../src/storage/postgres/access-token-store.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { PostgresRefreshTokenStore } from '../../src/storage/postgres/refresh-token-store.js';
import { PostgresTokenImporter } from '../../src/storage/postgres/token-importer.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { aToken } from './access-token-store.contract.js';
import { hostileNames } from './names.js';
import { aRefreshToken } from './refresh-token-store.contract.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';

let running: RunningDatabase;
let database: Database;
let importer: PostgresTokenImporter;
let accessTokens: PostgresAccessTokenStore;
let refreshTokens: PostgresRefreshTokenStore;

beforeAll(async () => {
  running = await startDatabase();
  database = await openDatabase(patientOptions(running.connection));
  importer = new PostgresTokenImporter(database, new RecordedChanges());
  accessTokens = new PostgresAccessTokenStore(database, new RecordedChanges());
  refreshTokens = new PostgresRefreshTokenStore(database, new RecordedChanges());
});

afterAll(async () => {
  await database.dataSource.destroy();
  await running.stop();
});

async function families(): Promise<number> {
  const rows: { count: number }[] = await database.dataSource.query(
    'SELECT count(*)::int AS count FROM token_family',
  );
  return rows[0].count;
}

/** Names and values that mean something to an array or to JSON, in an order that is no alphabet's. */
const pairs = [...hostileNames, '', 'NULL', '{NULL,"a"}', '["a","b"]', '\\"', ','].map(
  (name, index) => [`${index % 3}${name}`, name] as const,
);

it('keeps all that is said of tokens', async () => {
  const batch = {
    accessTokens: [
      ...hostileNames.map((name) => aToken({ realm: name, clientId: name, username: name })),
      aToken({ additionalInformation: pairs, grantType: 'authorization_code', scope: [] }),
      aToken({ username: undefined, epochs: { realm: 1, client: 2 }, scope: ['a', '{b}', ','] }),
      aToken({ issuedAt: 1, expiresAt: Date.parse('9999-12-31T23:59:59.999Z') }),
    ],
    refreshTokens: [
      ...hostileNames.map((name) => aRefreshToken({ realm: name, clientId: name, username: name })),
      aRefreshToken({ additionalInformation: pairs, scope: [] }),
    ],
  };
  expect(await importer.add(batch)).toBe(batch.accessTokens.length + batch.refreshTokens.length);
  for (const token of batch.accessTokens) expect(await accessTokens.find(token.hash)).toEqual(token);
  for (const token of batch.refreshTokens) expect(await refreshTokens.find(token.hash)).toEqual(token);
});

it('leaves what is there already as it is, and says how many were not', async () => {
  const batch = { accessTokens: [aToken()], refreshTokens: [aRefreshToken()] };
  const [[access], [refresh]] = [batch.accessTokens, batch.refreshTokens];
  expect(await importer.add(batch)).toBe(2);
  const before = await families();
  const again = {
    accessTokens: [{ ...access, clientId: 'other' }, aToken()],
    refreshTokens: [aRefreshToken({ hash: refresh.hash, clientId: 'other' }), aRefreshToken()],
  };
  expect(await importer.add(again)).toBe(2);
  expect(await accessTokens.find(access.hash)).toEqual(access);
  expect(await refreshTokens.find(refresh.hash)).toEqual(refresh);
  expect(await families()).toBe(before + 1);
});

it('takes the first of two that are one token', async () => {
  const access = aToken();
  const refresh = aRefreshToken();
  const before = await families();
  const added = await importer.add({
    accessTokens: [access, { ...access, clientId: 'other' }],
    refreshTokens: [refresh, aRefreshToken({ hash: refresh.hash })],
  });
  expect(added).toBe(2);
  expect(await accessTokens.find(access.hash)).toEqual(access);
  expect(await refreshTokens.find(refresh.hash)).toEqual(refresh);
  expect(await families()).toBe(before + 1);
});

it('adds all of a batch or nothing', async () => {
  const access = aToken();
  const before = await families();
  const broken = aRefreshToken({ username: 'with a \0' });
  await expect(
    importer.add({ accessTokens: [access], refreshTokens: [aRefreshToken(), broken] }),
  ).rejects.toThrow();
  expect(await accessTokens.find(access.hash)).toBeUndefined();
  expect(await families()).toBe(before);
});

it('does nothing for an empty batch', async () => {
  expect(await importer.add({ accessTokens: [], refreshTokens: [] })).toBe(0);
});

it('brings nothing to life again that was revoked', async () => {
  const batch = { accessTokens: [aToken()], refreshTokens: [aRefreshToken()] };
  await importer.add(batch);
  await accessTokens.revoke(batch.accessTokens[0].hash);
  await refreshTokens.revokeFamily(batch.refreshTokens[0].family);
  const again = [aRefreshToken({ hash: batch.refreshTokens[0].hash })];
  expect(await importer.add({ ...batch, refreshTokens: again })).toBe(0);
  expect(await accessTokens.find(batch.accessTokens[0].hash)).toBeUndefined();
  expect(await refreshTokens.find(batch.refreshTokens[0].hash)).toBeUndefined();
});

it('takes a large batch', async () => {
  const batch = {
    accessTokens: Array.from({ length: 500 }, () => aToken({ additionalInformation: pairs })),
    refreshTokens: Array.from({ length: 500 }, () => aRefreshToken()),
  };
  expect(await importer.add(batch)).toBe(1000);
});
