import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { CommandModule } from '../../src/app/command.module.js';
import { createDoctor } from '../../src/app/doctor.js';
import { readConfig } from '../../src/config/config.js';
import { Clock, SystemClock } from '../../src/domain/clock.js';
import type { Finding } from '../../src/domain/doctor/check.js';
import { PasswordHasher } from '../../src/domain/secret.js';
import { createLog } from '../../src/observability/log.js';
import { Provisioner } from '../../src/provisioning/apply.js';
import { Database } from '../../src/storage/postgres/database.js';
import { changeFeedCheck } from '../../src/storage/postgres/doctor/change-feed.check.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { tester } from '../support/audit.js';
import { client, configuration } from '../support/configuration.js';
import { canStartServers, PostgresServer } from '../support/postgres-server.js';

/** The clocks of this machine, but that the wall clock is ahead by so many milliseconds. */
class AheadClock extends SystemClock {
  ahead = 0;

  override now(): number {
    return super.now() + this.ahead;
  }
}

const clock = new AheadClock();
let server: PostgresServer;
let context: INestApplicationContext;

/** The settings of a server on the test's database. Its pool has one connection, so that a test can set what holds for it. */
const settings = () => ({ DATABASE_URL: server.url(), DATABASE_POOL: '1', CONFIG_FILE: 'any' });

/** What the doctor finds, with these settings besides. */
async function findings(more: Readonly<Record<string, string>> = {}): Promise<Record<string, Finding>> {
  const doctor = createDoctor(context, readConfig({ ...settings(), ...more }), {
    inTurn: (check) => check(),
    onFault: (error) => {
      throw error;
    },
  });
  const { checks } = await doctor.examine();
  return Object.fromEntries(checks.map(({ name, ...finding }) => [name, finding]));
}

const sql = (...statements: string[]) => server.sql('postgres', ...statements);

