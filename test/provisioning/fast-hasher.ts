import { createHash, randomBytes } from 'node:crypto';
import { PasswordHasher } from '../../src/domain/secret.js';
import { KnownForms } from '../../src/hashing/known-forms.js';

/** Makes salted hashes in the form of the server's own, but with one round of SHA-256, and counts them. */
export class FastHasher extends PasswordHasher {
  hashed = 0;

  async hash(password: string): Promise<string> {
    this.hashed++;
    return hashWith(base64(randomBytes(16)), password);
  }

  async verify(hash: string, password: string): Promise<boolean> {
    const salt = hash.split('$')[4];
    return salt !== undefined && hashWith(salt, password) === hash;
  }
}

function hashWith(salt: string, password: string): string {
  const digest = createHash('sha256').update(salt).update(password).digest();
  return `$argon2id$v=19$m=19456,t=2,p=1$${salt}$${base64(digest)}`;
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}

/** The forms of hashes, of which the wrapped ones are made by a fast hasher. */
export const fastForms = new KnownForms(new FastHasher());
