import { readFileSync } from 'node:fs';
import { decodeUtf8, NotUtf8 } from './utf8.js';

/** A secret's file that cannot be used. The message says why in fixed words, and names neither path nor content. */
export class SecretFileError extends Error {
  constructor(reason: string) {
    super(`the file ${reason}`);
    this.name = 'SecretFileError';
  }
}

/**
 * Reads a secret from a file, without the newline that an editor leaves at its end.
 * @throws SecretFileError when it cannot be read, is not UTF-8, or is empty
 */
export function readSecretFile(path: string): string {
  const secret = decoded(read(path)).replace(/\r?\n$/, '');
  if (secret === '') throw new SecretFileError('is empty');
  return secret;
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SecretFileError(`cannot be read (${code ?? 'unknown error'})`);
  }
}

function decoded(bytes: Buffer): string {
  try {
    return decodeUtf8(bytes);
  } catch (error) {
    if (error instanceof NotUtf8) throw new SecretFileError(error.message);
    throw error;
  }
}
