import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import {
  type EmbeddedDatabase,
  joinOrStartEmbedded,
  startEmbedded,
} from '../storage/embedded/embedded-database.js';

/**
 * Begins the start of a server's embedded database. From then on its thread needs nothing of this one, which may be blocked.
 * @returns what resolves with the database when it takes connections; with undefined where the settings name a PostgreSQL
 *   server
 * @throws DataFolderError when another process runs on the folder
 */
export function beginForServer(
  config: Config,
  log: Logger,
): Promise<{ readonly opened: Promise<EmbeddedDatabase | undefined> }> {
  return new Promise((resolve, reject) => {
    const noTemplate = (reason: string) =>
      log.warn(
        { reason },
        'no template of the embedded database: the first start takes more time and memory',
      );
    const opened = open(config, log, (dataDir) =>
      startEmbedded(dataDir, { begun: () => resolve({ opened }), noTemplate }),
    );
    opened.then(() => resolve({ opened }), reject);
  });
}

/**
 * The embedded database for a command, undefined as above: if a server runs on the folder, the command joins its database.
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
