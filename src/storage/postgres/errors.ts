import { DatabaseError } from 'pg';
import { QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm';
import { ConflictingChanges, StoreUnavailable } from '../../domain/oauth-error.js';
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
  return rolledBack.has((causeOf(error) as { code?: string } | null)?.code ?? '');
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

/** Whether the answer of a statement has not come in time: the statement may still run. */
export function isLateAnswer(error: unknown): boolean {
  return (error as { message?: string }).message === 'Query read timeout';
}

/**
 * SQLSTATEs of errors in our own statement, data or order of statements; all others mean that it is unavailable. Of class 25
 * only these: the others are a standby, and time limits.
 */
const ourFault = /^((21|22|23|42|54)...|25001|25P0[12])$/;

/** Codes of the operating system, of name lookups, of streams and of TLS. A code of a wrong argument is not among them. */
const ofSocket =
  /^(E[A-Z]+$|EAI_|ERR_(STREAM|SOCKET|TLS|SSL|OSSL)_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_)/;

/** Errors that the driver makes itself are plain ones. These are about the connection, and not about what we pass. */
const ofConnection =
  /^(Connection terminated|Query read timeout|timeout |Client (has encountered|was closed)|Cannot use a pool after|Received unexpected |The server does not support SSL|There was an error establishing an SSL|SASL: )/;

/**
 * The error as a port may throw it. Of PostgreSQL's errors those that are not about our statement, those of the socket
 * and those of the connection become StoreUnavailable. All others are mistakes of ours, and unchanged.
 */
export function translated(error: unknown): unknown {
  const cause = causeOf(error);
  // TypeORM has returned a lost connection to the pool.
  if (cause instanceof QueryRunnerAlreadyReleasedError) return new StoreUnavailable(cause);
  if (isRolledBack(cause)) return new ConflictingChanges(cause);
  if (isForeignSession(cause)) return new StoreUnavailable(new SessionsMixed((cause as DatabaseError).code));
  if (cause instanceof DatabaseError) {
    return ourFault.test(cause.code ?? '') ? cause : new StoreUnavailable(cause);
  }
  return isOfConnection(cause) ? new StoreUnavailable(cause) : cause;
}

/** The driver's error, where TypeORM has wrapped it. */
function causeOf(error: unknown): unknown {
  return error instanceof QueryFailedError ? error.driverError : error;
}

function isOfConnection(error: unknown): boolean {
  const { name, code, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (typeof code === 'string') return ofSocket.test(code);
  return name === 'Error' && ofConnection.test(message);
}
