import { jest } from '@jest/globals';
import { versionOf } from '../../src/domain/subject-records.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { PostgresNodeRoster } from '../../src/storage/postgres/node-roster.js';
import { PostgresDirectory } from '../../src/storage/postgres/directory.js';
import { PostgresDirectoryWriter } from '../../src/storage/postgres/directory-writer.js';
import { PostgresRecordPurger } from '../../src/storage/postgres/record-purger.js';
import { PostgresSubjectRecords } from '../../src/storage/postgres/subject-records.js';
import { PostgresTrafficStore } from '../../src/storage/postgres/traffic-store.js';
import { aNode } from '../monitoring/node.js';
import { clientRows } from '../monitoring/traffic.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';
import { aClient, Subjects } from './subjects.js';

const now = Date.UTC(2026, 5, 1);
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const many = 1_000_000;

let running: RunningDatabase;
let database: Database;
let purger: PostgresRecordPurger;

beforeAll(async () => {
  running = await startDatabase();
  database = await openDatabase(patientOptions(running.connection));
  purger = new PostgresRecordPurger(database, { traffic: 90, auditEvents: 365 });
});
beforeEach(() =>
  database.dataSource.query(
    'TRUNCATE traffic, refusal, audit_event, node, authorization_code, session, login_attempt',
  ),
);
afterAll(async () => {
  await database.dataSource.destroy();
  await running.stop();
});

it('leaves the connections that requests need: each of its statements is a job', async () => {
  const write = jest.spyOn(database, 'write');
  await purger.purge(now, many);
  expect(write.mock.calls.map(([{ name, purpose }]) => [name, purpose])).toEqual(
    write.mock.calls.map(([{ name }]) => [name, 'job']),
  );
  expect(write.mock.calls.length).toBeGreaterThanOrEqual(10);
  write.mockRestore();
});

/** The times in a column, sorted, in milliseconds before `now`. */
async function ages(table: string, column = 'at', where = ''): Promise<number[]> {
  const rows: { time: Date }[] = await database.dataSource.query(
    `SELECT ${column} AS time FROM ${table} ${where} ORDER BY 1 DESC`,
  );
  return rows.map(({ time }) => now - time.getTime());
}

/** Stores refusals of these ages. */
async function refusals(...old: number[]): Promise<void> {
  await database.dataSource.query(
    `INSERT INTO refusal (id, at, route, method, status, realm, client)
      SELECT gen_random_uuid(), at, '/r', 'GET', 400, '/', '' FROM unnest($1::timestamptz[]) AS at`,
    [old.map((age) => new Date(now - age))],
  );
}

async function auditEvents(...old: number[]): Promise<void> {
  await database.dataSource.query(
    `INSERT INTO audit_event (id, at, actor_kind, actor, action, changes)
      SELECT gen_random_uuid(), at, 'system', '', 'key.rotated', '{}' FROM unnest($1::timestamptz[]) AS at`,
    [old.map((age) => new Date(now - age))],
  );
}

/** Stores counts of attempts that expire at these times after now. */
async function attempts(left: string, count = 1): Promise<void> {
  await database.dataSource.query(
    `INSERT INTO login_attempt (key, kind, failed, counted_until, pending, pending_until, granted, expires_at)
      SELECT sha256(($1 || n)::bytea), 'address', 1, now(), 0, now(), 0, $2::timestamptz + $1::interval + n * interval '1 ms'
      FROM generate_series(0, $3::int - 1) AS n`,
    [left, new Date(now), count],
  );
}

it.each([
  [60, 65 * minute],
  [300, 11 * hour],
  [3600, 122 * hour],
  [86_400, 90 * day],
])('traffic of %i s is kept for its time', async (resolution, kept) => {
  await database.dataSource.query(
    `INSERT INTO traffic SELECT $1::int, bucket, '/s', 'GET', '/', '', 1, 1, 0, 0, 5, 5, 5
      FROM unnest($2::timestamptz[]) AS bucket`,
    [resolution, [kept - minute, kept, kept + day].map((age) => new Date(now - age))],
  );
  expect(await purger.purge(now, many)).toBe(2);
  expect(await ages('traffic', 'bucket')).toEqual([kept - minute]);
});

it('refusals are kept for a day', async () => {
  await refusals(day - 1, day, 2 * day);
  expect(await purger.purge(now, many)).toBe(2);
  expect(await ages('refusal')).toEqual([day - 1]);
});

it('no more than the newest 100,000 refusals are kept', async () => {
  await database.dataSource.query(
    `INSERT INTO refusal (id, at, route, method, status, realm, client)
      SELECT gen_random_uuid(), $1::timestamptz - n * interval '1 ms', '/r', 'GET', 400, '/', ''
      FROM generate_series(1, 100003) AS n`,
    [new Date(now)],
  );
  expect(await purger.purge(now, 2)).toBe(2);
  expect(await purger.purge(now, many)).toBe(1);
  expect(await purger.purge(now, many)).toBe(0);
  const left = await ages('refusal');
  expect([left.length, left.at(-1)]).toEqual([100_000, 100_000]);
});

