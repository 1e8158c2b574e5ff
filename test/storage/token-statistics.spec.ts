import type { TokenStorage } from '../../src/domain/token-storage.js';
import { memoryTokenStorage } from '../../src/storage/memory/token-storage.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { postgresTokenStorage } from '../../src/storage/postgres/token-storage.js';
import { RecordedEvents } from '../support/audit.js';
import { KeyStore } from '../support/key-store.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { aToken } from './access-token-store.contract.js';
import { aRefreshToken } from './refresh-token-store.contract.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';

const now = Date.UTC(2026, 5, 1);
/** How long a family is kept beyond its end, in milliseconds. */
const late = 60_000;

let running: RunningDatabase;
let database: Database;

beforeAll(async () => {
  running = await startDatabase();
  database = await openDatabase(patientOptions(running.connection));
});
afterAll(async () => {
  await database.dataSource.destroy();
  await running.stop();
});

async function inPostgres(): Promise<TokenStorage> {
  await database.dataSource.query('TRUNCATE access_token, token_family CASCADE');
  return postgresTokenStorage(database, new RecordedChanges());
}

const inMemory = async () =>
  memoryTokenStorage(new StoppedClock(now), new KeyStore(), new RecordedChanges(), new RecordedEvents());

describe.each([
  ['PostgreSQL', inPostgres],
  ['memory', inMemory],
])('the statistics of tokens in %s', (_, open) => {
  let storage: TokenStorage;
  beforeEach(async () => {
    storage = await open();
  });

  const overdue = async () => (await storage.statistics.statistics(now)).overdueMs;
  const insert = (expiresAt: number) => storage.accessTokens.insert(aToken({ expiresAt }));
  const begin = (familyExpiresAt: number, accessExpiresAt: number) => {
    const first = aRefreshToken({ expiresAt: familyExpiresAt, familyExpiresAt });
    return storage.refreshTokens.begin(first, aToken({ family: first.family, expiresAt: accessExpiresAt }));
  };

  it('know no backlog while nothing has expired', async () => {
    expect(await overdue()).toBe(0);
    await insert(now + 1);
    await begin(now + 1, now + 1);
    expect(await overdue()).toBe(0);
  });

  it('tell for how long the oldest expired access token is overdue, until it is purged', async () => {
    for (const ago of [1000, 90_000, 5000]) await insert(now - ago);
    expect(await overdue()).toBe(90_000);
    await storage.purger.purge(now, 10);
    expect(await overdue()).toBe(0);
  });

  it('count a family only when it and its access tokens have ended and it need not be kept', async () => {
    await begin(now - late - 7000, now + 1);
    await begin(now - late + 1, now + 1);
    expect(await overdue()).toBe(0);
    await begin(now - late - 5000, now - 1);
    expect(await overdue()).toBe(1);
    await storage.purger.purge(now, 1);
    expect(await overdue()).toBe(5000);
  });
});

it('the number of access tokens in PostgreSQL is not known before the table was first analysed', async () => {
  const { accessTokens, statistics } = await inPostgres();
  for (let index = 0; index < 5; index += 1) await accessTokens.insert(aToken({ expiresAt: now + 1000 }));
  expect((await statistics.statistics(now)).accessTokens).toBeUndefined();
  await database.dataSource.query('ANALYZE access_token');
  expect((await statistics.statistics(now)).accessTokens).toBe(5);
});

it('the number of access tokens in memory is exact', async () => {
  const { accessTokens, statistics } = await inMemory();
  for (let index = 0; index < 5; index += 1) await accessTokens.insert(aToken({ expiresAt: now + 1000 }));
  expect((await statistics.statistics(now)).accessTokens).toBe(5);
});
