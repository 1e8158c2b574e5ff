import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { type Config, readConfig } from './config/config.js';
import { SettingsError } from './config/settings.js';
import { createLog } from './observability/log.js';
import { demoConfiguration } from './provisioning/demo.js';
import type { Source } from './provisioning/parse.js';
import { describeStartError } from './app/start-error.js';
import { type EmbeddedDatabase, startEmbedded } from './storage/embedded/embedded-database.js';
import { demoBanner } from './process/demo-banner.js';
import { isFirstWorker, isWorker, tellPrimary, toldToStop, untilStop, Workers } from './process/workers.js';

/** Serves from now until it is told to stop: by itself, by workers, or as one of them. */
async function main(): Promise<void> {
  const config = readConfig();
  const log = createLog(config.logLevel);
  const signal = stopSignal();
  if (isWorker) await work(config, log, signal);
  else if (config.workers > 1) await lead(config, log, signal);
  else await serveAlone(config, log, signal);
}

async function serveAlone(config: Config, log: Logger, signal: Promise<NodeJS.Signals>): Promise<void> {
  const source = readSource(config);
  const embedded = startDatabase(config);
  // Loading Nest and TypeORM takes as long as the database's start, so the one does not wait for the other.
  const { serve } = await import('./process/serve.js');
  const server = await serve({ config, log, embedded }, { source });
  log.info({ host: config.host, port: server.port, tokenStore: config.tokenStore }, 'listening');
  if (config.tokenStore === 'memory') log.warn('tokens are kept in memory: they end with this process');
  if (config.demo) process.stdout.write(demoBanner(config, server.port));
  log.info({ signal: await signal }, 'stopping');
  await server.stop();
  log.info('stopped');
}

/** As the primary: starts workers and speaks for them. */
async function lead(config: Config, log: Logger, signal: Promise<NodeJS.Signals>): Promise<void> {
  const { host, tokenStore } = config;
  readSource(config); // Only to refuse it before anything is started.
  const workers = new Workers(config.workers, log);
  const port = await Promise.race([workers.start(), signal.then(() => undefined)]);
  if (port !== undefined) log.info({ host, port, tokenStore, workers: config.workers }, 'listening');
  log.info({ signal: await signal }, 'stopping');
  await workers.stop();
  log.info('stopped');
}

/** As a worker. The first one opens for all: who comes later, or in place of another, finds the file applied. */
async function work(config: Config, log: Logger, signal: Promise<NodeJS.Signals>): Promise<void> {
  const told = toldToStop();
  const opening = isFirstWorker ? { source: readSource(config) } : undefined;
  const { serve } = await import('./process/serve.js');
  const server = await serve({ config, log }, opening);
  await untilStop(signal, told);
  await server.stop();
}

/** The configuration file to apply, or the demo where that is what is served. */
function readSource({ configFile, demo }: Config): Source | undefined {
  if (configFile === undefined) return demo ? demoConfiguration : undefined;
  try {
    return { file: configFile, text: readFileSync(configFile, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SettingsError([`CONFIG_FILE: the file cannot be read (${code})`]);
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
  async (error: unknown) => {
    const sentence = describeStartError(error);
    if (isWorker) await tellPrimary(sentence);
    else process.stderr.write(`symbolon: ${sentence}\n`);
    process.exit(1);
  },
);
