import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIndex } from '../../migrations/create-index.js';
import { mayLockForLong, type MigrationClass, migrations } from '../../migrations/index.js';
import { openDataSource, type PooledDataSource } from '../../src/storage/postgres/data-source.js';
import { canStartServers, PostgresServer } from '../support/postgres-server.js';
import { patientOptions } from './running-database.js';

/** Every table has this many rows, and a migration that touches half as many touches all that a large table has. */
const rows = 40;

/** Modes of locks with which nobody can write to a table. */
const closing = ['ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'];

/** Fills each table of the first migrations that may grow large. */
const filling = [
  `INSERT INTO realm (path, auth_level, enabled, epoch) SELECT '/r' || n, 0, true, n FROM generate_series(1, ${rows}) AS n`,
  `INSERT INTO client (realm, client_id, type, grant_types, scopes, default_scopes, access_token_lifetime,
      refresh_token_lifetime, refresh_token_max_lifetime, refresh_successor, refresh_graceful, introspect,
      additional_information, additional_parameters, attributes, enabled, epoch)
    SELECT '/r1', n::text, 'public', '{}', '{}', '{}', 1, 1, 1, 'new', false, 'own', '[]', '{}', '{}', true, n
    FROM generate_series(1, ${rows}) AS n`,
  `INSERT INTO resource_owner (realm, username, password_hash, attributes, enabled, epoch)
    SELECT '/r1', n::text, 'hash', '{}', true, n FROM generate_series(1, ${rows}) AS n`,
  `INSERT INTO token_family (id, revoked, expires_at)
    SELECT gen_random_uuid(), false, now() FROM generate_series(1, ${rows})`,
  ...['access_token', 'refresh_token'].map(
    (table) => `INSERT INTO ${table} (realm, client_id, scope, auth_level, issued_at, expires_at, realm_epoch,
        client_epoch, family, hash, ${table === 'access_token' ? 'grant_type' : 'username, resource_owner_epoch, retries'})
      SELECT '/r1', '1', '', 0, now(), now(), 1, 1, id, sha256(id::text::bytea),
        ${table === 'access_token' ? `'password'` : `'1', 1, 0`} FROM token_family`,
  ),
  `INSERT INTO audit_event (id, at, actor_kind, actor, action, changes)
    SELECT gen_random_uuid(), now(), 'cli', 'x', 'x', '{}' FROM generate_series(1, ${rows})`,
  `INSERT INTO refusal (id, at, route, method, status, realm, client)
    SELECT gen_random_uuid(), now(), '', '', 400, '', '' FROM generate_series(1, ${rows})`,
  `INSERT INTO traffic SELECT 60, now() - n * interval '1 min', '', '', '', '', 1, 1, 0, 0, 1, 1, 1
    FROM generate_series(1, ${rows}) AS n`,
];

const existing = `SELECT array_agg(oid) AS tables FROM pg_class
  WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`;

/** What this session has read and changed of tables, and how it has locked them. */
const touched = `SELECT relname AS table, seq_tup_read::integer AS read, (n_tup_upd + n_tup_del)::integer AS changed,
    ARRAY(SELECT mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation = relid) AS modes
  FROM pg_stat_xact_user_tables WHERE relid = ANY ($1::oid[])`;

interface Touched {
  readonly table: string;
  readonly read: number;
  readonly changed: number;
  readonly modes: readonly string[];
}

/** A migration of a test. */
function migration(statements: readonly string[], concurrent = false): MigrationClass {
  return class Tested implements MigrationInterface {
    static readonly compatible = true;
    static readonly concurrent = concurrent;
    async up(queryRunner: QueryRunner): Promise<void> {
      for (const statement of statements) await queryRunner.query(statement);
    }
    async down(): Promise<void> {}
  };
}

