import type { HashRefusal, PasswordHash } from '../domain/password-forms.js';
import type { PasswordHasher, Turn } from '../domain/secret.js';
import { argon2idForm } from './argon2id.js';
import { type DigestForm, type HashForm, partsOf } from './form.js';
import { pbkdf2Form } from './pbkdf2.js';
import { saltedDigest } from './salted-digest.js';

const digestForms: readonly DigestForm[] = [saltedDigest, pbkdf2Form];

const form = /^\$wrapped(\$.+)(\$argon2id\$v=19\$[^$]+\$[^$]+\$[^$]+)$/;

/** The cost of the argon2id hash around the digest, in iterations of PBKDF2. */
const argon2idCost = 50_000;

/**
 * A fast hash that was wrapped: `$wrapped`, the old hash up to its digest (function, cost and salt), and an argon2id hash
 * of the digest in base64: `$wrapped$ssha256$salt$argon2id$v=19$…`. It is accepted as `symbolon export --secrets` writes it.
 */
export const wrappedForm: HashForm = {
  accept(text: string): PasswordHash | HashRefusal | undefined {
    const { head, outer } = wrappedParts(text);
    const cost = formOf(head)?.costOf(head);
    if (cost === undefined) return undefined;
    if (cost > argon2idCost) return { refused: 'is wrapped, and takes too long' };
    const accepted = argon2idForm.accept(outer);
    return accepted && 'refused' in accepted ? accepted : wrappedForm.read(text);
  },

  read(stored: string): PasswordHash | undefined {
    const { head, outer } = wrappedParts(stored);
    const cost = formOf(head)?.costOf(head);
    if (cost === undefined || !argon2idForm.read(outer)) return undefined;
    return {
      text: stored,
      form: `wrapped ${head.split('$')[1]}`,
      cost: argon2idCost + cost,
      current: false,
      fast: false,
      wrapped: true,
    };
  },

  async verify(stored: string, password: string): Promise<boolean> {
    const { head, outer } = wrappedParts(stored);
    const digest = await formOf(head)?.digest(head, password);
    return digest !== undefined && argon2idForm.verify(outer, digest.toString('base64'));
  },
};

/** As `PasswordForms.wrap`. @param hasher makes the argon2id hash */
export async function wrap({ text }: PasswordHash, hasher: PasswordHasher, turn?: Turn): Promise<string> {
  const { head, digest } = partsOf(text);
  return `$wrapped${head}${await hasher.hash(padded(digest), turn)}`;
}

/** As `PasswordForms.wraps`. */
export async function wraps(
  stored: string,
  { text }: PasswordHash,
  hasher: PasswordHasher,
): Promise<boolean> {
  const { head, outer } = wrappedParts(stored);
  const own = partsOf(text);
  return head === own.head && hasher.verify(outer, padded(own.digest));
}

function wrappedParts(stored: string): { readonly head: string; readonly outer: string } {
  const [, head = '', outer = ''] = form.exec(stored) ?? [];
  return { head, outer };
}

function formOf(head: string): DigestForm | undefined {
  return digestForms.find((known) => known.costOf(head) !== undefined);
}

/** Base64 with its padding, as it is hashed. */
function padded(digest: string): string {
  return Buffer.from(digest, 'base64').toString('base64');
}
