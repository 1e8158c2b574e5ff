import type { Logger } from 'pino';
import { beginForServer } from '../app/embedded.js';
import type { Config } from '../config/config.js';
import { warnOfSettings } from './setting-warnings.js';
import { readSource } from './configuration-source.js';
import { demoBanner } from './demo-banner.js';
import { onReload } from './hangup.js';
import { loadServer } from './load-server.js';

/** Serves alone until `stopRequested` resolves. */
export async function runSingle(
  config: Config,
  log: Logger,
  stopRequested: Promise<NodeJS.Signals>,
): Promise<void> {
  const { host, tokenStore } = config;
  const source = readSource(config);
  const { opened } = await beginForServer(config, log);
  const { serve, listenForAdmin } = await loadServer();
  const embedded = await opened;
  const server = await serve({ config, log, embedded }, { source }, listenForAdmin);
  onReload(config, () => server.reloadTls());
  log.info({ host, port: server.port, adminPort: server.adminPort, tokenStore }, 'listening');
  warnOfSettings(config, log);
  if (tokenStore === 'memory') log.warn('tokens are kept in memory: they end with this process');
  if (config.demo) process.stdout.write(demoBanner(config, server));
  log.info({ signal: await stopRequested }, 'stopping');
  await server.stop();
  log.info('stopped');
}
