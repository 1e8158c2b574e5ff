import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { StoreUnavailable } from '../domain/oauth-error.js';
import { describeStartError } from './start-error.js';

/** How long after an attempt that failed the next one is made, in milliseconds. */
const retryMs = 1_000;

/**
 * Opens what a start needs, and tries again while it cannot be reached. The log says why.
 * @param attempts how often it is tried
 * @throws what the last attempt, or one that was refused, has thrown
 */
export async function withRetries<Opened>(
  open: () => Promise<Opened>,
  attempts: number,
  log: Logger,
): Promise<Opened> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || attempt === attempts) throw error;
      log.warn({ attempt, reason: describeStartError(error) }, 'retrying: the database cannot be reached');
    }
    await delay(retryMs);
  }
}
