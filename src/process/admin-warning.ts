import type { Logger } from 'pino';
import { type Config, isLoopback } from '../config/config.js';

/** Warns of an operator's listener whose tokens anybody on the network can read. */
export function warnOfOpenAdmin({ operations: { admin }, tls }: Config, log: Logger): void {
  if (!admin || tls || isLoopback(admin.host)) return;
  log.warn({ adminHost: admin.host }, 'the operator’s listener is open beyond loopback without TLS');
}
