import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { copyTemplate } from '../../src/storage/embedded/template.js';
import { templatePath } from '../../src/storage/embedded/template-path.js';
import { temporaryFolder } from '../support/database.js';
import { ServerProcess } from '../support/server-process.js';

const built = join(import.meta.dirname, '../../dist/src/storage/embedded', templatePath.split('/').at(-1)!);

/** Everything that a database is made with: its catalogues row by row, its settings and its encoding. */
async function contents(dataDir: string): Promise<Record<string, unknown>> {
  const database = await PGlite.create({ dataDir });
  const { rows: tables } = await database.query<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class
      WHERE relkind = 'r' AND relnamespace = 'pg_catalog'::regnamespace ORDER BY name`,
  );
  const found: Record<string, unknown> = {};
  for (const { name } of tables) {
    const { rows } = await database.query<{ digest: string }>(
      `SELECT count(*) AS rows, md5(coalesce(string_agg(row::text, '|' ORDER BY row::text COLLATE "C"), '')) AS digest
        FROM ${name} AS row`,
    );
    found[name] = rows;
  }
  found.settings = (await database.query('SELECT name, setting, source FROM pg_settings ORDER BY name')).rows;
  found.version = (await database.query('SELECT version()')).rows;
  await database.close();
  return found;
}

/** The names of all files and folders, those that a start makes and removes left out. */
async function names(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).sort();
}

describe('the template of the embedded database', () => {
  it('holds what a fresh database of this version holds, empty folders included', async () => {
    const folder = await temporaryFolder();
    const [fresh, copied] = [join(folder, 'fresh'), join(folder, 'copied')];
    await (await PGlite.create({ dataDir: fresh })).close();
    expect(copyTemplate(copied, built)).toBeUndefined();
    const [madeOf, copiedOf] = [await contents(fresh), await contents(copied)];
    for (const name of Object.keys(madeOf)) expect([name, copiedOf[name]]).toEqual([name, madeOf[name]]);
    expect(await names(copied)).toEqual(await names(fresh));
  });

  it('gives its files to nobody else', async () => {
    const data = join(await temporaryFolder(), 'data');
    copyTemplate(data, built);
    expect((await stat(join(data, 'base'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(data, 'PG_VERSION'))).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['is missing', async (path: string) => rm(path), 'ENOENT'],
    [
      'is cut off',
      async (path: string) => writeFile(path, (await readFile(path)).subarray(0, 100_000)),
      'Z_BUF_ERROR',
    ],
    ['is something else', async (path: string) => writeFile(path, 'text'), 'Z_DATA_ERROR'],
  ])('leaves nothing behind where it %s, and says why', async (_what, spoil, reason) => {
    const folder = await temporaryFolder();
    const path = join(folder, 'template.tar.gz');
    await writeFile(path, await readFile(built));
    await spoil(path);
    expect(copyTemplate(join(folder, 'data'), path)).toMatch(reason);
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it('is what a server starts from on an empty folder', async () => {
    const server = await ServerProcess.start({ DATA_DIR: await temporaryFolder() });
    expect(server.records.filter(({ level }) => Number(level) >= 40)).toEqual([]);
    await server.kill('SIGTERM');
  });
});