(canStartServers ? describe : describe.skip)('a migration of a large table', () => {
  let server: PostgresServer;
  let dataSource: PooledDataSource;

  beforeAll(async () => {
    server = await PostgresServer.start();
    const options = {
      ...patientOptions({ url: server.url() }),
      migrations: migrations.slice(0, mayLockForLong),
    };
    dataSource = await openDataSource(options);
    for (const statement of filling) await dataSource.query(statement);
  });
  afterAll(async () => {
    await dataSource?.destroy();
    await server?.stop();
  });

  /**
   * Applies a migration in a transaction.
   * @returns what in it keeps others from reading or writing for as long as a large table takes
   */
  async function applied(queryRunner: QueryRunner, tested: MigrationClass): Promise<string[]> {
    const [{ tables }] = (await queryRunner.query(existing)) as [{ tables: number[] }];
    const look = async () => (await queryRunner.query(touched, [tables])) as Touched[];
    const before = new Map((await look()).map((row) => [row.table, row]));
    await new tested().up(queryRunner);
    return (await look()).flatMap(({ table, read, changed, modes }) => {
      const { read: readBefore = 0, changed: changedBefore = 0 } = before.get(table) ?? {};
      const closed = modes.some((mode) => closing.includes(mode));
      return [
        ...(closed && read - readBefore >= rows / 2 ? [`reads ${table} while nobody can write to it`] : []),
        ...(changed - changedBefore >= rows / 2 ? [`changes all rows of ${table} at once`] : []),
      ];
    });
  }

  /** What a migration that runs outside a transaction does besides creating indexes. */
  async function otherStatements(queryRunner: QueryRunner, tested: MigrationClass): Promise<string[]> {
    const query = queryRunner.query.bind(queryRunner);
    const sent: string[] = [];
    queryRunner.query = (statement: string, ...values: unknown[]) => {
      sent.push(statement);
      return query(statement, ...(values as [])) as never;
    };
    await new tested().up(queryRunner);
    return sent.filter((statement) => !/^SELECT|^(CREATE|DROP) INDEX CONCURRENTLY /.test(statement));
  }

  /** Applies a migration in its own way. @returns what in it keeps others waiting for long */
  async function problems(tested: MigrationClass, end: 'commit' | 'rollback'): Promise<string[]> {
    const queryRunner = dataSource.createQueryRunner();
    try {
      if (tested.concurrent) return await otherStatements(queryRunner, tested);
      await queryRunner.startTransaction();
      const found = await applied(queryRunner, tested);
      await (end === 'commit' ? queryRunner.commitTransaction() : queryRunner.rollbackTransaction());
      return found;
    } finally {
      await queryRunner.release();
    }
  }

  it('of ours keeps nobody waiting for long', async () => {
    const found: [string, string[]][] = [];
    for (const tested of migrations.slice(mayLockForLong)) {
      found.push([tested.name, await problems(tested, 'commit')]);
      if (tested.concurrent) expect(tested.compatible).toBe(true);
    }
    expect(found.filter(([, of]) => of.length > 0)).toEqual([]);
  });

  it.each<[string, string, string]>([
    [
      'creates an index in the plain way',
      'CREATE INDEX tested ON access_token (client_id)',
      'reads access_token while nobody can write to it',
    ],
    [
      'writes a table anew for a column',
      'ALTER TABLE resource_owner ADD tested uuid DEFAULT gen_random_uuid()',
      'reads resource_owner while nobody can write to it',
    ],
    [
      'changes the type of a column',
      'ALTER TABLE audit_event ALTER action TYPE varchar(10)',
      'reads audit_event while nobody can write to it',
    ],
    [
      'checks that a column has no nulls',
      'ALTER TABLE token_family ALTER revoked_by DROP NOT NULL, ADD CHECK (revoked_by IS NULL)',
      'reads token_family while nobody can write to it',
    ],
    [
      'checks a foreign key',
      'ALTER TABLE client ADD FOREIGN KEY (realm) REFERENCES realm',
      'reads client while nobody can write to it',
    ],
    ['fills a column', `UPDATE refresh_token SET scope = 'x'`, 'changes all rows of refresh_token at once'],
    ['empties a table', 'DELETE FROM traffic', 'changes all rows of traffic at once'],
  ])('is found out when it %s', async (_, statement, problem) => {
    expect(await problems(migration([statement]), 'rollback')).toContain(problem);
  });

  it('is found out when it does other things outside a transaction', async () => {
    const statement = 'CREATE INDEX plain ON refusal (client)';
    expect(await problems(migration([statement], true), 'rollback')).toEqual([statement]);
  });

  it('may add tables, columns with a constant, and constraints for new rows', async () => {
    const tested = migration([
      'CREATE TABLE tested (name text PRIMARY KEY)',
      'CREATE INDEX tested_name ON tested (name)',
      'ALTER TABLE access_token ADD tested text',
      `ALTER TABLE client ADD tested integer NOT NULL DEFAULT 7`,
      'ALTER TABLE refresh_token ADD CHECK (auth_level >= 0) NOT VALID',
    ]);
    expect(await problems(tested, 'rollback')).toEqual([]);
  });

  it('may create an index beside writes', async () => {
    class Tested implements MigrationInterface {
      static readonly compatible = true;
      static readonly concurrent = true;
      up(queryRunner: QueryRunner): Promise<void> {
        return createIndex(queryRunner, 'tested', 'access_token (client_id)');
      }
      async down(): Promise<void> {}
    }
    expect(await problems(Tested, 'commit')).toEqual([]);
    const [index] = await server.sql(
      'postgres',
      `SELECT indisvalid FROM pg_index WHERE indexrelid = 'tested'::regclass`,
    );
    expect(index).toEqual({ indisvalid: true });
  });
});
