import { EntityNotFoundError, QueryFailedError } from 'typeorm';
import { UsernameCollision } from '../../domain/directory-writer.js';
import { StoreUnavailable } from '../../domain/oauth-error.js';
import { poolerAdvice } from './database-refused.js';

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

/** Whether the session lacks a statement of its name, or has another one: it is no session of this connection alone. */
export function isForeignSession(error: unknown): boolean {
  return foreignSession.has((error as { code?: string } | null)?.code ?? '');
}

/** `duplicate_prepared_statement` and `invalid_sql_statement_name`. */
const foreignSession = new Set(['42P05', '26000']);

/** A pooler gives each transaction another connection, though the settings do not say so. */
export class SessionsMixed extends Error {
  readonly advice = poolerAdvice;

  /** @param code SQLSTATE of the error that showed it */
  constructor(readonly code: string | undefined) {
    super('The connection is no session.');
    this.name = 'SessionsMixed';
  }
}

/** SQLSTATE classes of errors in our own statement or data; all others mean that it is unavailable. */
const ourFault = /^(22|23|42)...$/;

/** The error as a port may throw it: errors of our own are unchanged, all others become StoreUnavailable. */
export function translated(error: unknown): unknown {
  if (error instanceof EntityNotFoundError || error instanceof UsernameCollision) return error;
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  const code = (cause as { code?: string } | null)?.code;
  if (isForeignSession(cause)) return new StoreUnavailable(new SessionsMixed(code));
  return typeof code === 'string' && ourFault.test(code) ? cause : new StoreUnavailable(cause);
}
