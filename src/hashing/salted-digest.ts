import { createHash } from 'node:crypto';
import type { HashRefusal, PasswordHash } from '../domain/password-forms.js';
import {
  checkedSalt,
  decodeBase64,
  type DigestForm,
  digestAndSalt,
  encodeBase64,
  partsOf,
  verifyDigest,
} from './form.js';

/** The length of each scheme's digest in bytes, and the name of its function. */
const schemes: Readonly<Record<string, readonly [algorithm: string, digestBytes: number]>> = {
  ssha: ['sha1', 20],
  ssha256: ['sha256', 32],
  ssha384: ['sha384', 48],
  ssha512: ['sha512', 64],
};

const ldapForm = /^\{(ssha(?:256|384|512)?)\}(.*)$/i;
const headForm = /^\$(ssha(?:256|384|512)?)\$([A-Za-z0-9+/]+)$/;

/**
 * Salted SHA of LDAP servers: `{SSHA}`, `{SSHA256}`, `{SSHA384}` or `{SSHA512}` and the base64 of digest and salt; the
 * digest is of password and salt (OpenDJ's `SaltedSHA…PasswordStorageScheme`, OpenLDAP's `slapd-pw-sha2`). Stored as
 * `$ssha256$salt$digest`, in base64 without padding, and accepted so, too, as `symbolon export --secrets` writes it.
 */
export const saltedDigest: DigestForm = {
  accept(text: string): PasswordHash | HashRefusal | undefined {
    const [, name, base64] = ldapForm.exec(text) ?? [];
    if (name === undefined) return acceptStored(text);
    const scheme = name.toLowerCase();
    const parts = digestAndSalt(base64, schemes[scheme][1]);
    if ('refused' in parts) return parts;
    return hashOf(`$${scheme}$${encodeBase64(parts.salt)}`, encodeBase64(parts.digest));
  },

  read(stored: string): PasswordHash | undefined {
    const { head, digest } = partsOf(stored);
    return headForm.test(head) && decodeBase64(digest) ? hashOf(head, digest) : undefined;
  },

  verify: (stored: string, password: string): Promise<boolean> =>
    verifyDigest(saltedDigest, stored, password),

  costOf: (head) => (headForm.test(head) ? 1 : undefined),

  async digest(head: string, password: string): Promise<Buffer> {
    const [, scheme, salt] = headForm.exec(head)!;
    return createHash(schemes[scheme][0]).update(password).update(Buffer.from(salt, 'base64')).digest();
  },
};

function acceptStored(text: string): PasswordHash | HashRefusal | undefined {
  const { head, digest } = partsOf(text);
  const [, scheme, salt] = headForm.exec(head) ?? [];
  if (scheme === undefined) return undefined;
  const bytes = decodeBase64(digest);
  if (bytes?.length !== schemes[scheme][1])
    return { refused: 'has a digest of another length than its form' };
  const parts = checkedSalt({ salt: Buffer.from(salt, 'base64') });
  return 'refused' in parts ? parts : hashOf(head, digest);
}

function hashOf(head: string, digest: string): PasswordHash {
  return {
    text: `${head}$${digest}`,
    form: head.split('$')[1],
    cost: 1,
    current: false,
    fast: true,
    wrapped: false,
  };
}
