import { join } from 'node:path';
import pg from 'pg';
import { embeddedLogin } from '../../src/storage/embedded/embedded-database.js';

/** What a lent database has when a test gets it: nothing, or our schema with the rows that the migrations add. */
export type Content = 'nothing' | 'schema';

/** A running embedded database, for one test at a time. */
export interface LentDatabase {
  /** Its `DATA_DIR`. */
  readonly folder: string;
  /** Lets the next test have it. */
  giveBack(): void;
}

const { TEST_FOLDER = '', JEST_WORKER_ID } = process.env;

/** The folders of the two databases that run for this jest worker (global-setup.js), without those in use. */
const free = [1, 2].map((number) => join(TEST_FOLDER, `worker-${JEST_WORKER_ID}-${number}`));

/** Lends a database, after it has removed what an earlier test left in it; undefined while both are in use. */
export async function lendDatabase(content: Content): Promise<LentDatabase | undefined> {
  // The first one keeps its schema as long as there is a second one to lend without it.
  const folder = content === 'schema' ? free.shift() : free.pop();
  if (folder === undefined) return undefined;
  const giveBack = () => {
    free.push(folder);
    free.sort();
  };
  try {
    await prepare(join(folder, 'db'), content);
    return { folder, giveBack };
  } catch (error) {
    giveBack();
    throw error;
  }
}

async function prepare(host: string, content: Content): Promise<void> {
  const { username: user, database } = embeddedLogin;
  const client = new pg.Client({ host, user, database });
  await client.connect();
  try {
    await client.query('DISCARD ALL');
    if (content === 'schema' && (await isSchemaAsKept(client))) {
      await client.query(putBackRows);
      return;
    }
    await client.query('DROP SCHEMA IF EXISTS kept, kept_rows CASCADE');
    await client.query('DROP SCHEMA public CASCADE');
    await client.query('CREATE SCHEMA public');
    if (content === 'schema') await makeSchema(client, host);
  } finally {
    await client.end();
  }
}

/**
 * Tells one definition of the schema from another: every change of one writes, or removes, a row of these catalogs, and
 * nothing else does.
 */
const definition = ['attribute', 'attrdef', 'constraint', 'index', 'trigger', 'proc', 'namespace']
  .map((catalog) => `SELECT concat(max(xmin::text::bigint), ' ', count(*)) AS rows FROM pg_${catalog}`)
  .join(' UNION ALL ');

/** Copies the rows of every table, and where the sequences are. */
const copyRows = `DO $$
  DECLARE name text;
  BEGIN
    CREATE SCHEMA kept;
    CREATE SCHEMA kept_rows;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
      EXECUTE format('CREATE TABLE kept_rows.%I AS TABLE public.%I', name, name);
    END LOOP;
    CREATE TABLE kept.sequence AS
      SELECT sequencename AS name, coalesce(last_value, start_value) AS value, last_value IS NOT NULL AS called
        FROM pg_sequences WHERE schemaname = 'public';
    CREATE TABLE kept.definition (rows text);
  END $$`;

/** Gives every table that has been written to the rows that were copied. */
const putBackRows = `DO $$
  DECLARE
    name text;
    written text := (SELECT string_agg(oid::regclass::text, ',') FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0);
  BEGIN
    EXECUTE 'TRUNCATE ' || written || ' CASCADE';
    SET LOCAL session_replication_role = replica; -- Rows need not come in the order of their foreign keys.
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'kept_rows' LOOP
      EXECUTE format('INSERT INTO public.%I OVERRIDING SYSTEM VALUE TABLE kept_rows.%I', name, name);
    END LOOP;
    PERFORM setval(format('public.%I', sequence.name)::regclass, value, called) FROM kept.sequence;
  END $$`;

/** Applies the migrations. TypeORM is loaded here alone: not every test that has a folder has a database. */
async function makeSchema(client: pg.Client, host: string): Promise<void> {
  const { dataSourceOptions, openDataSource } = await import('../../src/storage/postgres/data-source.js');
  const dataSource = await openDataSource(dataSourceOptions({ host, ...embeddedLogin }, 1));
  await dataSource.destroy();
  await client.query(copyRows);
  await client.query(`INSERT INTO kept.definition ${definition}`);
}

/** Whether there is a schema of ours with rows that were copied, and no test has changed its definition since. */
async function isSchemaAsKept(client: pg.Client): Promise<boolean> {
  const { rows: kept } = await client.query(`SELECT to_regclass('kept.definition') AS there`);
  if (kept[0].there === null) return false;
  const { rows } = await client.query(`${definition} EXCEPT ALL TABLE kept.definition`);
  return rows.length === 0;
}
