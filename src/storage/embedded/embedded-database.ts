import { Worker } from 'node:worker_threads';
import { channel } from '../postgres/notification.js';
import {
  claimFolder,
  type DataFolder,
  dataFolder,
  DataFolderError,
  holdsDatabase,
  withData,
} from './folder.js';

/** An embedded PostgreSQL that is reached through a unix socket. */
export interface EmbeddedDatabase {
  /** The folder of its socket `.s.PGSQL.5432`: what a PostgreSQL client takes as `host`. */
  readonly host: string;
  /** Resolves with the reason if the database stops before `close` is called. Never rejects. */
  readonly failed: Promise<Error>;
  /** Calls the listener with each notification's payload; never where another process runs the database. */
  onNotification(listener: (payload: string) => void): void;
  /** Stops it, if this process runs it. */
  close(): Promise<void>;
}

/** Every client of an embedded database is this user of this database. */
export const embeddedLogin = { username: 'postgres', database: 'postgres' } as const;

/** Milliseconds that a running statement may delay the close; then it is aborted. No commit is lost. */
const closeMs = 2000;

/** What is told of a start while it is under way. */
export interface StartObserver {
  /** The thread runs. */
  begun?(): void;
  /** Making the database takes long, and much memory. */
  noTemplate?(reason: string): void;
}

/**
 * Runs the database of this folder in a thread of this process, and resolves when it takes connections. Where there is
 * none, it is made.
 * @throws DataFolderError when another process runs it already, or the folder cannot be used
 */
export async function startEmbedded(
  dataDir: string,
  observer: StartObserver = {},
): Promise<EmbeddedDatabase> {
  if (process.platform === 'win32') {
    const reason = 'the embedded database needs a unix socket, which Windows lacks; set DATABASE_URL';
    throw new DataFolderError(`DATA_DIR: ${reason}`);
  }
  const folder = dataFolder(dataDir);
  const release = await claimFolder(folder);
  try {
    const database = await withData(folder, (first) => startWorker(folder, first, observer));
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

/** What the thread posts: that it takes connections, a notification, or why the files of a new database are made anew. */
type WorkerMessage = 'ready' | { readonly payload: string } | { readonly noTemplate: string };

async function startWorker(
  folder: DataFolder,
  first: boolean,
  observer: StartObserver,
): Promise<EmbeddedDatabase> {
  const argv = [folder.data, folder.socket, channel, first ? 'first' : 'later'];
  const worker = new Worker(new URL('./worker.js', import.meta.url), { argv });
  const exited = new Promise<void>((done) => worker.once('exit', () => done()));
  let closing = false;
  const failed = new Promise<Error>((report) => {
    worker.once('error', report);
    worker.once('exit', (code) => {
      if (!closing) report(new Error(`The embedded database ended with code ${code}.`));
    });
  });
  const started = Promise.race([ready(worker, observer), failed.then((error) => Promise.reject(error))]);
  observer.begun?.();
  await started;
  return {
    host: folder.path,
    failed,
    onNotification(listener) {
      worker.on('message', (message: WorkerMessage) => {
        if (message !== 'ready' && 'payload' in message) listener(message.payload);
      });
    },
    async close() {
      closing = true;
      worker.postMessage('close');
      const deadline = setTimeout(() => void worker.terminate(), closeMs);
      await exited;
      clearTimeout(deadline);
    },
  };
}

/** Resolves when the thread takes connections. */
function ready(worker: Worker, observer: StartObserver): Promise<void> {
  return new Promise((done) => {
    worker.on('message', (message: WorkerMessage) => {
      if (message === 'ready') done();
      else if ('noTemplate' in message) observer.noTemplate?.(message.noTemplate);
    });
  });
}

/**
 * The database of this folder for a command: joins the one that a server runs there, or else starts it.
 * @param create whether it is made where there is none
 * @throws DataFolderError when there is none, or the folder cannot be used
 */
export async function joinOrStartEmbedded(dataDir: string, create = true): Promise<EmbeddedDatabase> {
  const folder = dataFolder(dataDir);
  if (!create && !holdsDatabase(folder)) {
    const cure = 'a start of the server makes one, and so does symbolon apply --create';
    throw new DataFolderError(`DATA_DIR: there is no embedded database in ${folder.root}; ${cure}.`);
  }
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
