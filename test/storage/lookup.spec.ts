import { findTokens, PostgresAccessTokenStore } from '../../src/storage/postgres/access-token-store.js';
import { findFoldedResourceOwners } from '../../src/storage/postgres/directory.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { aToken } from './access-token-store.contract.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';

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

it('finds an access token by one read of the primary key’s index', async () => {
  const { dataSource } = database;
  const token = aToken();
  await new PostgresAccessTokenStore(database, new RecordedChanges()).insert(token);
  await dataSource.query(
    `INSERT INTO access_token (hash, realm, client_id, username, scope, grant_type, auth_level,
        issued_at, expires_at, realm_epoch, client_epoch, resource_owner_epoch)
      SELECT sha256(number::text::bytea), realm, client_id, username, scope, grant_type, auth_level,
        issued_at, expires_at, realm_epoch, client_epoch, resource_owner_epoch
      FROM access_token, generate_series(1, 5000) AS number`,
  );
  await dataSource.query('ANALYZE access_token');

  const [
    {
      'QUERY PLAN': [{ Plan: plan }],
    },
  ] = await dataSource.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${findTokens.text}`, [[token.hash]]);

  expect(plan).toMatchObject({
    'Node Type': 'Index Scan',
    'Index Name': 'access_token_pkey',
    'Relation Name': 'access_token',
    'Actual Rows': 1,
    'Actual Loops': 1,
  });
  expect(plan['Index Cond']).toMatch(/^\(hash = /);
  expect(plan.Filter).toBe('(NOT revoked)');
  expect(plan).not.toHaveProperty('Plans');
});

it('finds a resource owner by the key of its name by one read of the index of keys', async () => {
  const { dataSource } = database;
  await dataSource.query(
    `INSERT INTO resource_owner (realm, username, folded_username, password_hash, attributes, enabled, epoch)
      SELECT '/', 'Owner ' || number, 'owner ' || number, 'hash', '{}', true, 1 FROM generate_series(1, 5000) AS number`,
  );
  await dataSource.query('ANALYZE resource_owner');

  const [
    {
      'QUERY PLAN': [{ Plan: plan }],
    },
  ] = await dataSource.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${findFoldedResourceOwners.text}`, [
    ['/'],
    ['owner 77'],
  ]);

  expect(plan).toMatchObject({ 'Node Type': 'Nested Loop', 'Actual Rows': 1 });
  expect(plan.Plans[1]).toMatchObject({
    'Node Type': 'Index Scan',
    'Index Name': 'resource_owner_folded_username',
    'Actual Rows': 1,
  });
});
