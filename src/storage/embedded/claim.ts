import { mkdtemp, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

/**
 * A claim is a folder `claim.<number>` with a socket in it, on which the process that owns the data listens. The kernel
 * ends that with the process, in whatever way it ends and whatever number it had, so no claim outlives its process. A
 * claim is never replaced: the next process makes one with the next number, and the highest number owns the data. Only
 * its owner removes lower ones.
 */
const claimed = /^claim\.(\d+)$/;
const listener = 's';

/** Earlier versions listen on this socket instead, in the folder that they share with ours. */
const earlier = 'claim';

/** What a claim consists of before and after it is made, by this version and by earlier ones. */
const ours = /^(claim\.\d+|new\..*|claim|claiming)$/;

/** The error codes by which a process learns that another one has claimed the folder. */
const lost = ['EEXIST', 'ENOTEMPTY', 'ENOENT'];

/**
 * Claims a private folder for this process.
 * @returns a function that releases the claim; undefined where another process has claimed the folder
 */
export async function claim(path: string): Promise<(() => Promise<void>) | undefined> {
  try {
    return await take(path);
  } catch (error) {
    // EEXIST, ENOTEMPTY: another process took the number. ENOENT: the owner has removed what was not claimed yet.
    if (lost.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

async function take(path: string): Promise<(() => Promise<void>) | undefined> {
  const last = await lastNumber(path);
  const sockets = [join(path, earlier), join(path, `claim.${last}`, listener)];
  if ((await Promise.all(sockets.map(isListening))).includes(true)) return undefined;
  const mine = await mkdtemp(join(path, 'new.'));
  const server = await listen(join(mine, listener));
  try {
    await rename(mine, join(path, `claim.${last + 1}`));
    // A process that was slow may have taken a number that had been used, and removed: then there is a higher one.
    if ((await lastNumber(path)) === last + 1) {
      await removeLeft(path, `claim.${last + 1}`);
      const earlierServer = await listen(join(path, earlier));
      return () => closed(earlierServer).then(() => closed(server));
    }
  } catch (error) {
    await closed(server);
    await remove(mine);
    throw error;
  }
  await closed(server);
  return undefined;
}

async function lastNumber(path: string): Promise<number> {
  const names = await readdir(path);
  return Math.max(0, ...names.map((name) => Number(claimed.exec(name)?.[1] ?? 0)));
}

/** Removes what processes have left that were killed, have ended, or are about to be refused. */
async function removeLeft(path: string, owner: string): Promise<void> {
  const left = (await readdir(path)).filter((name) => ours.test(name) && name !== owner);
  for (const name of left) await remove(join(path, name));
}

/** Removes a folder with its socket, or a socket. */
async function remove(path: string): Promise<void> {
  await removeSocket(join(path, listener));
  try {
    await rmdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') await removeSocket(path);
    else if (code !== 'ENOENT') throw error;
  }
}

/**
 * Removes a socket, if it is there. `rm` would examine it first, and then Node 20 could resolve paths of packages wrongly
 * that are loaded at the same time (`src/process/load-server.ts`).
 */
export async function removeSocket(path: string): Promise<void> {
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  });
}

async function listen(path: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(path, done);
  });
  return server.unref();
}

function closed(server: Server): Promise<void> {
  return new Promise((done) => server.close(() => done()));
}

function isListening(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) =>
      done(code !== 'ECONNREFUSED' && code !== 'ENOENT'),
    );
  });
}
