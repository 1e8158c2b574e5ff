import { PostgresAccessTokenStore } from '../../src/storage/postgres/access-token-store.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { PostgresRefreshTokenStore } from '../../src/storage/postgres/refresh-token-store.js';
import { PostgresTokenRecords } from '../../src/storage/postgres/token-records.js';
import { PostgresTokenImporter } from '../../src/storage/postgres/token-importer.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { aToken } from './access-token-store.contract.js';
import { aRefreshToken } from './refresh-token-store.contract.js';
import { tokenImporterContract } from './token-importer.contract.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';

let running: RunningDatabase;
let database: Database;
let importer: PostgresTokenImporter;
let records: PostgresTokenRecords;
let accessTokens: PostgresAccessTokenStore;
let refreshTokens: PostgresRefreshTokenStore;

beforeAll(async () => {
  running = await startDatabase();
  database = await openDatabase(patientOptions(running.connection));
  importer = new PostgresTokenImporter(database, new RecordedChanges());
  records = new PostgresTokenRecords(database);
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

describe('an import into PostgreSQL', () => {
  tokenImporterContract(() => ({ importer, accessTokens, refreshTokens, records }));
});

it('leaves no family behind for a token that was already stored', async () => {
  const token = aRefreshToken();
  await importer.add({ accessTokens: [], refreshTokens: [token] });
  const before = await families();
  const again = [aRefreshToken({ hash: token.hash }), aRefreshToken({ hash: token.hash })];
  expect(await importer.add({ accessTokens: [], refreshTokens: [...again, aRefreshToken()] })).toBe(1);
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
