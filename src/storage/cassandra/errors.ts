import { errors } from 'cassandra-driver';
import { StoreUnavailable } from '../../domain/oauth-error.js';
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

/** The driver refuses a value that it cannot encode with one of these. */
const encodingErrors = [TypeError, RangeError];

/** Whether a node answered with this code. */
export function isResponse(error: unknown, code: number): boolean {
  return error instanceof errors.ResponseError && error.code === code;
}

/**
 * The error as a port may throw it: errors of our own are unchanged, all others become ClusterUnavailable. After those
 * it is not known whether a statement had an effect.
 */
export function translated(error: unknown): unknown {
  if (error instanceof StoreUnavailable || encodingErrors.some((kind) => error instanceof kind)) return error;
  const ours = error instanceof errors.ResponseError && ourFaults.has(error.code);
  return ours ? error : new ClusterUnavailable(error);
}

/** Something took longer than a caller may wait for it. */
export class DeadlinePassed extends Error {
  constructor() {
    super('The deadline has passed.');
    this.name = 'DeadlinePassed';
  }
}
