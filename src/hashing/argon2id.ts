import { hash, parseOptions, verify, type Options } from '@node-rs/argon2';
import { PasswordHasher } from '../domain/secret.js';

/** OWASP's recommendation for argon2id: 19 MiB of memory, two passes, one lane. */
const cost: Options = {
  algorithm: 2, // Algorithm.Argon2id; isolated modules cannot import an ambient const enum
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
};

/** Hashes passwords by argon2id (RFC 9106) on libuv's thread pool, never on the event loop. */
export class Argon2idHasher extends PasswordHasher {
  hash(password: string): Promise<string> {
    return hash(password, cost);
  }

  async verify(stored: string, password: string): Promise<boolean> {
    return isReadable(stored) && verify(stored, password);
  }
}

/** Checked before verifying, so that an error of the verification is not taken for a wrong password. */
function isReadable(stored: string): boolean {
  try {
    parseOptions(stored);
    return true;
  } catch {
    return false;
  }
}
