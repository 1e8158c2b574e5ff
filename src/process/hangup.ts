import { isatty } from 'node:tty';
import type { Config } from '../config/config.js';

/** Found out at the start: a terminal that has hung up is none any more. */
const terminal = [0, 1, 2].some((descriptor) => isatty(descriptor));

/**
 * Whether SIGHUP asks for renewed TLS files to be taken up, as it does for other servers. Where a terminal is attached it
 * means that the terminal is gone, and without TLS there is nothing to take up: then the server stops.
 */
function reloadsOnHangup({ tls }: Config): boolean {
  return tls !== undefined && !terminal;
}

/**
 * Resolves at a SIGHUP that stops the server. From the call on, one that does not stop it does not end the process either, as
 * Node would by itself.
 */
export function stopOnHangup(config: Config): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    if (reloadsOnHangup(config)) process.on('SIGHUP', () => {});
    else process.once('SIGHUP', resolve);
  });
}

/** Calls the listener at each SIGHUP that asks for renewed TLS files. */
export function onReload(config: Config, reload: () => void): void {
  if (reloadsOnHangup(config)) process.on('SIGHUP', reload);
}
