import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, copyFile, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startEmbedded } from '../../src/storage/embedded/embedded-database.js';
import { claimFolder, dataFolder, DataFolderError } from '../../src/storage/embedded/folder.js';
import { temporaryFolder } from '../support/database.js';

const built = join(import.meta.dirname, '../../dist/src/storage/embedded');

/** Runs a process with these variables until it has printed a line, and returns it. */
async function runUntilLine(
  program: string,
  folder: string,
  spawnOptions: SpawnOptions = {},
): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, folder], {
    ...spawnOptions,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const over = once(child, 'exit').then(() => Promise.reject(new Error('ended without a line')));
  await Promise.race([once(child.stdout, 'data'), over]);
  over.catch(() => {});
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
}

const claiming = (module: string) => `
  const { claimFolder, dataFolder } = await import('${module}');
  await claimFolder(dataFolder(process.argv[1]));
  console.log('claimed');
  setInterval(() => {}, 1000);`;

/** What an earlier version's claim is: a socket in the folder of the data. */
const claimingAsEarlier = `
  const { createServer } = await import('node:net');
  createServer().listen(process.argv[1] + '/claim', () => console.log('claimed'));`;

/** Leaves a claim behind, as a killed process does. */
async function dieWithClaim(root: string): Promise<void> {
  await kill(await runUntilLine(claiming(join(built, 'folder.js')), root));
}

describe('a data folder', () => {
  it('is created with access for its user only', async () => {
    const folder = dataFolder(join(await temporaryFolder(), 'a', 'b'));
    const release = await claimFolder(folder);
    expect((await stat(folder.path)).mode & 0o777).toBe(0o700);
    await release();
  });

  it.each([0o755, 0o2775])(
    'is closed to others, whatever the mode of the folder that it is in: %o',
    async (mode) => {
      const folder = dataFolder(await temporaryFolder());
      await mkdir(folder.path);
      await chmod(folder.path, mode);
      await chmod(folder.root, mode);
      const release = await claimFolder(folder);
      expect((await stat(folder.path)).mode & 0o7777).toBe(0o700);
      expect((await stat(folder.root)).mode & 0o7777).toBe(mode);
      await release();
    },
  );

  it('stays where an earlier version has put the data, unless there is newer data', async () => {
    const root = await temporaryFolder();
    await mkdir(join(root, 'pgdata'));
    expect(dataFolder(root).data).toBe(join(root, 'pgdata'));
    await mkdir(join(root, 'db', 'pgdata'), { recursive: true });
    expect(dataFolder(root).data).toBe(join(root, 'db', 'pgdata'));
  });

  it('is refused, with its path in the error, when the path has too many bytes for a socket', async () => {
    const parent = await temporaryFolder();
    const long = join(parent, 'é'.repeat(100));
    const excess = Buffer.byteLength(long) + '/db/.s.PGSQL.5432'.length - 100;
    const error = new DataFolderError(
      `DATA_DIR: the path ${long} is ${excess} bytes too long for the database's socket within it.`,
    );
    expect(() => dataFolder(long)).toThrow(error);
    expect(() => dataFolder(join(parent, 'x'.repeat(83 - parent.length - 1)))).not.toThrow();
    expect(() => dataFolder(join(parent, 'x'.repeat(84 - parent.length - 1)))).toThrow('is 1 bytes too long');
    expect(await readdir(parent)).toEqual([]);
  });

  it('is refused, with its path in the error, when the path is that of something else', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    for (const path of [file, join(file, 'below')]) {
      await expect(claimFolder(dataFolder(path))).rejects.toThrow(
        new RegExp(`^DATA_DIR: ${path}/db cannot be made a folder of this user's own \\(E[A-Z]+\\)\\.$`),
      );
    }
  });
});

