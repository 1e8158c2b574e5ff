import { errors } from 'cassandra-driver';
import { ClusterUnavailable } from './cluster-errors.js';

/** Error codes of the native protocol (§9 of its specification) that matter here. */
export const errorCodes = {
  badCredentials: 0x0100,
  syntaxError: 0x2000,
  unauthorized: 0x2100,
  invalid: 0x2200,
  configError: 0x2300,
  alreadyExists: 0x2400,
};

/** What a node answers to a mistake in our statements, in our values, or in what we may do. */
const ourFaults = new Set([
  errorCodes.syntaxError,
  errorCodes.unauthorized,
  errorCodes.invalid,
  errorCodes.configError,
  errorCodes.alreadyExists,
]);

/** What the driver refuses of what we pass to it. */
const misuses = [errors.ArgumentError, errors.NotSupportedError, errors.VIntOutOfRangeException];

/** Codes of the operating system, of name lookups, of streams and of TLS. */
const ofSocket =
  /^(E[A-Z]+$|EAI_|ERR_(STREAM|SOCKET|TLS|SSL|OSSL)_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_)/;

/** Errors about a connection that the driver makes as plain ones. */
const ofConnection =
  /^(Connection (closed|was unable)|No connection available|The operation was already cancelled|Received invalid opcode)/;

/** Whether a node answered with this code. */
export function isResponse(error: unknown, code: number): boolean {
  return error instanceof errors.ResponseError && error.code === code;
}

/**
 * The error as a port may throw it. The driver's errors that are not about our statement or our values, and those of the
 * socket, become ClusterUnavailable: after those it is not known whether a statement had an effect. All others are
 * mistakes of ours, and unchanged.
 */
export function translated(error: unknown): unknown {
  if (error instanceof errors.ResponseError && ourFaults.has(error.code)) return error;
  if (misuses.some((kind) => error instanceof kind)) return error;
  return isOfCluster(error) ? new ClusterUnavailable(error) : error;
}

function isOfCluster(error: unknown): boolean {
  if (error instanceof errors.DriverError || error instanceof TooMuchUnderWay) return true;
  const { name, code, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (typeof code === 'string') return ofSocket.test(code);
  return name === 'Error' && ofConnection.test(message);
}

/** So much is under way that the driver could only queue more of it. */
export class TooMuchUnderWay extends Error {
  constructor() {
    super('Too much is under way at the cluster.');
    this.name = 'TooMuchUnderWay';
  }
}

/** Something took longer than a caller may wait for it. */
export class DeadlinePassed extends Error {
  constructor() {
    super('The deadline has passed.');
    this.name = 'DeadlinePassed';
  }
}
