import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbedded } from '../../src/storage/embedded/embedded-database.js';
import { claimFolder, dataFolder, DataFolderError } from '../../src/storage/embedded/folder.js';
import { temporaryFolder } from '../support/database.js';

/** Leaves a claim behind, as a killed process does. */
async function dieWithClaim(path: string): Promise<void> {
  const program = `net.createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
  const child = spawn(process.execPath, ['-e', program, path]);
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
}

describe('a data folder', () => {
  it('is created with access for its user only', async () => {
    const folder = dataFolder(join(await temporaryFolder(), 'a', 'b'));
    const release = await claimFolder(folder);
    expect((await stat(folder.path)).mode & 0o777).toBe(0o700);
    await release();
  });

  it('is closed to others if it was open to them', async () => {
    const folder = dataFolder(await temporaryFolder());
    await chmod(folder.path, 0o755);
    const release = await claimFolder(folder);
    expect((await stat(folder.path)).mode & 0o777).toBe(0o700);
    await release();
  });

  it('is refused, with its path in the error, when the path has too many bytes for a socket', async () => {
    const parent = await temporaryFolder();
    const long = join(parent, 'é'.repeat(100));
    const excess = Buffer.byteLength(long) + '/.s.PGSQL.5432'.length - 100;
    const error = new DataFolderError(
      `DATA_DIR: the path ${long} is ${excess} bytes too long for the database's socket within it.`,
    );
    expect(() => dataFolder(long)).toThrow(error);
    expect(() => dataFolder(join(parent, 'x'.repeat(86 - parent.length - 1)))).not.toThrow();
    expect(() => dataFolder(join(parent, 'x'.repeat(87 - parent.length - 1)))).toThrow('is 1 bytes too long');
    expect(await readdir(parent)).toEqual([]);
  });

  it('is refused, with its path in the error, when the path is that of something else', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    for (const path of [file, join(file, 'below')]) {
      await expect(claimFolder(dataFolder(path))).rejects.toThrow(
        new RegExp(`^DATA_DIR: ${path} cannot be made a folder of this user's own \\(E[A-Z]+\\)\\.$`),
      );
    }
  });
});

describe('a claim on a data folder', () => {
  it('is refused with a one-sentence error while there is another', async () => {
    const folder = dataFolder(await temporaryFolder());
    const release = await claimFolder(folder);
    const refusal = `DATA_DIR: another process is running on ${folder.path}.`;
    await expect(claimFolder(folder)).rejects.toEqual(new DataFolderError(refusal, true));
    await release();
    const releaseAgain = await claimFolder(folder);
    await releaseAgain();
  });

  it.each(['no claim', 'a dead claim'])(
    'succeeds for exactly one of several at the same time: on %s',
    async (before) => {
      const folder = dataFolder(await temporaryFolder());
      if (before === 'a dead claim') await dieWithClaim(folder.claim);
      const claims = await Promise.allSettled(Array.from({ length: 8 }, () => claimFolder(folder)));
      const releases = claims.flatMap((claim) => (claim.status === 'fulfilled' ? [claim.value] : []));
      expect(releases).toHaveLength(1);
      for (const claim of claims) {
        if (claim.status === 'rejected')
          expect(claim.reason).toMatchObject({ name: 'DataFolderError', taken: true });
      }
      await expect(claimFolder(folder)).rejects.toThrow('another process is running');
      await releases[0]();
    },
  );

  it('replaces one whose process was killed', async () => {
    const folder = dataFolder(await temporaryFolder());
    await dieWithClaim(folder.claim);
    const release = await claimFolder(folder);
    await expect(claimFolder(folder)).rejects.toThrow('another process is running');
    await release();
  });

  it('is refused with the name of the folder to remove when a process was killed while it claimed', async () => {
    const folder = dataFolder(await temporaryFolder());
    const gate = join(folder.path, 'claiming');
    await mkdir(gate);
    await expect(claimFolder(folder)).rejects.toThrow(`if none is, remove ${gate} and start again.`);
  });
});

it('is refused on Windows, in words that name the way out', async () => {
  const { platform } = process;
  Object.defineProperty(process, 'platform', { value: 'win32' });
  try {
    await expect(startEmbedded('never-made')).rejects.toThrow(
      /^DATA_DIR: .*Windows lacks; set DATABASE_URL$/,
    );
  } finally {
    Object.defineProperty(process, 'platform', { value: platform });
  }
  expect(existsSync('never-made')).toBe(false);
});
