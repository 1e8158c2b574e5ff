import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { readSource } from './configuration-source.js';
import { Workers } from './workers.js';

/** Starts the workers, and stops them when `stopRequested` resolves. */
export async function runPrimary(
  config: Config,
  log: Logger,
  stopRequested: Promise<NodeJS.Signals>,
): Promise<void> {
  const { host, tokenStore } = config;
  readSource(config); // Only to refuse an unreadable file before any worker is started.
  const workers = new Workers(config.workers, log);
  const port = await Promise.race([workers.start(), stopRequested.then(() => undefined)]);
  if (port !== undefined) log.info({ host, port, tokenStore, workers: config.workers }, 'listening');
  log.info({ signal: await stopRequested }, 'stopping');
  await workers.stop();
  log.info('stopped');
}
