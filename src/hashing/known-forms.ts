import { type HashRefusal, PasswordForms, type PasswordHash } from '../domain/password-forms.js';
import { PasswordHasher, type Turn } from '../domain/secret.js';
import { argon2idForm, Argon2idHasher } from './argon2id.js';
import { bcryptForm } from './bcrypt.js';
import type { HashForm } from './form.js';
import { pbkdf2Form } from './pbkdf2.js';
import { saltedDigest } from './salted-digest.js';
import { wrap, wrappedForm, wraps } from './wrapped.js';

const forms: readonly HashForm[] = [argon2idForm, bcryptForm, pbkdf2Form, saltedDigest, wrappedForm];

/** Schemes of LDAP servers that are refused by name: they keep the password, or a hash that is no better. */
const refusedScheme = /^\{(3des|aes|base64|blowfish|clear|cleartext|crypt|md5|rc4|sha|smd5)\}/i;

const unknownForm = {
  refused: 'must be a hash: argon2id, bcrypt, PBKDF2 or salted SHA, in a form of the manual',
};

/** Every form that this server knows. */
export class KnownForms extends PasswordForms {
  /** @param hasher makes and checks the argon2id hashes of wrapped ones */
  constructor(private readonly hasher: PasswordHasher) {
    super();
  }

  accept(text: string): PasswordHash | HashRefusal {
    const [, scheme] = refusedScheme.exec(text) ?? [];
    if (scheme !== undefined)
      return { refused: `is of the scheme {${scheme.toUpperCase()}}, which is refused` };
    for (const form of forms) {
      const accepted = form.accept(text);
      if (accepted) return accepted;
    }
    return unknownForm;
  }

  read(stored: string): PasswordHash | undefined {
    return forms.map((form) => form.read(stored)).find((hash) => hash !== undefined);
  }

  wrap(hash: PasswordHash, turn?: Turn): Promise<string> {
    return wrap(hash, this.hasher, turn);
  }

  wraps(stored: string, hash: PasswordHash): Promise<boolean> {
    return wraps(stored, hash, this.hasher);
  }
}

/** Hashes by argon2id, and verifies hashes of every known form. */
export class AnyFormHasher extends PasswordHasher {
  private readonly own = new Argon2idHasher();

  hash(password: string): Promise<string> {
    return this.own.hash(password);
  }

  async verify(stored: string, password: string): Promise<boolean> {
    const form = forms.find((known) => known.read(stored) !== undefined);
    if (!form || !(await form.verify(stored, password))) return false;
    // To the others some passwords with a NUL are the same: bcrypt repeats them behind one, HMAC ends them with some.
    return form === argon2idForm || !password.includes('\0');
  }
}
