import type { CopyBatch } from '../../src/domain/token-copy.js';
import type { Database } from '../../src/storage/postgres/database.js';
import {
  PostgresTokenSource,
  readAccessTokens,
  readFamilies,
  readLoneFamilies,
  readRefreshTokens,
} from '../../src/storage/postgres/token-source.js';
import { explain, nodesOf, planModes, rowsRead } from './query-plans.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';

const now = Date.UTC(2026, 5, 1);
const end = new Date(now + 3_600_000);

let running: RunningDatabase;
let database: Database;

beforeAll(async () => {
  running = await startDatabase();
  database = await openDatabase(patientOptions(running.connection));
  await fill();
});

afterAll(async () => {
  await database.dataSource.destroy();
  await running.stop();
});

// Most families come after it: with few rows left to read, the planner would rightly sort them all.
const large = '40000000-0000-4000-8000-000000000000';

/** Stores 30,000 families with a refresh token and an access token each, and a large one with 3,500 of each. */
async function fill(): Promise<void> {
  const { dataSource } = database;
  await dataSource.query(
    `INSERT INTO token_family (id, revoked, expires_at)
      SELECT gen_random_uuid(), false, $1::timestamptz FROM generate_series(1, 30000)`,
    [end],
  );
  await dataSource.query(`INSERT INTO token_family (id, revoked, expires_at) VALUES ($1, false, $2)`, [
    large,
    end,
  ]);
  const columns = `realm, client_id, username, scope, auth_level, issued_at, realm_epoch, client_epoch,
    resource_owner_epoch, family, hash, expires_at`;
  const rows = `'/', 'client', 'owner', 'read', 0, expires_at, 1, 2, 3, id, sha256((id::text || n)::bytea), expires_at`;
  const source = `FROM token_family, generate_series(1, CASE WHEN id = '${large}' THEN 3500 ELSE 1 END) AS n
    ORDER BY random()`;
  await dataSource.query(
    `INSERT INTO access_token (${columns}, grant_type) SELECT ${rows}, 'password' ${source}`,
  );
  await dataSource.query(`INSERT INTO refresh_token (${columns}, retries) SELECT ${rows}, 0 ${source}`);
  await dataSource.query(
    `INSERT INTO token_family (id, revoked, expires_at)
      SELECT gen_random_uuid(), n = 1, $1::timestamptz - (n - 1) * interval '2 h' FROM generate_series(1, 2) AS n`,
    [end],
  );
  await dataSource.query('ANALYZE');
}

async function allBatches(): Promise<CopyBatch[]> {
  const batches: CopyBatch[] = [];
  for await (const batch of new PostgresTokenSource(database).read(now)) batches.push(batch);
  return batches;
}

it('reads every token once, a thousand at a time, and says how far it has come', async () => {
  const batches = await allBatches();
  const access = batches.flatMap(({ accessTokens }) => accessTokens.map(({ token }) => token.hash));
  const parts = batches.flatMap(({ families }) => families);
  const refresh = parts.flatMap(({ refreshTokens }) => refreshTokens.map(({ token }) => token.hash));
  for (const hashes of [access, refresh]) {
    expect(hashes).toHaveLength(33_500);
    expect(new Set(hashes.map((hash) => hash.toString('hex'))).size).toBe(33_500);
  }
  expect(new Set(parts.map(({ family }) => family)).size).toBe(30_002);
  const lone = parts.filter(({ refreshTokens }) => refreshTokens.length === 0);
  expect(lone).toEqual([
    { family: expect.any(String), lastsUntil: end.getTime(), revocation: {}, refreshTokens: [] },
  ]);
  const sizes = batches.map(({ accessTokens, families }) =>
    families.reduce((sum, { refreshTokens }) => sum + refreshTokens.length, accessTokens.length),
  );
  expect(Math.max(...sizes)).toBe(1000);
  const shares = batches.map(({ share }) => share);
  expect(shares).toEqual(shares.toSorted((one, other) => one - other));
  expect(shares.at(-2)).toBeGreaterThan(0.9);
  expect(shares.at(-2)).toBeLessThan(1);
  expect(shares.at(-1)).toBe(1);
});

describe.each(planModes)('with %s', (mode) => {
  const middle = '7fffffff-0000-4000-8000-000000000000';
  const hash = `\\x${'7f'.repeat(32)}`;

  it('a page of access tokens walks the primary key', async () => {
    const plan = await explain(database, readAccessTokens, mode, [hash]);
    expect(nodesOf(plan).map((node) => node['Node Type'])).toEqual(['Limit', 'Index Scan']);
    expect(rowsRead(plan)).toBe(1000);
  });

  it.each([
    ['within many families', middle, hash, 2000],
    ['within a large one', large, hash, 5000],
  ])('a page of refresh tokens %s walks the index of families', async (_, family, after, most) => {
    const plan = await explain(database, readRefreshTokens, mode, [family, after]);
    expect(nodesOf(plan).map((node) => node['Node Type'])).toEqual([
      ...['Limit', 'Incremental Sort', 'Index Scan'],
    ]);
    expect(rowsRead(plan)).toBeLessThan(most);
  });

  it('a page of families without refresh tokens walks the primary key', async () => {
    const plan = await explain(database, readLoneFamilies, mode, [middle]);
    expect(nodesOf(plan).map((node) => node['Node Type'])).not.toContain('Seq Scan');
    expect(nodesOf(plan).map((node) => node['Node Type'])).not.toContain('Sort');
  });

  it('the families of a page are read by their keys', async () => {
    const { dataSource } = database;
    const [{ ids }] = await dataSource.query<[{ ids: string }]>(
      'SELECT array_agg(id)::text AS ids FROM (SELECT id FROM token_family WHERE id <> $1 LIMIT 100) AS page',
      [large],
    );
    const plan = await explain(database, readFamilies, mode, [ids]);
    expect(nodesOf(plan).map((node) => node['Node Type'])).not.toContain('Seq Scan');
    expect(rowsRead(plan)).toBeLessThan(1000);
  });
});
