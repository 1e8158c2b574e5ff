import { existsSync } from 'node:fs';
import { chmod, mkdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join, resolve } from 'node:path';

/** Why a data folder can't be used; the message is one sentence for the operator. */
export class DataFolderError extends Error {
  /** @param taken whether another process is running on the folder */
  constructor(
    message: string,
    readonly taken = false,
  ) {
    super(message);
    this.name = 'DataFolderError';
  }
}

/** The paths within a data folder. */
export interface DataFolder {
  readonly path: string;
  /** PostgreSQL's own files. */
  readonly data: string;
  /** A file that exists while PostgreSQL's own files are created for the first time. */
  readonly making: string;
  /** PostgreSQL's unix socket, under the name that its clients expect in a folder. */
  readonly socket: string;
  /** A unix socket. The process that listens on it owns the folder, until it ends in whatever way. */
  readonly claim: string;
}

/** The kernel's limit is 104 bytes on macOS and 108 on Linux, terminator included. */
const maxSocketPathBytes = 100;

/** @throws DataFolderError when a socket within the folder would have too long a path */
export function dataFolder(dataDir: string): DataFolder {
  const path = resolve(dataDir);
  const socket = join(path, '.s.PGSQL.5432');
  const excess = Buffer.byteLength(socket) - maxSocketPathBytes;
  if (excess > 0) {
    throw new DataFolderError(
      `DATA_DIR: the path ${path} is ${excess} bytes too long for the database's socket within it.`,
    );
  }
  return {
    path,
    data: join(path, 'pgdata'),
    making: join(path, 'making'),
    socket,
    claim: join(path, 'claim'),
  };
}

/**
 * Makes the folder (mode 0700) if need be and claims it for this process.
 * @returns a function that releases the claim
 * @throws DataFolderError when another process has claimed it, or it cannot be made private
 */
export async function claimFolder(folder: DataFolder): Promise<() => Promise<void>> {
  await makePrivate(folder.path);
  const gate = join(folder.path, 'claiming');
  // Only one process at a time may pass: two that both found a stale claim would remove each other's new one.
  await mkdir(gate).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new DataFolderError(
      `DATA_DIR: another process is starting on ${folder.path}; if none is, remove ${gate} and start again.`,
      true,
    );
  });
  try {
    if (await isListening(folder.claim)) {
      throw new DataFolderError(`DATA_DIR: another process is running on ${folder.path}.`, true);
    }
    await rm(folder.claim, { force: true });
    await rm(folder.socket, { force: true });
    return await listen(folder.claim);
  } finally {
    await rmdir(gate);
  }
}

async function makePrivate(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await chmod(path, 0o700);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new DataFolderError(`DATA_DIR: ${path} cannot be made a folder of this user's own (${code}).`);
  }
}

/**
 * Starts PostgreSQL on a claimed folder. If the first start was interrupted, its files are no usable
 * database: they are removed and created again.
 */
export async function withData<Result>(folder: DataFolder, start: () => Promise<Result>): Promise<Result> {
  const first = existsSync(folder.making) || !existsSync(folder.data);
  if (first) {
    await writeFile(folder.making, '');
    await rm(folder.data, { recursive: true, force: true });
  }
  const result = await start();
  if (first) await rm(folder.making);
  return result;
}

async function listen(path: string): Promise<() => Promise<void>> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(path, done);
  });
  server.unref();
  return () => new Promise((done) => server.close(() => done()));
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
