import type { Logger } from 'pino';
import { ConflictingChanges, StoreUnavailable } from '../domain/oauth-error.js';

/** An error of a store's driver. */
interface StoreError extends NodeJS.ErrnoException {
  /** The node of a store with several that was asked: `host:port`. */
  readonly coordinator?: string;
  /** What an operator should do, in fixed words. */
  readonly advice?: string;
}

/**
 * Logs an error that is not a refusal: a store that is unavailable and changes that met others as a warning, a mistake
 * of ours as an error. It logs name, code and stack frames alone, because the message of a driver's error may quote what a
 * caller sent.
 */
export function logFault(log: Logger, error: unknown): void {
  const cause = error instanceof StoreUnavailable ? error.cause : error;
  const { name, code, stack, coordinator, advice } = cause instanceof Error ? (cause as StoreError) : {};
  const frames = stack?.split('\n').filter((line) => line.startsWith('    at '));
  if (error instanceof ConflictingChanges) log.warn({ fault: name, code }, 'conflicting changes');
  else if (error instanceof StoreUnavailable)
    log.warn({ fault: name, code, coordinator, advice }, 'store unavailable');
  else log.error({ fault: name ?? typeof error, code, frames }, 'unexpected error');
}
