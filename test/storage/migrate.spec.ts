import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { DataSource, type DataSourceOptions, type MigrationInterface, type QueryRunner } from 'typeorm';
import { createIndex } from '../../migrations/create-index.js';
import { type MigrationClass, migrations } from '../../migrations/index.js';
import { describeStartError, startStatus } from '../../src/app/start-error.js';
import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import { openDataSource } from '../../src/storage/postgres/data-source.js';
import { migrate } from '../../src/storage/postgres/migrate.js';
import { planned } from '../../src/storage/postgres/migration-plan.js';
import { canStartServers, PostgresServer } from '../support/postgres-server.js';
import { patientOptions } from './running-database.js';

class Index9000000000001 implements MigrationInterface {
  static readonly compatible = true;
  static readonly concurrent = true;
  /** The limit on statements that the last one met. */
  static timeout: unknown;

  async up(queryRunner: QueryRunner): Promise<void> {
    Index9000000000001.timeout = await queryRunner.query('SHOW statement_timeout');
    await createIndex(queryRunner, 'client_type', 'client (type)');
  }
  async down(): Promise<void> {}
}

class Column9000000000002 implements MigrationInterface {
  static readonly compatible = true;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE client ADD later text');
  }
  async down(): Promise<void> {}
}

/** The lock that versions before 0.6 wait for, within a transaction. */
const oldLock = `SELECT pg_advisory_xact_lock(${0x73796d62})`;

