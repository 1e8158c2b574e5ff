import type { StoredAccessToken } from '../../src/domain/access-token.js';
import type { RefreshToken } from '../../src/domain/refresh-token.js';
import { PostgresAccessTokenStore } from '../../src/storage/postgres/access-token-store.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { PostgresRefreshTokenStore } from '../../src/storage/postgres/refresh-token-store.js';
import { PostgresTokenImporter } from '../../src/storage/postgres/token-importer.js';
import { PostgresTokenPurger } from '../../src/storage/postgres/token-purger.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { aToken, factsOf } from './access-token-store.contract.js';
import { aRefreshToken, aRotation } from './refresh-token-store.contract.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';
import { byClient } from '../support/audit.js';

const now = Date.UTC(2026, 5, 1);
/** How long a family is kept beyond its end, in milliseconds. */
const late = 60_000;
const many = 1000;

let running: RunningDatabase;
let database: Database;
let purger: PostgresTokenPurger;
let accessTokens: PostgresAccessTokenStore;
let refreshTokens: PostgresRefreshTokenStore;
let importer: PostgresTokenImporter;

beforeAll(async () => {
  running = await startDatabase();
  database = await openDatabase(patientOptions(running.connection));
  purger = new PostgresTokenPurger(database);
  accessTokens = new PostgresAccessTokenStore(database, new RecordedChanges());
  refreshTokens = new PostgresRefreshTokenStore(database, new RecordedChanges());
  importer = new PostgresTokenImporter(database, new RecordedChanges());
});

beforeEach(() => database.dataSource.query('TRUNCATE access_token, token_family CASCADE'));

afterAll(async () => {
  await database.dataSource.destroy();
  await running.stop();
});

/** How many access tokens, refresh tokens and families are stored. */
async function kept(): Promise<number[]> {
  const [row]: Record<string, number>[] = await database.dataSource.query(
    `SELECT (SELECT count(*)::int FROM access_token) AS access, (SELECT count(*)::int FROM refresh_token) AS refresh,
      (SELECT count(*)::int FROM token_family) AS families`,
  );
  return [row.access, row.refresh, row.families];
}

async function insert(expiresAt: number): Promise<StoredAccessToken> {
  const token = aToken({ expiresAt });
  await accessTokens.insert(token);
  return token;
}

/** Begins a family that ends at these times, rotates it this many times, and returns its first refresh token. */
async function begin(familyExpiresAt: number, accessExpiresAt: number, rotations = 0): Promise<RefreshToken> {
  const first = aRefreshToken({ expiresAt: familyExpiresAt, familyExpiresAt });
  await refreshTokens.begin(first, aToken({ family: first.family, expiresAt: accessExpiresAt }));
  let presented = first;
  for (let rotation = 0; rotation < rotations; rotation += 1) {
    const accessToken = aToken({ family: first.family, expiresAt: accessExpiresAt });
    const { successor, ...rest } = aRotation(presented, { accessToken });
    await refreshTokens.rotate({ ...rest, successor });
    presented = successor;
  }
  return first;
}

describe('an access token', () => {
  it('is removed as soon as it has expired, and not before', async () => {
    const [dead, dying, live] = [await insert(now - 1), await insert(now), await insert(now + 1)];
    expect(await purger.purge(now, many)).toBe(2);
    const found = await Promise.all([dead, dying, live].map(async ({ hash }) => accessTokens.find(hash)));
    expect(found).toEqual([undefined, undefined, factsOf(live)]);
    expect(await purger.purge(now, many)).toBe(0);
  });

  it('that is revoked is not removed sooner: an import would add it again', async () => {
    const token = await insert(now + 1);
    await accessTokens.revoke(token.hash, byClient);
    expect(await purger.purge(now, many)).toBe(0);
    expect(await importer.add({ accessTokens: [token], refreshTokens: [] })).toBe(0);
    expect(await purger.purge(now + 1, many)).toBe(1);
    expect(await kept()).toEqual([0, 0, 0]);
  });
});

describe('a family', () => {
  it('is removed with its refresh tokens a minute after its end, and not before', async () => {
    await begin(now - late + 1, now, 2);
    await begin(now - late, now, 2);
    expect(await purger.purge(now, many)).toBe(6 + 3 + 1);
    expect(await kept()).toEqual([0, 3, 1]);
    expect(await purger.purge(now + 1, many)).toBe(3 + 1);
    expect(await kept()).toEqual([0, 0, 0]);
  });

  it('that has not ended keeps its used and expired refresh tokens, so that the reuse of one ends it', async () => {
    const first = aRefreshToken({ expiresAt: now - late, familyExpiresAt: now + 1 });
    await refreshTokens.begin(first, aToken({ family: first.family, expiresAt: now - 1 }));
    const rotation = aRotation(first, { accessToken: aToken({ family: first.family, expiresAt: now + 1 }) });
    await refreshTokens.rotate(rotation);
    expect(await purger.purge(now, many)).toBe(1);
    expect(await refreshTokens.find(first.hash)).toMatchObject({ usedAt: rotation.now });
    await refreshTokens.revokeFamily(first.family, byClient);
    expect(await accessTokens.find(rotation.accessToken.hash)).toBeUndefined();
  });

  it('that has ended is kept whole while one of its access tokens is active', async () => {
    const first = await begin(now - 10 * late, now + 1, 1);
    expect(await purger.purge(now, many)).toBe(0);
    expect(await refreshTokens.find(first.hash)).toMatchObject({ usedAt: expect.any(Number) });
    expect(await purger.purge(now + 1, many)).toBe(2 + 2 + 1);
    expect(await kept()).toEqual([0, 0, 0]);
  });

  it('that is revoked stays revoked until its end, even if its tokens are imported again', async () => {
    const token = aRefreshToken({ expiresAt: now, familyExpiresAt: now });
    await importer.add({ accessTokens: [], refreshTokens: [token] });
    await refreshTokens.revokeFamily(token.family, byClient);
    expect(await purger.purge(now + late - 1, many)).toBe(0);
    const again = aRefreshToken({ hash: token.hash });
    expect(await importer.add({ accessTokens: [], refreshTokens: [again] })).toBe(0);
    expect(await refreshTokens.find(token.hash)).toBeUndefined();
    expect(await purger.purge(now + late, many)).toBe(2);
    expect(await kept()).toEqual([0, 0, 0]);
  });
});

describe('a batch', () => {
  it('is never larger than requested, and full except for the last one', async () => {
    for (let count = 0; count < 7; count += 1) await insert(now - count);
    await begin(now - late, now, 11);
    for (let count = 0; count < 3; count += 1) await begin(now - late - 1, now - 1);
    await begin(now, now + 1, 1);
    const removed = [];
    do removed.push(await purger.purge(now, 5));
    while (removed.at(-1) === 5);
    // 7 + 12 + 3 access tokens, 12 + 3 refresh tokens, 1 + 3 families.
    expect(removed).toEqual([...Array(8).fill(5), 1]);
    expect(await kept()).toEqual([2, 2, 1]);
  });

  it('removes the tokens that expired first', async () => {
    const [later, first] = [await insert(now - 1), await insert(now - 2)];
    expect(await purger.purge(now, 1)).toBe(1);
    expect(await accessTokens.find(first.hash)).toBeUndefined();
    expect(await accessTokens.find(later.hash)).toEqual(factsOf(later));
  });
});
