import type { SubjectKind } from '../../src/domain/audit.js';
import type { SubjectQuery } from '../../src/domain/subject-records.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { PostgresDirectory } from '../../src/storage/postgres/directory.js';
import { PostgresDirectoryWriter } from '../../src/storage/postgres/directory-writer.js';
import { namesToFold } from '../../src/storage/postgres/folded-usernames.js';
import { boundaryQuery, listQuery, mostLookedAt } from '../../src/storage/postgres/subject-list.js';
import { PostgresSubjectRecords } from '../../src/storage/postgres/subject-records.js';
import { searchStatements } from '../../src/storage/postgres/subject-search.js';
import { listAccessTokens } from '../../src/storage/postgres/token-records.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { explain, nodesOf, type Plan, planModes, rowsRead } from './query-plans.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';
import { anOwner, Subjects } from './subjects.js';

const limit = 20;

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
 * 1,000 realms, of which `/many` has 12,000 users and 11,000 clients, and `/fold` 3,000 users whose names are folded; each
 * other realm has one of both. All but one client of `/many` are disabled. One of its users has 5,000 tokens, 5,000 others
 * have one, and 5,000 tokens have no user.
 */
async function fill(): Promise<void> {
  const { dataSource } = database;
  const realms = `SELECT '/r' || n, 0, true, n FROM generate_series(1, 998) AS n
    UNION ALL VALUES ('/many', 0, true, 7), ('/fold', 0, true, 8)`;
  await dataSource.query(`INSERT INTO realm (path, auth_level, enabled, epoch) ${realms}`);
  await dataSource.query(`UPDATE realm SET usernames = 'fold' WHERE path = '/fold'`);
  await dataSource.query(`INSERT INTO client (realm, client_id, name, type, grant_types, scopes, default_scopes,
      access_token_lifetime, refresh_token_lifetime, refresh_token_max_lifetime, refresh_successor, refresh_graceful,
      introspect, additional_information, additional_parameters, attributes, enabled, epoch)
    SELECT realm, id, 'Title ' || id, 'public', '{password}', '{}', '{}', 1, 1, 1, 'new', false, 'own', '[]', '{}', '{}',
      id = 'c500' OR realm <> '/many', 1
    FROM (SELECT '/many' AS realm, 'c' || n AS id FROM generate_series(1, 11000) AS n
      UNION ALL SELECT path, 'c' FROM realm WHERE path LIKE '/r%') AS made ORDER BY random()`);
  await dataSource.query(`INSERT INTO resource_owner (realm, username, folded_username, password_hash, attributes, enabled, epoch)
    SELECT realm, name, folded, 'hash', '{}', true, 1
    FROM (SELECT '/many' AS realm, 'u' || n AS name, NULL AS folded FROM generate_series(1, 12000) AS n
      UNION ALL SELECT '/fold', 'U' || n, 'u' || n FROM generate_series(1, 3000) AS n
      UNION ALL SELECT path, 'u', NULL FROM realm WHERE path LIKE '/r%') AS made ORDER BY random()`);
  await dataSource.query(`INSERT INTO access_token (hash, realm, client_id, username, scope, grant_type, auth_level,
      issued_at, expires_at, realm_epoch, client_epoch)
    SELECT sha256(n::text::bytea), '/many', 'c1',
      CASE WHEN n <= 5000 THEN 'u1' WHEN n <= 10000 THEN 'u' || n END, '', 'password', 0,
      '2026-01-01'::timestamptz + n % 100 * interval '1 s', '2027-01-01', 1, 1
    FROM generate_series(1, 15000) AS n ORDER BY random()`);
  await dataSource.query('ANALYZE');
}

/** Expects that a plan reads indexes alone, and so many of their rows at most. */
function expectIndexes(plan: Plan, rows: number): void {
  const types = nodesOf(plan).map((node) => node['Node Type']);
  expect(types.filter((type) => type.endsWith('Scan')).length).toBeGreaterThan(0);
  expect(types).not.toContain('Seq Scan');
  expect(rowsRead(plan)).toBeLessThanOrEqual(rows);
}

/** The plan of one of TypeORM's queries; its statements have no names, so PostgreSQL knows the values. */
async function planOf(
  built: { getQueryAndParameters(): [string, unknown[]] },
  scansTables = true,
): Promise<Plan> {
  const [text, values] = built.getQueryAndParameters();
  return explain(database, { name: 'built', text }, 'force_custom_plan', values, scansTables);
}