(canStartServers ? describe : describe.skip)('migrations of a server', () => {
  let server: PostgresServer;
  let clients: pg.Client[];
  let name = '';
  let databases = 0;

  beforeAll(async () => {
    server = await PostgresServer.start();
    await server.sql(
      'postgres',
      `CREATE ROLE app LOGIN PASSWORD 'pw'`,
      `ALTER ROLE app SET statement_timeout = '20s'`,
      'CREATE DATABASE template OWNER app',
    );
    await (await open('template')).destroy();
  });
  beforeEach(async () => {
    databases += 1;
    name = `test${databases}`;
    clients = [];
    await server.sql('postgres', `CREATE DATABASE ${name} TEMPLATE template OWNER app`);
  });
  afterEach(() => Promise.all(clients.map((client) => client.end())));
  afterAll(() => server?.stop());

  function optionsOf(database: string, ...more: readonly MigrationClass[]): DataSourceOptions {
    const url = server.url(database, { user: 'app', password: 'pw' });
    return { ...patientOptions({ url }), migrations: [...migrations, ...more] };
  }

  const open = (database: string, ...more: readonly MigrationClass[]) =>
    openDataSource(optionsOf(database, ...more));

  /** Starts a program that has these migrations besides ours, and ends it. */
  async function start(...more: readonly MigrationClass[]): Promise<void> {
    await (await open(name, ...more)).destroy();
  }

  /** A session beside the programs. */
  async function session(...statements: string[]): Promise<pg.Client> {
    const client = new pg.Client(server.url(name));
    await client.connect();
    clients.push(client);
    for (const statement of statements) await client.query(statement);
    return client;
  }

  /** Resolves with the process that waits for a lock in a statement that matches. */
  async function waiting(statement: string): Promise<unknown> {
    for (;;) {
      const [row] = await server.sql(
        name,
        `SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE '${statement}' AND datname = '${name}'`,
      );
      if (row) return row.pid;
      await delay(10);
    }
  }

  const applied = async () =>
    (await server.sql(name, `SELECT name FROM migration WHERE name LIKE '%9000%' ORDER BY id`)).map(
      (row) => row.name,
    );
  const indexes = () =>
    server.sql(
      name,
      `SELECT indisvalid AS valid, indisready AS ready FROM pg_index WHERE indexrelid = to_regclass('client_type')`,
    );
  const valid = [{ valid: true, ready: true }];

  it('create an index beside writes, once, by nodes that start together', async () => {
    const writer = await session('BEGIN', 'LOCK TABLE client IN ROW EXCLUSIVE MODE');
    const starts = Promise.all([1, 2, 3].map(() => start(Index9000000000001, Column9000000000002)));
    await waiting('CREATE INDEX CONCURRENTLY%');
    const insert = `INSERT INTO client (realm, client_id, type, grant_types, scopes, default_scopes,
        access_token_lifetime, refresh_token_lifetime, refresh_token_max_lifetime, refresh_successor, refresh_graceful,
        introspect, additional_information, additional_parameters, attributes, enabled, epoch)
      VALUES ('/', 'app', 'public', '{}', '{}', '{}', 1, 1, 1, 'new', false, 'own', '[]', '{}', '{}', true, 1)`;
    await session(insert);
    await writer.query('COMMIT');
    await starts;
    expect(await applied()).toEqual(['Index9000000000001', 'Column9000000000002']);
    expect(await indexes()).toEqual(valid);
    expect(Index9000000000001.timeout).toEqual([{ statement_timeout: '0' }]);
  });

  it('make an index again that a broken attempt has left', async () => {
    const writer = await session('BEGIN', 'LOCK TABLE client IN ROW EXCLUSIVE MODE');
    const broken = start(Index9000000000001).catch((error: unknown) => error);
    const pid = await waiting('CREATE INDEX CONCURRENTLY%');
    await server.sql('postgres', `SELECT pg_terminate_backend(${Number(pid)})`);
    expect(describeStartError(await broken)).toMatch(
      /^DATABASE_URL: the database cannot be reached \(57P01\)/,
    );
    expect(await indexes()).toEqual([{ valid: false, ready: false }]);
    expect(await applied()).toEqual([]);
    await writer.query('COMMIT');
    await start(Index9000000000001);
    expect(await indexes()).toEqual(valid);
    expect(await applied()).toEqual(['Index9000000000001']);
  });

  it('record an index that an attempt has made without recording it', async () => {
    await server.sql(name, 'CREATE INDEX client_type ON client (type)');
    await start(Index9000000000001);
    expect(await indexes()).toEqual(valid);
    expect(await applied()).toEqual(['Index9000000000001']);
  });

  it('are not held up by a node of before, which waits for its turn within a transaction', async () => {
    const first = await session('BEGIN', oldLock);
    const second = await session('BEGIN');
    const turn = second.query(oldLock);
    await waiting('%pg_advisory_xact_lock%');
    const starting = start(Index9000000000001);
    // The index waits for the snapshot of the second one, which waits for the first one.
    await waiting('CREATE INDEX CONCURRENTLY%');
    await first.query('COMMIT');
    await turn;
    await second.query('COMMIT');
    await starting;
    expect(await applied()).toEqual(['Index9000000000001']);
  });

  it('do not hold up a node of before while they create an index', async () => {
    const writer = await session('BEGIN', 'LOCK TABLE client IN ROW EXCLUSIVE MODE');
    const starting = start(Index9000000000001);
    await waiting('CREATE INDEX CONCURRENTLY%');
    await session('BEGIN', oldLock, 'COMMIT');
    await writer.query('COMMIT');
    await starting;
    expect(await applied()).toEqual(['Index9000000000001']);
  });

  it('take turns with a node of before', async () => {
    const before = await session('BEGIN', oldLock);
    const starting = start(Column9000000000002);
    await waiting('%pg_advisory_xact_lock%');
    await before.query('COMMIT');
    await starting;
    expect(await applied()).toEqual(['Column9000000000002']);
  });

  it('let others read a table while one waits for it', async () => {
    const reader = await session('BEGIN', 'SELECT FROM client');
    const starting = start(Column9000000000002);
    await waiting('ALTER TABLE client ADD%');
    // It is queued behind the migration, which gives up its place.
    await session('SELECT FROM client');
    await reader.query('COMMIT');
    await starting;
    expect(await applied()).toEqual(['Column9000000000002']);
  });

  describe('fail where others', () => {
    const limits = { pollMs: 1, turnMs: 20, lockMs: 10, attempts: 3, pauseMs: 1 };

    it('migrate without end', async () => {
      await session(`SELECT pg_advisory_lock(${0x73796d63})`);
      const other = await open(name);
      const error: unknown = await migrate(other, true, limits).catch((reason: unknown) => reason);
      // A server's start tries again.
      expect(error).toBeInstanceOf(StoreUnavailable);
      expect([startStatus(error), describeStartError(error)]).toEqual([
        3,
        'DATABASE_URL: the schema cannot be migrated now (SchemaBusy): another process has been at it for long; find it in pg_stat_activity',
      ]);
      await other.destroy();
    });

    it('keep a table locked without end, and change nothing', async () => {
      await session('BEGIN', 'SELECT FROM client');
      const other = await new DataSource(optionsOf(name, Column9000000000002)).initialize();
      await expect(migrate(other, true, limits)).rejects.toMatchObject({ driverError: { code: '55P03' } });
      expect(await applied()).toEqual([]);
      await other.destroy();
    });
  });
});

it('are planned with what they lock', () => {
  const mine = [migrations[0], Index9000000000001, Column9000000000002];
  const locks = (sessions: boolean) => mine.map((migration) => planned(migration, sessions).locks);
  expect([locks(true), locks(false)]).toEqual([
    ['long', 'none', 'brief'],
    ['long', 'long', 'brief'],
  ]);
});

it('says what keeps the schema from being migrated', () => {
  const locked = new StoreUnavailable(Object.assign(new Error(), { code: '55P03' }));
  expect([startStatus(locked), describeStartError(locked)]).toEqual([
    3,
    'DATABASE_URL: the schema cannot be migrated now (55P03): a transaction that does not end has locked a table; find it in pg_stat_activity, and end it',
  ]);
});
