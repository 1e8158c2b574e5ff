import { Worker } from 'node:worker_threads';
import { channel } from '../postgres/notification.js';
import { claimFolder, type DataFolder, dataFolder, DataFolderError, withData } from './folder.js';

/** An embedded PostgreSQL that can be spoken to through a unix socket. */
export interface EmbeddedDatabase {
  /** The folder of its socket `.s.PGSQL.5432`: what a PostgreSQL client takes as `host`. */
  readonly host: string;
  /** Resolves with the reason if it stops without having been asked to. Never rejects. */
  readonly failed: Promise<Error>;
  /** Has the payload of every notification told, whichever connection it came from; nothing where another process runs it. */
  onNotification(listener: (payload: string) => void): void;
  /** Stops it, if this process runs it. */
  close(): Promise<void>;
}

/** Every client of an embedded database is this user of this database. */
export const embeddedLogin = { username: 'postgres', database: 'postgres' } as const;

/** Milliseconds that a statement under way may delay the close. Then it is cut off: nothing committed is lost. */
const closeMs = 2000;

/**
 * Runs the database of this folder in a thread of this process, and resolves when it takes connections.
 * @throws DataFolderError when another process runs it already
 */
export async function startEmbedded(dataDir: string): Promise<EmbeddedDatabase> {
  const folder = dataFolder(dataDir);
  const release = await claimFolder(folder);
  try {
    const database = await withData(folder, () => startWorker(folder));
    return {
      ...database,
      async close() {
        await database.close();
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

async function startWorker(folder: DataFolder): Promise<EmbeddedDatabase> {
  const argv = [folder.data, folder.socket, channel];
  const worker = new Worker(new URL('./worker.js', import.meta.url), { argv });
  const exited = new Promise<void>((done) => worker.once('exit', () => done()));
  let closing = false;
  const failed = new Promise<Error>((report) => {
    worker.once('error', report);
    worker.once('exit', (code) => {
      if (!closing) report(new Error(`The embedded database ended with code ${code}.`));
    });
  });
  await Promise.race([
    new Promise((ready) => worker.once('message', ready)),
    failed.then((error) => Promise.reject(error)),
  ]);
  return {
    host: folder.path,
    failed,
    onNotification(listener) {
      worker.on('message', ({ payload }: { payload: string }) => listener(payload));
    },
    async close() {
      closing = true;
      worker.postMessage('close');
      const patience = setTimeout(() => void worker.terminate(), closeMs);
      await exited;
      clearTimeout(patience);
    },
  };
}

/** The database of this folder for a command: the one that a server runs there, or else one of its own. */
export async function joinOrStartEmbedded(dataDir: string): Promise<EmbeddedDatabase> {
  try {
    return await startEmbedded(dataDir);
  } catch (error) {
    if (!(error instanceof DataFolderError && error.taken)) throw error;
    return {
      host: dataFolder(dataDir).path,
      failed: new Promise(() => {}),
      onNotification: () => {},
      close: async () => {},
    };
  }
}
