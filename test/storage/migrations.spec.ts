import {
  Column,
  DataSource,
  Entity,
  Index,
  type MigrationInterface,
  PrimaryColumn,
  type QueryRunner,
} from 'typeorm';
import { createIndex } from '../../migrations/create-index.js';
import { migrations } from '../../migrations/index.js';
import { openDataSource } from '../../src/storage/postgres/data-source.js';
import { migrate } from '../../src/storage/postgres/migrate.js';
import { entities } from '../../src/storage/postgres/entities/all.js';
import { RegistryEntity } from '../../src/storage/postgres/entities/registry.js';
import { PostgresDirectory } from '../../src/storage/postgres/directory.js';
import { Database } from '../../src/storage/postgres/database.js';
import { PostgresTokenKeyStore } from '../../src/storage/postgres/token-key-store.js';
import { UsernameCollision } from '../../src/domain/directory-writer.js';
import { PostgresDirectoryWriter } from '../../src/storage/postgres/directory-writer.js';
import { byTester } from '../support/audit.js';
import { clientDefaults } from '../support/client-defaults.js';
import { onServer } from '../support/database.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { patientOptions, type RunningDatabase, startDatabase } from './running-database.js';
import { anOwner, aRealm } from './subjects.js';

let running: RunningDatabase;
beforeEach(async () => {
  running = await startDatabase();
});
afterEach(() => running.stop());

const options = () => patientOptions(running.connection);

describe('the migrations', () => {
  it('create the schema that the entities describe', async () => {
    const dataSource = await openDataSource(options());
    expect(await differences(dataSource)).toEqual([]);
    await dataSource.destroy();
  });

  it('can be reverted to nothing, and applied again', async () => {
    const dataSource = await openDataSource(options());
    const applied = await schema(dataSource);
    for (let left = migrations.length; left > 0; left -= 1) await dataSource.undoLastMigration();
    expect(await relations(dataSource)).toEqual([]);
    await migrate(dataSource, onServer);
    expect(await schema(dataSource)).toEqual(applied);
    expect(await differences(dataSource)).toEqual([]);
    await dataSource.destroy();
  });

  it('are applied once, however often a node starts', async () => {
    for (let starts = 0; starts < 2; starts += 1) {
      const dataSource = await openDataSource(options());
      expect(await appliedMigrations(dataSource)).toEqual(migrations.map(({ name }) => name));
      await dataSource.destroy();
    }
  });

  it('that fail change nothing, and keep those before them', async () => {
    const broken = { ...options(), migrations: [...migrations, Broken9999999999999] };
    await expect(openDataSource(broken)).rejects.toThrow('nowhere');
    const dataSource = await openDataSource(options());
    expect(await appliedMigrations(dataSource)).toEqual(migrations.map(({ name }) => name));
    expect(await differences(dataSource)).toEqual([]);
    expect(await dataSource.query(`SELECT to_regclass('half') AS half`)).toEqual([{ half: null }]);
    await dataSource.destroy();
  });

  it('create an index in a transaction where all connections share one session, else beside writes', async () => {
    const dataSource = await openDataSource({
      ...options(),
      migrations: [...migrations, Index9999999999998],
    });
    expect(Index9999999999998.inTransaction).toBe(!onServer);
    expect(
      await dataSource.query(`SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = 'made'::regclass`),
    ).toEqual([{ valid: true }]);
    expect((await appliedMigrations(dataSource)).at(-1)).toBe(Index9999999999998.name);
    await dataSource.destroy();
  });

  it('keep the data of an older schema: clients unchanged, tokens as tokens of another form', async () => {
    const old = await openDataSource({ ...options(), migrations: migrations.slice(0, 1) });
    const until = new Date('2026-01-01T02:00:00Z');
    await old.query(`INSERT INTO client VALUES ('/', 'app', 'public', NULL, '{password}', '{read}', '{}', 60, '{}',
      NULL, NULL, NULL, NULL, true, 7)`);
    await old.query(
      `INSERT INTO access_token SELECT sha256(n::text::bytea), '/', 'app', NULL, 'read', 'client_credentials', 0,
        $1::timestamptz - n * interval '2 h', $1::timestamptz - n * interval '1 h', 1, 7, NULL
        FROM generate_series(0, 1) AS n`,
      [until],
    );
    await old.destroy();
    const dataSource = await openDataSource(options());
    const database = new Database(dataSource, { namedStatements: false });
    const client = await new PostgresDirectory(database).findClient('/', 'app');
    expect(client).toMatchObject({ ...clientDefaults, accessTokenLifetime: 60, epoch: 7 });
    const keys = new PostgresTokenKeyStore(database);
    expect((await keys.read(until.getTime() - 1)).foreignTokens).toBe(true);
    expect((await keys.read(until.getTime())).foreignTokens).toBe(false);
    await dataSource.destroy();
  });

  it('leave room for a node of the version before, which does not know the newest columns', async () => {
    const dataSource = await openDataSource(options());
    const database = new Database(dataSource, { namedStatements: false });
    const writer = new PostgresDirectoryWriter(database, new RecordedChanges());
    const directory = new PostgresDirectory(database);
    await dataSource.query(
      `INSERT INTO realm (path, auth_level, enabled, epoch) VALUES ('/old', 0, true, 7)`,
    );
    await dataSource.query(`INSERT INTO client (realm, client_id, type, grant_types, scopes, default_scopes,
        access_token_lifetime, refresh_token_lifetime, refresh_token_max_lifetime, refresh_successor, refresh_graceful,
        introspect, administer, additional_information, additional_parameters, attributes, enabled, epoch)
      SELECT '/old', 'app', 'public', '{}', '{}', '{}', 3600, 43200, 2592000, 'new', false, 'own', 'none', '[]', '{}',
        '{}', true, 8`);
    expect(await directory.findRealm('/old')).toMatchObject({ usernames: 'exact' });
    expect(await directory.findClient('/old', 'app')).toMatchObject({ ...clientDefaults, epoch: 8 });

    const folding = aRealm({ path: '/old', usernames: 'fold' });
    await writer.apply([{ effect: 'update', realm: folding }], await writer.state(), byTester);
    // The node of the version before adds users without a key, and two of one name: it knows nothing of keys.
    const add = `INSERT INTO resource_owner (realm, username, password_hash, attributes, enabled, epoch)
      VALUES ('/old', $1, 'hash', '{}', true, 9)`;
    for (const name of ['Ann', 'ann']) await dataSource.query(add, [name]);
    expect(await directory.findResourceOwner('/old', 'ann')).toMatchObject({ username: 'ann' });
    const bob = { effect: 'add', resourceOwner: anOwner('/old', { username: 'Bob' }) } as const;
    await expect(writer.apply([bob], await writer.state(), byTester)).rejects.toThrow(UsernameCollision);
    await dataSource.query(`DELETE FROM resource_owner WHERE username = 'ann'`);
    await writer.apply([bob], await writer.state(), byTester);
    expect(await directory.findFoldedResourceOwner('/old', 'ann')).toMatchObject({ username: 'Ann' });
    expect(await directory.findFoldedResourceOwner('/old', 'bob')).toMatchObject({ username: 'Bob' });
    await dataSource.destroy();
  });

  // The embedded database is one session in one process: nodes cannot start together on it.
  (onServer ? it : it.skip)('are applied once by nodes that start together', async () => {
    const nodes = await Promise.all(Array.from({ length: 4 }, () => openDataSource(options())));
    expect(await appliedMigrations(nodes[0])).toEqual(migrations.map(({ name }) => name));
    expect(await differences(nodes[3])).toEqual([]);
    await Promise.all(nodes.map((node) => node.destroy()));
  });
});

