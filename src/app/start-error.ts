import { SettingsError } from '../config/setting-reader.js';
import { StoreUnavailable } from '../domain/oauth-error.js';
import { TooManyTokenKeys } from '../domain/token-key.js';
import { ConfigurationFileError } from '../provisioning/problems.js';
import { DataFolderError } from '../storage/embedded/folder.js';

/** The start of a worker failed; the message is the reason that it gave. */
export class StartFailed extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'StartFailed';
  }
}

/** Errors whose message is written for the operator, and holds no secret. */
const plain = [SettingsError, ConfigurationFileError, DataFolderError, StartFailed, TooManyTokenKeys];

/** Why a start or a command failed, in words that an operator can act on and that hold nothing secret. */
export function describeStartError(error: unknown): string {
  if (plain.some((kind) => error instanceof kind)) return (error as Error).message;
  const cause: unknown = error instanceof StoreUnavailable ? error.cause : error;
  const { name, code, stack, syscall } = (cause ?? {}) as NodeJS.ErrnoException;
  if (error instanceof StoreUnavailable) {
    const what = /^(28|3D)...$/.test(code ?? '')
      ? 'refuses that user, password or name'
      : 'cannot be reached';
    return `DATABASE_URL: the database ${what} (${code ?? name})`;
  }
  // A worker's port is opened by the primary: the worker gets its failure as one of `bind`.
  const listening = syscall === 'listen' || syscall === 'bind' || syscall === 'getaddrinfo';
  if (listening) return `PORT, HOST: cannot listen there (${code})`;
  const frames = stack?.split('\n').filter((line) => line.startsWith('    at ')) ?? [];
  return [`unexpected ${name ?? 'error'} ${code ?? ''}`.trim(), ...frames].join('\n');
}