describe('a page of a list', () => {
  it.each<[string, SubjectKind, Partial<SubjectQuery>]>([
    ['the first clients', 'client', { realm: '/many' }],
    ['the last clients', 'client', { realm: '/many', descending: true }],
    ['clients deep in the list', 'client', { realm: '/many', after: 'c7777' }],
    ['the client of a small realm', 'client', { realm: '/r7' }],
    ['clients by prefix', 'client', { realm: '/many', prefix: 'c99' }],
    ['the first users', 'user', { realm: '/many' }],
    ['users before another', 'user', { realm: '/many', descending: true, after: 'u7777' }],
    ['users by prefix', 'user', { realm: '/many', prefix: 'u9', after: 'u99' }],
    ['enabled users', 'user', { realm: '/many', enabled: true }],
    ['clients by grant type', 'client', { realm: '/many', grantType: 'password' }],
    ['all realms', 'realm', { realm: '/' }],
    ['realms by prefix', 'realm', { realm: '/', prefix: '/r9', after: '/r95' }],
    ['the realms below one', 'realm', { realm: '/r8' }],
  ])('reads few rows more than it shows: %s', async (_, kind, more) => {
    const query = { realm: '/', limit, ...more };
    expectIndexes(await planOf(listQuery(database.dataSource.manager, kind, query)), 6 * limit);
  });

  it.each<[SubjectKind, Partial<SubjectQuery>]>([
    ['client', { enabled: true }],
    ['client', { grantType: 'client_credentials' }],
    ['user', { enabled: false, descending: true }],
  ])('looks at 10,000 rows at most for a %s that few of them are: %j', async (kind, more) => {
    const { manager } = database.dataSource;
    const query = { realm: '/many', limit, ...more };
    const boundary = boundaryQuery(manager, kind, query);
    expectIndexes(await planOf(boundary, false), mostLookedAt);
    const { name } = (await boundary.getRawOne<{ name: string }>())!;
    // A bitmap counts as rows that were read, too.
    expectIndexes(await planOf(listQuery(manager, kind, query, name), false), 2 * mostLookedAt);
  });

  it('may be short, and the walk goes on from the last row that was looked at', async () => {
    const records = new PostgresSubjectRecords(database);
    const found: string[] = [];
    const lengths: number[] = [];
    for (let after: string | undefined; ;) {
      const part = await records.list('client', {
        realm: '/many',
        enabled: true,
        limit,
        after,
        descending: true,
      });
      found.push(...part.records.map(({ subject }) => subject.clientId));
      lengths.push(part.records.length);
      if (part.last === undefined) break;
      after = part.last;
    }
    expect(found).toEqual(['c500']);
    expect(lengths).toHaveLength(2);
  });
});

describe.each(planModes)('with %s', (mode) => {
  const { clientsById, clientsByTitle, usersByName, realmsByPath, realmsByLastName } = searchStatements;

  it.each([
    ['clients by identifier', clientsById.everywhere, ['c1', 'c2', limit]],
    ['clients by display name', clientsByTitle.everywhere, ['Title c1', 'Title c2', limit]],
    ['users', usersByName.everywhere, ['u1', 'u2', limit]],
    ['realms by path', realmsByPath, ['/r5', '/r6', '/', limit]],
    ['realms by last name', realmsByLastName, ['r5', 'r6', '/', limit]],
    ['clients of one realm by identifier', clientsById.below, ['c1', 'c2', '/r12', limit]],
    ['clients of one realm by display name', clientsByTitle.below, ['Title c1', 'Title c2', '/many', limit]],
    ['users of one realm', usersByName.below, ['u1', 'u2', '/many', limit]],
    ['users of a small realm', usersByName.below, ['u', 'v', '/r7', limit]],
  ])('a search reads few rows more than it finds: %s', async (_, statement, values) => {
    expectIndexes(await explain(database, statement, mode, values), 10 * limit);
  });

  it.each([
    ['the newest', 'infinity', ''],
    ['those of one millisecond, and older ones', '2026-01-01T00:00:50Z', '\\x80'],
  ])('a user’s tokens are read from their index: %s', async (_, at, hash) => {
    const values = ['/many', 'u1', at, hash, limit + 1];
    expectIndexes(await explain(database, listAccessTokens, mode, values), limit + 1);
  });
});

it('a user is added to a realm that folds names without reading the others', async () => {
  const plan = await explain(database, { name: 'fold', text: namesToFold }, 'force_custom_plan', [
    '/fold',
    '',
  ]);
  expectIndexes(plan, 10);
  const subjects = new Subjects(
    new PostgresDirectory(database),
    new PostgresDirectoryWriter(database, new RecordedChanges()),
  );
  await subjects.make({ effect: 'add', resourceOwner: anOwner('/fold', { username: 'Zoë' }) });
  expect(await subjects.directory.findFoldedResourceOwner('/fold', 'zoë')).toMatchObject({ username: 'Zoë' });
});