/** What makes each of these checks of PostgreSQL say something else than that all is well. */
(canStartServers ? describe : describe.skip)('on a PostgreSQL server', () => {
  beforeAll(async () => {
    const configured = ['fsync=on', 'max_connections=20', 'superuser_reserved_connections=3'];
    server = await PostgresServer.start({ configuration: configured });
    const log = createLog('fatal', { write: () => {} });
    const module = CommandModule.of({ config: readConfig(settings()), log });
    const builder = Test.createTestingModule({ imports: [module] });
    builder.overrideProvider(Clock).useValue(clock);
    builder.overrideProvider(PasswordHasher).useValue(new FastHasher());
    context = await builder.compile();
    const text = configuration({
      '/': { clients: [client({ grant_types: ['client_credentials'] })] },
      '/other': {},
    });
    await context.get(Provisioner).apply({ file: 'test.yaml', text }, {}, tester);
  }, 60_000);
  beforeEach(() => (clock.ahead = 0));
  afterAll(async () => {
    await context?.close();
    await server?.stop();
  });

  it('all is well in a new database', async () => {
    const found = await findings();
    const statuses = Object.entries(found).map(([name, { status }]) => `${name} ${status}`);
    expect(statuses).toEqual([
      'postgresql ok',
      'migrations ok',
      'privileges ok',
      'clock ok',
      'change-feed ok',
      'connections ok',
      'indexes ok',
      'dead-rows ok',
      'purge ok',
      'token-keys ok',
      'client-secrets ok',
      'password-grant ok',
      'insecure-redirects ok',
      'password-hashes ok',
      'shared-names ok',
      'clients-named-like-users ok',
      'tokens-in-urls ok',
      'admin-listener ok',
      'demo ok',
    ]);
    expect(found.connections.found).toMatch(
      /^1 × \(1 \+ 1\) connections of nodes = 2, of 17 that max_connections=20 leaves; \d+ are in use$/,
    );
    expect(found['change-feed'].found).toMatch(/^a notification came back in \d+ ms$/);
    expect(found.indexes.found).toMatch(/^all \d\d indexes are there and valid$/);
  });

  it('a server that may lose what it has confirmed', async () => {
    await context.get(Database).dataSource.query('SET synchronous_commit = off');
    const { postgresql } = await findings();
    await context.get(Database).dataSource.query('RESET synchronous_commit');
    expect(postgresql).toEqual({
      status: 'warn',
      found: expect.stringMatching(
        /^PostgreSQL [\d.]+; synchronous_commit is off: a crash may undo changes that were answered, such as revocations$/,
      ) as string,
      advice: 'set synchronous_commit to on in PostgreSQL',
    });
  });

  it('a migration that is pending, with which no table is examined', async () => {
    await sql('CREATE TABLE applied AS SELECT * FROM migration ORDER BY id DESC LIMIT 1');
    await sql('DELETE FROM migration USING applied WHERE migration.id = applied.id');
    const { migrations, indexes, clock: compared } = await findings();
    const [{ name }] = await sql('SELECT name FROM applied');
    await sql('INSERT INTO migration SELECT * FROM applied', 'DROP TABLE applied');
    expect(migrations).toMatchObject({ status: 'warn', found: `1 pending: ${String(name)}` });
    expect(migrations.advice).toContain('symbolon migrate');
    expect(indexes).toEqual({
      status: 'warn',
      found: 'not examined: migrations are pending',
      advice: 'apply them: symbolon migrate',
    });
    expect(compared.status).toBe('ok');
  });

  it.each([
    [true, 'warn', 'the schema is of a later version: Later1'],
    [false, 'fail', 'the schema is of a later version (Later1), which this version cannot serve from'],
  ])('a migration of a later version; compatible: %s', async (compatible, status, found) => {
    await sql(
      `INSERT INTO migration (timestamp, name, compatible) VALUES (9999999999999, 'Later1', ${compatible})`,
    );
    const { migrations } = await findings();
    await sql(`DELETE FROM migration WHERE name = 'Later1'`);
    expect(migrations).toMatchObject({ status, found });
  });

  it('a database that takes no writes', async () => {
    await context.get(Database).dataSource.query('SET default_transaction_read_only = on');
    const { privileges } = await findings();
    await context.get(Database).dataSource.query('RESET default_transaction_read_only');
    expect(privileges).toMatchObject({ status: 'fail', found: 'the database takes no writes' });
  });

  it.each([
    [1_900, 'warn'],
    [-60_000, 'fail'],
  ])('a clock that is ahead by %d ms', async (ahead, status) => {
    clock.ahead = ahead;
    const { clock: compared } = await findings();
    expect(compared).toMatchObject({ status, advice: expect.stringContaining('NTP') as string });
  });

  it('notifications that do not come back, as from another database', async () => {
    await sql('CREATE DATABASE elsewhere');
    const { dataSource } = context.get(Database);
    const apart = new Database(dataSource, { namedStatements: false, directUrl: server.url('elsewhere') });
    expect(await changeFeedCheck(apart, clock, true, 20).run()).toEqual({
      status: 'fail',
      found: "a notification did not come back within 0.02 s: nodes do not hear of each other's changes",
      advice: expect.stringContaining('CHANGE_FEED_URL') as string,
    });
  });

  it('a pooler that lets no node receive changes', async () => {
    const found = await findings({ DATABASE_POOLER: 'transaction' });
    expect(found['change-feed']).toMatchObject({ status: 'warn' });
    expect(found.connections).toMatchObject({
      status: 'ok',
      found: expect.stringContaining('not applicable') as string,
    });
  });

  it.each([
    ['15', '1', 'warn', '1 × (15 + 1) connections of nodes = 16, of 17'],
    ['8', '2', 'fail', '2 × (8 + 1) connections of nodes = 18, of 17'],
  ])('pools of %s on %s nodes', async (DATABASE_POOL, WORKERS, status, found) => {
    const { connections } = await findings({ DATABASE_POOL, WORKERS });
    expect(connections).toMatchObject({ status, found: expect.stringContaining(found) as string });
  });

  it('nodes that have reported lately count as well', async () => {
    const report = (seen: string) =>
      sql(`INSERT INTO node VALUES ('${randomUUID()}', 'b7', 1, '1', now(), ${seen}, true, 0, 0, 0, 0)`);
    await report('now()');
    await report('now()');
    await report(`now() - interval '3 minutes'`);
    const { connections } = await findings();
    await sql('DELETE FROM node');
    expect(connections.found).toContain('2 × (1 + 1) connections of nodes = 4');
  });

  it('indexes that are missing, and ones that are not valid', async () => {
    await sql('ALTER INDEX session_expires_at RENAME TO elsewhere');
    await sql('CREATE UNIQUE INDEX CONCURRENTLY twice ON realm ((1))').catch(() => {});
    const { indexes } = await findings();
    await sql('ALTER INDEX elsewhere RENAME TO session_expires_at', 'DROP INDEX twice');
    expect(indexes).toEqual({
      status: 'fail',
      found: '1 index missing: session_expires_at; 1 index not valid: twice',
      advice: expect.stringContaining('REINDEX INDEX CONCURRENTLY') as string,
    });
  });

  it('a cluster of Cassandra that no node answers for', async () => {
    const { cassandra, migrations } = await findings({
      TOKEN_STORE: 'cassandra',
      CASSANDRA_CONTACT_POINTS: '127.0.0.1:1',
      CASSANDRA_LOCAL_DATACENTER: 'dc1',
    });
    expect(cassandra).toMatchObject({ status: 'fail', advice: 'mend the setting, or the cluster' });
    expect(cassandra.found).toContain('CASSANDRA_CONTACT_POINTS');
    expect(migrations.status).toBe('ok');
  });

  it('a table with many dead rows', async () => {
    await sql(
      'ALTER TABLE node SET (autovacuum_enabled = false)',
      `INSERT INTO node SELECT gen_random_uuid(), 'b7', 1, '1', now(), now(), true, 0, 0, 0, 0 FROM generate_series(1, 2000)`,
      'DELETE FROM node',
      'SELECT pg_stat_force_next_flush()',
      'SELECT 1',
    );
    const found = (await findings())['dead-rows'];
    await sql('VACUUM node', 'SELECT pg_stat_force_next_flush()', 'SELECT 1');
    expect(found).toMatchObject({ status: 'warn', found: '100 % of node are dead rows' });
    expect(found.advice).toContain('VACUUM node');
  });
});
