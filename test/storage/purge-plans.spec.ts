import type { Database } from '../../src/storage/postgres/database.js';
import type { Statement } from '../../src/storage/postgres/statement.js';
import { purgeStatements } from '../../src/storage/postgres/token-purger.js';
import { readStatistics } from '../../src/storage/postgres/token-statistics.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';

/** A node of a query plan, as EXPLAIN gives it. */
interface Plan {
  readonly 'Node Type': string;
  /** Only where it reads a table or an index. */
  readonly 'Relation Name'?: string;
  /** The average per loop. */
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

const now = new Date('2026-06-01T00:00:00Z');
const batch = 50;

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

/**
 * Stores 12,000 families in random order, each with a refresh token and an access token that outlives the
 * family: 900 have ended with all their tokens, 100 have ended but their access tokens have not expired, the
 * others have not ended.
 */
async function fill(): Promise<void> {
  const { dataSource } = database;
  await dataSource.query(
    `INSERT INTO token_family (id, revoked, expires_at)
      SELECT gen_random_uuid(), false, $1::timestamptz + (hours - 1000) * interval '1 hour'
      FROM generate_series(1, 12000) AS hours ORDER BY random()`,
    [now],
  );
  const common = `'/', 'client', 'owner', 'read', 0, expires_at, 1, 2, 3, id, sha256(id::text::bytea)`;
  const columns = `realm, client_id, username, scope, auth_level, issued_at, realm_epoch, client_epoch,
    resource_owner_epoch, family, hash, expires_at`;
  await dataSource.query(
    `INSERT INTO access_token (${columns}, grant_type)
      SELECT ${common}, expires_at + interval '100 hours', 'password' FROM token_family ORDER BY random()`,
  );
  await dataSource.query(
    `INSERT INTO refresh_token (${columns}, retries)
      SELECT ${common}, expires_at, 0 FROM token_family ORDER BY random()`,
  );
  await dataSource.query('ANALYZE');
}

/** Runs a statement, and returns its plan. PostgreSQL may use a generic plan for a named statement. */
async function explain(
  statement: Statement,
  mode: string,
  values: readonly unknown[] = [now.toISOString(), batch],
): Promise<Plan> {
  const session = database.dataSource.createQueryRunner();
  await session.startTransaction();
  try {
    await session.query(`SET LOCAL plan_cache_mode = ${mode}`);
    await session.query(`PREPARE explained AS ${statement.text}`);
    const explained = (await session.query(
      `EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE explained (${values.map((value) => `'${String(value)}'`).join(', ')})`,
    )) as readonly [{ 'QUERY PLAN': readonly [{ Plan: Plan }] }];
    await session.query('DEALLOCATE explained');
    await session.commitTransaction();
    return explained[0]['QUERY PLAN'][0].Plan;
  } finally {
    await session.release();
  }
}

function nodes(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodes)];
}

function rowsRead(plan: Plan): number {
  const scans = nodes(plan).filter((node) => node['Node Type'].endsWith('Scan'));
  return scans.reduce(
    (sum, scan) => sum + (scan['Actual Rows'] + (scan['Rows Removed by Filter'] ?? 0)) * scan['Actual Loops'],
    0,
  );
}

describe.each(['force_custom_plan', 'force_generic_plan'])('with %s', (mode) => {
  it.each(purgeStatements.map(({ statement }) => [statement.name, statement] as const))(
    '%s does not read a whole table',
    async (_, statement) => {
      const plan = await explain(statement, mode);
      const scans = nodes(plan).filter((node) => node['Node Type'].endsWith('Scan'));
      expect(scans.length).toBeGreaterThan(1);
      expect(scans.map((scan) => scan['Node Type'])).not.toContain('Seq Scan');
      expect(rowsRead(plan)).toBeGreaterThanOrEqual(2 * batch);
      expect(rowsRead(plan)).toBeLessThan(10 * batch);
    },
  );

  it('token_statistics reads a few of the rows that have expired', async () => {
    const plan = await explain(readStatistics, mode, [now.toISOString(), now.toISOString()]);
    const scans = nodes(plan).filter((node) => node['Relation Name']?.startsWith('token_family'));
    expect(scans.map((scan) => scan['Node Type'])).toEqual([expect.stringMatching(/^Index.* Scan$/)]);
    expect(nodes(plan).map((node) => node['Node Type'])).not.toContain('Seq Scan');
    expect(rowsRead(plan)).toBeLessThan(500);
  });
});
