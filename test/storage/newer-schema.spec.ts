import type { MigrationInterface, QueryRunner } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { openDataSource, type PooledDataSource } from '../../src/storage/postgres/data-source.js';
import { Database } from '../../src/storage/postgres/database.js';
import { DatabaseCheck } from '../../src/storage/postgres/database-check.js';
import { patientOptions, type RunningDatabase, startDatabase } from './running-database.js';

class Compatible9000000000001 implements MigrationInterface {
  static readonly compatible = true;
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE client ADD later text');
  }
  async down(): Promise<void> {}
}

class Incompatible9000000000002 implements MigrationInterface {
  static readonly compatible = false;
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE access_token ADD later text NOT NULL');
  }
  async down(): Promise<void> {}
}

let running: RunningDatabase;
let open: PooledDataSource[];

beforeEach(async () => {
  running = await startDatabase();
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((dataSource) => dataSource.destroy()));
  await running.stop();
});

/** Starts a program that has these migrations besides ours. @returns those of later versions that it has found */
async function start(...later: typeof migrations): Promise<readonly string[]> {
  const options = { ...patientOptions(running.connection), migrations: [...migrations, ...later] };
  const dataSource = await openDataSource(options);
  open.push(dataSource);
  return dataSource.newerMigrations;
}

/** What keeps the first of the programs from serving. */
function problem(): Promise<string | undefined> {
  return new DatabaseCheck(new Database(open[0], { namedStatements: false })).problem();
}

it('warns of a later schema that is compatible, and serves on', async () => {
  expect(await start()).toEqual([]);
  expect(await start(Compatible9000000000001)).toEqual([]);
  expect(await problem()).toBeUndefined();
  expect(await start()).toEqual(['Compatible9000000000001']);
});

it('does not start on a later schema that is not, and is no longer ready when it appears', async () => {
  await start();
  await start(Compatible9000000000001, Incompatible9000000000002);
  expect(await problem()).toBe('the schema is of a later version (Incompatible9000000000002)');
  const sentence =
    'DATABASE_URL: the schema is of a later version (Incompatible9000000000002), which this version cannot serve from; start the later version, or restore a backup';
  await expect(start()).rejects.toThrow(new Error(sentence));
  await expect(start(Compatible9000000000001)).rejects.toThrow(new Error(sentence));
  expect(await start(Compatible9000000000001, Incompatible9000000000002)).toEqual([]);
});

it('tells what it is about to apply, and whether the database is empty', async () => {
  const told: [number, object][] = [];
  const onPending = (names: readonly string[], state: object) => told.push([names.length, state]);
  const later = [...migrations, Compatible9000000000001];
  for (const known of [migrations, migrations, later]) {
    const options = { ...patientOptions(running.connection), migrations: known };
    open.push(await openDataSource(options, { onPending }));
  }
  expect(told).toEqual([
    [migrations.length, { empty: true }],
    [1, { empty: false }],
  ]);
});

it('starts on a schema of before the mark', async () => {
  const before = { ...patientOptions(running.connection), migrations: migrations.slice(0, 6) };
  open.push(await openDataSource(before));
  expect(await start()).toEqual([]);
  expect(
    await open[0].query('SELECT count(*)::integer AS marked FROM migration WHERE NOT compatible'),
  ).toEqual([{ marked: 0 }]);
});
