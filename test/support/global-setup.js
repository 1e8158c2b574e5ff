import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

/** Makes one fresh embedded database, which every test file that wants one copies: its first start takes seconds. */
export default async function setUp() {
  const folder = await mkdtemp(join(tmpdir(), 'symbolon-tests-'));
  process.env.TEST_FOLDER = folder;
  if (process.env.TEST_DATABASE_URL) return;
  const database = await PGlite.create({ dataDir: join(folder, 'template') });
  await database.close();
}
