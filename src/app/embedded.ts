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
  return open(config, log, (dataDir) =>
    startEmbedded(dataDir, (reason) => {
      log.warn(
        { reason },
        'no template of the embedded database: the first start takes more time and memory',
      );
    }),
  );
}

/**
 * As `openForServer`, for a command: if a server runs on the folder, the command joins its database.
 * @param create whether a database is made where there is none
 * @throws DataFolderError when there is none, or the folder cannot be used
 */
export function openForCommand(
  config: Config,
  log: Logger,
  create: boolean,
): Promise<EmbeddedDatabase | undefined> {
  return open(config, log, (dataDir) => joinOrStartEmbedded(dataDir, create));
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
