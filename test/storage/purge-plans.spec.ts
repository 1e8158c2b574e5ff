import type { Database } from '../../src/storage/postgres/database.js';
import { PostgresDirectory } from '../../src/storage/postgres/directory.js';
import { PostgresDirectoryWriter } from '../../src/storage/postgres/directory-writer.js';
import { previousExamples } from '../../src/storage/postgres/password-upgrades.js';
import { clearPreviousSecrets } from '../../src/storage/postgres/record-purger.js';
import { purgeStatements } from '../../src/storage/postgres/token-purger.js';
import { readStatistics } from '../../src/storage/postgres/token-statistics.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { explain, nodesOf, planModes, rowsRead } from './query-plans.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';
import { aClient, Subjects } from './subjects.js';

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
  // 5,000 clients, of which 200 have a previous secret: 100 of these have ended.
  await dataSource.query(
    `INSERT INTO realm (path, auth_level, enabled, epoch) VALUES ('/previous', 0, true, 1)`,
  );
  await new Subjects(
    new PostgresDirectory(database),
    new PostgresDirectoryWriter(database, new RecordedChanges()),
  ).make({ effect: 'add', client: aClient('/previous', { clientId: 'pattern' }) });
  const others = await dataSource.query<{ column: string }[]>(
    `SELECT attname AS column FROM pg_attribute WHERE attrelid = 'client'::regclass AND attnum > 0
        AND NOT attisdropped AND attname <> ALL ('{client_id,previous_secret_hash,previous_secret_until}')`,
  );
  const list = others.map(({ column }) => column).join(', ');
  await dataSource.query(
    `INSERT INTO client (client_id, previous_secret_hash, previous_secret_until, ${list})
      SELECT 'client-' || n, CASE WHEN n <= 200 THEN 'sha256:' || n END,
        CASE WHEN n <= 200 THEN $1::timestamptz + (n - 100) * interval '1 minute' END, ${list}
      FROM generate_series(1, 5000) AS n, client WHERE client_id = 'pattern' ORDER BY random()`,
    [now],
  );
  await dataSource.query('ANALYZE');
}

describe.each(planModes)('with %s', (mode) => {
  it.each(purgeStatements.map(({ statement }) => [statement.name, statement] as const))(
    '%s does not read a whole table',
    async (_, statement) => {
      const plan = await explain(database, statement, mode, [now.toISOString(), batch]);
      const scans = nodesOf(plan).filter((node) => node['Node Type'].endsWith('Scan'));
      expect(scans.length).toBeGreaterThan(1);
      expect(scans.map((scan) => scan['Node Type'])).not.toContain('Seq Scan');
      expect(rowsRead(plan)).toBeGreaterThanOrEqual(2 * batch);
      expect(rowsRead(plan)).toBeLessThan(10 * batch);
    },
  );

  it('the statements about previous client secrets read none of the others', async () => {
    const clear = await explain(database, clearPreviousSecrets, mode, [now.toISOString(), batch]);
    const examples = await explain(database, previousExamples, mode, []);
    for (const plan of [clear, examples]) {
      expect(nodesOf(plan).map((node) => node['Node Type'])).not.toContain('Seq Scan');
      expect(rowsRead(plan)).toBeLessThan(10 * batch);
    }
    expect(rowsRead(clear)).toBeGreaterThanOrEqual(batch);
  });

  it('token_statistics reads a few of the rows that have expired', async () => {
    const plan = await explain(database, readStatistics, mode, [now.toISOString(), now.toISOString()]);
    const scans = nodesOf(plan).filter((node) => node['Relation Name']?.startsWith('token_family'));
    expect(scans.map((scan) => scan['Node Type'])).toEqual([expect.stringMatching(/^Index.* Scan$/)]);
    expect(nodesOf(plan).map((node) => node['Node Type'])).not.toContain('Seq Scan');
    expect(rowsRead(plan)).toBeLessThan(500);
  });
});
