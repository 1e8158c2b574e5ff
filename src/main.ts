import { readFileSync } from 'node:fs';
import { type Config, readConfig } from './config.js';
import { ConfigError } from './settings.js';
import { createLog } from './log.js';
import { demoConfiguration } from './provisioning/demo.js';
import type { Source } from './provisioning/parse.js';
import { sentenceFor } from './start-error.js';
import { type EmbeddedDatabase, startEmbedded } from './storage/embedded/embedded-database.js';
import { welcome } from './welcome.js';

/** Serves from now until it is told to stop. */
async function main(): Promise<void> {
  const config = readConfig();
  const source = readSource(config);
  const log = createLog(config.logLevel);
  const signal = stopSignal();
  const embedded = startDatabase(config);
  // Loading Nest and TypeORM takes as long as the database's start, so the one does not wait for the other.
  const { serve } = await import('./serve.js');
  const server = await serve({ config, log, embedded }, source);
  log.info({ host: config.host, port: server.port, tokenStore: config.tokenStore }, 'listening');
  if (config.tokenStore === 'memory') log.warn('tokens are kept in memory: they end with this process');
  if (config.demo) process.stdout.write(welcome(config, server.port));
  log.info({ signal: await signal }, 'stopping');
  await server.stop();
  log.info('stopped');
}

/** The configuration file to apply, or the demo where that is what is served. */
function readSource({ configFile, demo }: Config): Source | undefined {
  if (configFile === undefined) return demo ? demoConfiguration : undefined;
  try {
    return { file: configFile, text: readFileSync(configFile, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError([`CONFIG_FILE: the file cannot be read (${code})`]);
  }
}

/** The first signal to stop. One that comes during the start waits for its end; the same again ends the process. */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}

function startDatabase({ database }: Config): Promise<EmbeddedDatabase> | undefined {
  if (database.kind === 'server') return undefined;
  const starting = startEmbedded(database.dataDir);
  starting.catch(() => {}); // It is heard by whoever waits for the database.
  return starting;
}

main().then(
  () => process.exit(0),
  // Whatever has been started may be cut off: committed data is safe, and a database half made is made anew.
  (error: unknown) => {
    process.stderr.write(`symbolon: ${sentenceFor(error)}\n`);
    process.exit(1);
  },
);
