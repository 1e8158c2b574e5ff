import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { claim, removeSocket } from './claim.js';

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
  /** The folder of `DATA_DIR`, with its full path. Others may have access to it. */
  readonly root: string;
  /** The folder of the data, the socket and the claim, with access for its user only. */
  readonly path: string;
  /** PostgreSQL's own files. */
  readonly data: string;
  /** A file that exists while PostgreSQL's own files are created for the first time. */
  readonly making: string;
  /** PostgreSQL's unix socket, under the name that its clients expect in a folder. */
  readonly socket: string;
}

/** The kernel's limit is 104 bytes on macOS and 108 on Linux, terminator included. */
const maxSocketPathBytes = 100;

/**
 * The private folder is `db` in the folder of `DATA_DIR`. Earlier versions used the folder itself: their data stays there.
 * @throws DataFolderError when a socket within the folder would have too long a path
 */
export function dataFolder(dataDir: string): DataFolder {
  const root = resolve(dataDir);
  const own = join(root, 'db');
  const path = existsSync(join(root, 'pgdata')) && !existsSync(join(own, 'pgdata')) ? root : own;
  const socket = join(path, '.s.PGSQL.5432');
  const excess = Buffer.byteLength(socket) - maxSocketPathBytes;
  if (excess > 0) {
    throw new DataFolderError(
      `DATA_DIR: the path ${root} is ${excess} bytes too long for the database's socket within it.`,
    );
  }
  return { root, path, data: join(path, 'pgdata'), making: join(path, 'making'), socket };
}

/** Whether a database has been made in this folder. */
export function holdsDatabase({ data, making }: DataFolder): boolean {
  return existsSync(data) && !existsSync(making);
}

/**
 * Makes the private folder (mode 0700) if need be and claims it for this process.
 * @returns a function that releases the claim
 * @throws DataFolderError when another process has claimed it, or it cannot be made private
 */
export async function claimFolder(folder: DataFolder): Promise<() => Promise<void>> {
  await makePrivate(folder);
  const release = await claim(folder.path);
  if (!release) throw new DataFolderError(`DATA_DIR: another process is running on ${folder.root}.`, true);
  // The socket of a process that was killed.
  await removeSocket(folder.socket);
  return release;
}

async function makePrivate({ root, path }: DataFolder): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await chmod(path, 0o700);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new DataFolderError(`DATA_DIR: ${path} cannot be made a folder of this user's own (${code}).`);
  }
  if (path === root) return;
  const { uid } = await lstat(path);
  // The owner of a folder can always open what is in it. Root may change the mode of anybody's folder.
  if (uid !== process.geteuid?.()) {
    throw new DataFolderError(
      `DATA_DIR: ${path} belongs to another user (${uid}), who could open the database.`,
    );
  }
}

/**
 * Starts PostgreSQL on a claimed folder. If the first start was interrupted, its files are no usable
 * database: they are removed and created again.
 * @param start is told whether there is no database yet
 */
export async function withData<Result>(
  folder: DataFolder,
  start: (first: boolean) => Promise<Result>,
): Promise<Result> {
  const first = !holdsDatabase(folder);
  if (first) {
    await writeFile(folder.making, '');
    await rm(folder.data, { recursive: true, force: true });
  }
  const result = await start(first);
  if (first) await rm(folder.making);
  return result;
}
