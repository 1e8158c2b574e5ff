import { SettingsError } from '../config/setting-reader.js';
import { AdminTokenRefused } from '../domain/admin-token.js';
import { ConflictingChanges, StoreUnavailable } from '../domain/oauth-error.js';
import { SecretRefused } from '../domain/secret-refusal.js';
import { TooManyTokenKeys } from '../domain/token-key.js';
import { ConfigurationFileError } from '../provisioning/problems.js';
import { CassandraStartError, ClusterUnavailable } from '../storage/cassandra/cluster-errors.js';
import { DataFolderError } from '../storage/embedded/folder.js';
import { outageOf } from '../storage/postgres/open-errors.js';
import { DatabaseRefused, DirectUnavailable } from '../storage/postgres/database-refused.js';

/** The start failed for a reason that is known; the message is the reason, of a worker that which it gave. */
export class StartFailed extends Error {
  /** @param unreachable whether it failed for an outage of a store */
  constructor(
    reason: string,
    readonly unreachable = false,
  ) {
    super(reason);
    this.name = 'StartFailed';
  }
}

/** Why the operator's listener could not be opened: a taken port as a reason for the operator, any other error as it is. */
export function adminListenFailure(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return isListenFailure(error)
    ? new StartFailed(`ADMIN_PORT, ADMIN_HOST: cannot listen there (${code})`)
    : error;
}

/** Whether an address could not be listened on. A worker's port is opened by the primary: it gets a failure of `bind`. */
function isListenFailure(error: unknown): boolean {
  const { syscall = '' } = (error ?? {}) as NodeJS.ErrnoException;
  return ['listen', 'bind', 'getaddrinfo'].includes(syscall);
}

/** Errors whose message is written for the operator, and holds no secret. */
const plain = [
  SettingsError,
  ConfigurationFileError,
  DataFolderError,
  CassandraStartError,
  DatabaseRefused,
  StartFailed,
  TooManyTokenKeys,
  AdminTokenRefused,
  SecretRefused,
];

/** Whether a command failed for a database or a cluster that it did not reach. */
export function isOutage(error: unknown): boolean {
  if (error instanceof ConflictingChanges) return false;
  if (error instanceof CassandraStartError) return error.unreachable;
  return error instanceof StoreUnavailable || error instanceof DataFolderError;
}

/** The exit status of a failed start, as a command's: 3 where the database or the cluster cannot be reached, else 1. */
export function startStatus(error: unknown): 1 | 3 {
  if (error instanceof StoreUnavailable) return 3;
  const known = error instanceof StartFailed || error instanceof CassandraStartError;
  return known && error.unreachable ? 3 : 1;
}

/** Why a start or a command failed, in words that an operator can act on and that hold nothing secret. */
export function describeStartError(error: unknown): string {
  if (plain.some((kind) => error instanceof kind)) return (error as Error).message;
  const cause: unknown = error instanceof StoreUnavailable ? error.cause : error;
  const { name, code, stack } = (cause ?? {}) as NodeJS.ErrnoException;
  if (error instanceof ClusterUnavailable) {
    return `CASSANDRA_CONTACT_POINTS: the cluster cannot be reached (${code ?? name})`;
  }
  if (error instanceof ConflictingChanges) {
    return `another change went on at the same time, so nothing was changed; run it again`;
  }
  if (error instanceof StoreUnavailable) {
    return outageOf(cause, error instanceof DirectUnavailable ? 'CHANGE_FEED_URL' : 'DATABASE_URL');
  }
  if (isListenFailure(cause)) return `PORT, HOST: cannot listen there (${code})`;
  const frames = stack?.split('\n').filter((line) => line.startsWith('    at ')) ?? [];
  return [`unexpected ${name ?? 'error'} ${code ?? ''}`.trim(), ...frames].join('\n');
}
