import { claimFolder, dataFolder } from '../../src/storage/embedded/folder.js';
import type { Connection } from '../../src/storage/postgres/data-source.js';
import { startDatabase } from '../storage/running-database.js';
import { TestApp, type TestAppOptions } from './app.js';
import { temporaryFolder } from './database.js';
import { targetOf, Wire } from './wire.js';

/** An application whose database can be taken away. */
export interface AppBehindWire {
  readonly app: TestApp;
  readonly database: Pick<Wire, 'refuse' | 'hang' | 'restore' | 'cutAtCommit'>;
  stop(): Promise<void>;
}

/** Starts an application with a wire between it and its database, embedded or not. */
export async function startBehindWire(options: TestAppOptions): Promise<AppBehindWire> {
  const running = await startDatabase();
  const { wire, settings, close } = await between(running.connection);
  const app = await TestApp.start({ ...options, settings: { ...options.settings, ...settings } });
  const stop = async () => {
    await app.stop();
    await close();
    await running.stop();
  };
  return { app, database: wire, stop };
}

interface Between {
  readonly wire: Wire;
  /** They name the database behind the wire. */
  readonly settings: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

async function between(connection: Connection): Promise<Between> {
  if ('url' in connection) {
    const wire = await Wire.to(connection);
    return { wire, settings: { DATABASE_URL: wire.through(connection).url }, close: () => wire.close() };
  }
  // A folder that looks like the one in which the database runs.
  const folder = dataFolder(await temporaryFolder());
  const release = await claimFolder(folder);
  const wire = await Wire.open(targetOf(connection), { path: folder.socket });
  const close = async () => {
    await wire.close();
    await release();
  };
  return { wire, settings: { DATA_DIR: folder.root }, close };
}