describe('a claim on a data folder', () => {
  it('is refused with a one-sentence error while there is another', async () => {
    const folder = dataFolder(await temporaryFolder());
    const release = await claimFolder(folder);
    const refusal = `DATA_DIR: another process is running on ${folder.root}.`;
    await expect(claimFolder(folder)).rejects.toEqual(new DataFolderError(refusal, true));
    await release();
    const releaseAgain = await claimFolder(folder);
    await releaseAgain();
  });

  it.each(['no claim', 'a dead claim'])(
    'succeeds for exactly one of several at the same time: on %s',
    async (before) => {
      const folder = dataFolder(await temporaryFolder());
      if (before === 'a dead claim') await dieWithClaim(folder.root);
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
    await dieWithClaim(folder.root);
    const release = await claimFolder(folder);
    await expect(claimFolder(folder)).rejects.toThrow('another process is running');
    await release();
  });

  it('replaces what any interrupted claim has left, that of an earlier version included', async () => {
    const folder = dataFolder(await temporaryFolder());
    for (const left of ['claiming', 'new.abcdef', 'claim.3'])
      await mkdir(join(folder.path, left), { recursive: true });
    await writeFile(join(folder.path, 'new.abcdef', 's'), '');
    const release = await claimFolder(folder);
    expect(await readdir(folder.path)).toEqual(['claim', 'claim.4']);
    await release();
  });

  it('is refused while a process of an earlier version runs, and holds that off', async () => {
    const root = await temporaryFolder();
    await mkdir(join(root, 'pgdata'));
    const earlier = await runUntilLine(claimingAsEarlier, root);
    await expect(claimFolder(dataFolder(root))).rejects.toMatchObject({ taken: true });
    await kill(earlier);
    const release = await claimFolder(dataFolder(root));
    const socket = connect(join(root, 'claim'));
    await once(socket, 'connect');
    socket.destroy();
    await release();
  });

  it('ends with its process, not with its number: processes of one number exclude each other', async () => {
    const folder = dataFolder(await temporaryFolder());
    for (let rounds = 0; rounds < 3; rounds += 1) {
      const starts = Array.from({ length: 4 }, () => claimFolder(folder).catch(() => undefined));
      const [release, ...more] = (await Promise.all(starts)).filter((each) => each !== undefined);
      expect(more).toEqual([]);
      await expect(claimFolder(folder)).rejects.toMatchObject({ taken: true });
      await release?.();
      await dieWithClaim(folder.root);
    }
  });
});

// Only root can make a folder of another user, and run a process as another one.
(process.geteuid?.() === 0 ? describe : describe.skip)("another user's folder", () => {
  const nobody = { uid: 65534, gid: 65534 };

  it('of root and a group, as Kubernetes mounts a volume, is used by a member of the group', async () => {
    const { root, module } = await reachable();
    await chown(root, 0, nobody.gid);
    await chmod(root, 0o2775);
    await kill(await runUntilLine(claiming(module), root, nobody));
    const { uid, mode } = await stat(join(root, 'db'));
    expect([uid, mode & 0o7777]).toEqual([nobody.uid, 0o700]);
    await rm(dirname(root), { recursive: true });
  });

  it('of another user who could open the socket is refused', async () => {
    const folder = dataFolder(await temporaryFolder());
    await mkdir(folder.path);
    await chown(folder.path, nobody.uid, nobody.gid);
    await expect(claimFolder(folder)).rejects.toThrow(
      `DATA_DIR: ${folder.path} belongs to another user (65534), who could open the database.`,
    );
  });

  /** A folder to which every user has a way, and a copy of the program to which every user has one. */
  async function reachable(): Promise<{ root: string; module: string }> {
    const folder = await mkdtemp(join(tmpdir(), 'symbolon-volume-'));
    await chmod(folder, 0o755);
    const root = join(folder, 'volume');
    await mkdir(root);
    for (const file of ['folder.js', 'claim.js']) await copyFile(join(built, file), join(folder, file));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    return { root, module: join(folder, 'folder.js') };
  }
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
