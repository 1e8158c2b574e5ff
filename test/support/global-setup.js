import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';

/** The threads that run the databases. @type {Worker[]} */
export const databases = [];

/**
 * Creates one fresh embedded database as a template, since its first start takes seconds. Runs two copies of it
 * for each jest worker, since every start takes a second: the worker's test files use those running copies.
 * @param {import('jest').Config} config
 */
export default async function setUp({ maxWorkers }) {
  if (!process.env.TEST_CASSANDRA && !process.env.TEST_ROUNDS) {
    console.error(
      'TEST_CASSANDRA names no cluster: this run leaves out the tests of test/cassandra (CONTRIBUTING.md).',
    );
  }
  if (!process.env.TEST_STRANGERS && !process.env.TEST_ROUNDS) {
    console.error(
      'TEST_STRANGERS names no folder: this run leaves out the tests of test/strangers (CONTRIBUTING.md).',
    );
  }
  const folder = await mkdtemp(join(tmpdir(), 'symbolon-tests-'));
  if (process.env.TEST_CASSANDRA) await makeKeyspace(process.env.TEST_CASSANDRA);
  process.env.TEST_FOLDER = folder;
  if (process.env.TEST_DATABASE_URL) return;
  const template = join(folder, 'template');
  await makeTemplate(template);
  const workers = Array.from({ length: Number(maxWorkers) }, (_, index) => `worker-${index + 1}`);
  const copies = workers.flatMap((worker) => [`${worker}-1`, `${worker}-2`]);
  await Promise.all(copies.map((copy) => run(template, join(folder, copy, 'db'))));
}

/**
 * Unpacks the template that the build has made, if it has; to make the files takes seconds.
 * @param {string} template
 */
async function makeTemplate(template) {
  const built = new URL('../../dist/src/storage/embedded/template.js', import.meta.url);
  if (existsSync(built)) {
    const { copyTemplate } = await import(built.href);
    if (copyTemplate(template) === undefined) return;
  }
  const database = await PGlite.create({ dataDir: template });
  await database.close();
}

/**
 * Makes the keyspace that all test files share, as a server makes it.
 * @param {string} nodes
 */
async function makeKeyspace(nodes) {
  const { openSession } = await import('./cassandra-session.js');
  const name = `run_${randomBytes(6).toString('hex')}`;
  process.env.TEST_CASSANDRA_KEYSPACE = name;
  const session = await openSession(nodes, name);
  await session.close();
}

/**
 * Runs a copy of a database in a folder as a server does, so that applications can join it.
 * @param {string} template
 * @param {string} folder
 */
async function run(template, folder) {
  const data = join(folder, 'pgdata');
  cpSync(template, data, { recursive: true });
  const program = new URL('../../src/storage/embedded/worker.js', import.meta.url);
  const database = new Worker(program, { argv: [data, join(folder, '.s.PGSQL.5432')] });
  databases.push(database);
  await once(database, 'message');
  const claim = createServer((socket) => socket.destroy());
  mkdirSync(join(folder, 'claim.1'));
  await once(claim.listen(join(folder, 'claim.1', 's')).unref(), 'listening');
}
