// Makes the template of a fresh database, if there is none: the last step of the build. Plain JavaScript, as `worker.js`.
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { templatePath } from './template-path.js';

if (!existsSync(templatePath)) {
  // It takes long to load.
  const { PGlite } = await import('@electric-sql/pglite');
  const folder = mkdtempSync(join(tmpdir(), 'symbolon-template-'));
  try {
    const database = await PGlite.create({ dataDir: join(folder, 'pgdata') });
    await database.exec('CHECKPOINT');
    const archive = await database.dumpDataDir('gzip');
    await database.close();
    // Two builds at the same time may both write one, but nobody ever reads half of one.
    const written = `${templatePath}.${process.pid}`;
    writeFileSync(written, Buffer.from(await archive.arrayBuffer()));
    renameSync(written, templatePath);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