it('audit events are kept for the days that the setting says', async () => {
  await auditEvents(365 * day - 1, 365 * day);
  expect(await purger.purge(now, many)).toBe(1);
  expect(await ages('audit_event')).toEqual([365 * day - 1]);
});

it('a node is removed when it has not been seen for an hour', async () => {
  const roster = new PostgresNodeRoster(database);
  await roster.report(aNode({ seen: now - hour }));
  await roster.report(aNode({ seen: now - hour + 1 }));
  expect(await purger.purge(now, many)).toBe(1);
  expect(await ages('node', 'seen')).toEqual([hour - 1]);
});

it('counts of attempts are kept until they expire', async () => {
  await attempts('1 ms');
  await attempts('0 ms');
  await attempts('-1 hour');
  expect(await purger.purge(now, many)).toBe(2);
  expect(await ages('login_attempt', 'expires_at')).toEqual([-1]);
});

it('no more counts of wrong attempts are kept than may be, those that expire last, and every sign-in', async () => {
  const strict = new PostgresRecordPurger(database, { traffic: 90, auditEvents: 365 }, 10);
  await attempts('1 minute', 13);
  await attempts('30 days', 3);
  expect(await strict.purge(now, 1)).toBe(1);
  expect(await strict.purge(now, many)).toBe(2);
  expect(await strict.purge(now, many)).toBe(0);
  const left = (await ages('login_attempt', 'expires_at')).filter((age) => age > -day);
  expect([left.length, Math.max(...left)]).toEqual([10, -(minute + 3)]);
  expect(await ages('login_attempt', 'expires_at')).toHaveLength(13);
});

it('a batch removes no more rows than it may, the oldest first', async () => {
  await new PostgresTrafficStore(database).add([{ at: now - 100 * day, rows: clientRows(3) }], 2000);
  await refusals(3 * day, 2 * day);
  await auditEvents(400 * day);
  const removed = [];
  do removed.push(await purger.purge(now, 4));
  while (removed.at(-1) === 4);
  // 3 rows in each of 4 resolutions, 2 refusals, 1 event.
  expect(removed).toEqual([4, 4, 4, 3]);
});

it('codes are kept for ten minutes after they have expired, sessions not at all', async () => {
  const old = (...all: number[]) => [all.map((age) => new Date(now - age))];
  await database.dataSource.query(
    `INSERT INTO authorization_code (hash, family, realm, client_id, username, scope, auth_level, realm_epoch,
        client_epoch, resource_owner_epoch, issued_at, expires_at)
      SELECT sha256(at::text::bytea), gen_random_uuid(), '/', 'client', 'owner', 'read', 0, 1, 2, 3, at, at
      FROM unnest($1::timestamptz[]) AS at`,
    old(10 * minute, 10 * minute - 1, 11 * minute, 0),
  );
  await database.dataSource.query(
    `INSERT INTO session SELECT sha256(at::text::bytea), '/', 'owner', 1, 3, at, at FROM unnest($1::timestamptz[]) AS at`,
    old(-1, 0, minute),
  );
  expect(await purger.purge(now, 1)).toBe(1);
  expect(await purger.purge(now, many)).toBe(3);
  expect(await ages('authorization_code', 'expires_at')).toEqual([0, 10 * minute - 1]);
  expect(await ages('session', 'expires_at')).toEqual([-1]);
  expect(await purger.purge(now, many)).toBe(0);
});

it('a previous client secret is cleared a week after it has ended, and the client stays as it was', async () => {
  const directory = new PostgresDirectory(database);
  const writer = new PostgresDirectoryWriter(database, new RecordedChanges());
  const subjects = new Subjects(directory, writer);
  const realm = await subjects.addRealm();
  const hash = `sha256:${'A'.repeat(43)}`;
  for (const [clientId, ended] of [
    ['long-ago', 7 * day],
    ['longer-ago', 8 * day],
    ['lately', 7 * day - 1],
    ['not-yet', -day],
  ] as const) {
    const client = aClient(realm, { clientId, secretHash: hash });
    await subjects.make({ effect: 'add', client });
    const before = (await directory.findClient(realm, clientId))!;
    const previousSecret = { hash: `sha256:${'B'.repeat(43)}`, until: now - ended };
    await subjects.make({ effect: 'update', client: { ...client, previousSecret }, before });
  }
  const records = new PostgresSubjectRecords(database);
  const version = async () => versionOf((await records.find('client', { realm, name: 'long-ago' }))!);
  const [before, epochs] = [await version(), await subjects.epochs(realm, 'long-ago')];
  expect(await purger.purge(now, 1)).toBe(1);
  expect((await directory.findClient(realm, 'longer-ago'))?.previousSecret).toBeUndefined();
  expect(await purger.purge(now, many)).toBe(1);
  const cleared = await database.dataSource.query(
    `SELECT client_id FROM client WHERE realm = $1 AND previous_secret_hash IS NULL
        AND previous_secret_until IS NULL AND secret_hash = $2 ORDER BY client_id`,
    [realm, hash],
  );
  expect(cleared).toEqual([{ client_id: 'long-ago' }, { client_id: 'longer-ago' }]);
  expect([await version(), await subjects.epochs(realm, 'long-ago')]).toEqual([before, epochs]);
  expect(await purger.purge(now, many)).toBe(0);
});
