import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { isLoopback } from '../config/issuer.js';

/** Warns of what the settings open to others than this machine, and of settings that are probably not meant. */
export function warnOfSettings(
  { host, demo, operations: { admin }, tls, warnings }: Config,
  log: Logger,
): void {
  for (const warning of warnings) log.warn(warning);
  if (demo && !isLoopback(host)) {
    log.warn({ host }, 'DEMO=on serves the demo beyond loopback: everybody knows its passwords and secrets');
  }
  // Anybody on the network could read its tokens.
  if (admin && !tls && !isLoopback(admin.host)) {
    log.warn({ adminHost: admin.host }, 'the operator’s listener is open beyond loopback without TLS');
  }
}
