import { EntityNotFoundError, QueryFailedError } from 'typeorm';
import { UsernameCollision } from '../../domain/directory-writer.js';
import { StoreUnavailable } from '../../domain/oauth-error.js';

/** Whether an established connection was lost. A refused new connection and a late answer do not count. */
export function isLostConnection(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return lostConnection.has(code ?? '') || message === 'Connection terminated unexpectedly';
}

/** The operating system's error codes, and the SQLSTATEs of a server that was shut down, has crashed, or has a time limit. */
const lostConnection = new Set(['ECONNRESET', 'EPIPE', '57P01', '57P02', '57P05']);

/** Whether a statement was rolled back for the sake of another one: then it may be sent again. */
export function isRolledBack(error: unknown): boolean {
  return rolledBack.has((error as { code?: string }).code ?? '');
}

/** Where the database's own isolation level is a higher one, and deadlocks. */
const rolledBack = new Set(['40001', '40P01']);

/** SQLSTATE classes of errors in our own statement or data; all others mean that it is unavailable. */
const ourFault = /^(22|23|42)...$/;

/** The error as a port may throw it: errors of our own are unchanged, all others become StoreUnavailable. */
export function translated(error: unknown): unknown {
  if (error instanceof EntityNotFoundError || error instanceof UsernameCollision) return error;
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  const code = (cause as { code?: unknown } | null)?.code;
  return typeof code === 'string' && ourFault.test(code) ? cause : new StoreUnavailable(cause);
}
