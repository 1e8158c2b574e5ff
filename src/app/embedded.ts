import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import {
  type EmbeddedDatabase,
  joinOrStartEmbedded,
  startEmbedded,
} from '../storage/embedded/embedded-database.js';

/**
 * Starts the embedded database of a server; undefined where the settings name a PostgreSQL server.
 * @throws DataFolderError when another process runs on the folder
 */
export function openForServer(config: Config, log: Logger): Promise<EmbeddedDatabase | undefined> {
  return open(config, log, startEmbedded);
}

/** As `openForServer`, for a command: if a server runs on the folder, the command joins its database. */
export function openForCommand(config: Config, log: Logger): Promise<EmbeddedDatabase | undefined> {
  return open(config, log, joinOrStartEmbedded);
}

/** A process cannot go on without its database: when that fails, the process ends. */
async function open(
  { database }: Config,
  log: Logger,
  start: (dataDir: string) => Promise<EmbeddedDatabase>,
): Promise<EmbeddedDatabase | undefined> {
  if (database.kind === 'server') return undefined;
  const embedded = await start(database.dataDir);
  void embedded.failed.then(({ message }) => {
    log.fatal(message);
    process.exit(1);
  });
  return embedded;
}