describe('the comparison with the entities', () => {
  it('finds differences', async () => {
    const migrated = await openDataSource(options());
    await migrated.destroy();
    for (const [changed, difference] of changedEntities) {
      const others = entities.filter((entity) => entity !== RegistryEntity);
      const dataSource = await new DataSource({ ...options(), entities: [...others, changed] }).initialize();
      expect(await differences(dataSource)).toContainEqual(expect.stringMatching(difference));
      await dataSource.destroy();
    }
  });
});

/** The statements that TypeORM would run to make the schema match the entities. */
async function differences(dataSource: DataSource): Promise<string[]> {
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  return upQueries.map(({ query }) => query);
}

async function appliedMigrations(dataSource: DataSource): Promise<string[]> {
  const rows: { name: string }[] = await dataSource.query(`SELECT name FROM migration ORDER BY id`);
  return rows.map(({ name }) => name);
}

/** Tables, indexes, sequences and views, except TypeORM's own record of the migrations. */
function relations(dataSource: DataSource): Promise<unknown[]> {
  return dataSource.query(
    `SELECT relname, relkind FROM pg_class LEFT JOIN pg_index ON indexrelid = pg_class.oid
      WHERE relnamespace = 'public'::regnamespace
        AND relname NOT LIKE 'migration%' AND indrelid IS DISTINCT FROM to_regclass('migration')
      ORDER BY relname`,
  );
}

async function schema(dataSource: DataSource): Promise<unknown[]> {
  const columns: unknown = await dataSource.query(
    `SELECT * FROM information_schema.columns WHERE table_schema = 'public'
        AND table_name <> 'migration' ORDER BY table_name, column_name`,
  );
  const constraints: unknown = await dataSource.query(
    `SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace ORDER BY conname`,
  );
  return [await relations(dataSource), columns, constraints];
}

class Broken9999999999999 implements MigrationInterface {
  static readonly compatible = true;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('CREATE TABLE half (name text)');
    await queryRunner.query('DROP TABLE nowhere');
  }
  async down(): Promise<void> {}
}

class Index9999999999998 implements MigrationInterface {
  static readonly compatible = true;
  static readonly concurrent = true;
  static inTransaction?: boolean;

  async up(queryRunner: QueryRunner): Promise<void> {
    Index9999999999998.inTransaction = queryRunner.isTransactionActive;
    await createIndex(queryRunner, 'made', 'client (type)');
  }
  async down(): Promise<void> {}
}

@Entity('registry')
@Index('registry_revision', ['revision'])
class WithMore extends RegistryEntity {
  @Column('text')
  more!: string;
}

@Entity('registry')
class WithOtherColumns {
  @PrimaryColumn('boolean', { name: 'only_row', primaryKeyConstraintName: 'registry_pkey' })
  onlyRow!: boolean;
  @Column('integer')
  revision!: number;
  @Column('text', { name: 'configuration_hash' })
  configurationHash!: string;
}

@Entity('unheard_of')
class Unheard {
  @PrimaryColumn('text')
  name!: string;
}

/** Entities that replace the registry's, and a difference to the schema that must be found for each. */
const changedEntities = [
  [WithMore, /ADD "more"/],
  [WithMore, /CREATE INDEX "registry_revision"/],
  [WithOtherColumns, /DROP CONSTRAINT "registry_only_row_check"/],
  [WithOtherColumns, /"revision" integer/],
  [WithOtherColumns, /"configuration_hash" SET NOT NULL/],
  [Unheard, /CREATE TABLE "unheard_of"/],
] as const;
