import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { readSource } from './configuration-source.js';
import { warnOfSettings } from './setting-warnings.js';
import { AdminPort } from './admin-port.js';
import { onReload } from './hangup.js';
import { Workers } from './workers.js';

/** Starts the workers, and stops them when `stopRequested` resolves. */
export async function runPrimary(
  config: Config,
  log: Logger,
  stopRequested: Promise<NodeJS.Signals>,
): Promise<void> {
  const { host, tokenStore } = config;
  readSource(config); // Only to refuse an unreadable file before any worker is started.
  const admin = config.operations.admin && new AdminPort(config.operations.admin, log);
  const workers = new Workers(config.workers, log, admin);
  const ports = await Promise.race([start(workers, admin), stopRequested.then(() => undefined)]);
  onReload(config, () => workers.reloadTls());
  if (ports) {
    log.info({ host, ...ports, tokenStore, workers: config.workers }, 'listening');
    warnOfSettings(config, log);
  }
  log.info({ signal: await stopRequested }, 'stopping');
  admin?.close();
  await workers.stop();
  log.info('stopped');
}

/**
 * Opens the public port, then the operator's.
 * @throws StartFailed when either fails; no worker is left then
 */
async function start(
  workers: Workers,
  admin: AdminPort | undefined,
): Promise<{ readonly port: number; readonly adminPort?: number }> {
  const port = await workers.start();
  try {
    return { port, adminPort: await admin?.listen() };
  } catch (error) {
    await workers.stop();
    throw error;
  }
}
