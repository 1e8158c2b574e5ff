import { timingSafeEqual } from 'node:crypto';
import type { HashRefusal, PasswordHash } from '../domain/password-forms.js';

/** One form of hashes. */
export interface HashForm {
  /** As `PasswordForms.accept`; undefined for a text of another form. */
  accept(text: string): PasswordHash | HashRefusal | undefined;
  /** As `PasswordForms.read`; undefined for a text of another form. */
  read(stored: string): PasswordHash | undefined;
  /** Whether the hash, which `read` knows, was made from this password. */
  verify(stored: string, password: string): Promise<boolean>;
}

/** A form whose hashes hold a digest, to which that of a presented password is compared. */
export interface DigestForm extends HashForm {
  /**
   * The cost of the digest, as `PasswordHash.cost`; undefined for a head of another form.
   * @param head the stored text up to the `$` before the digest: function, cost and salt
   */
  costOf(head: string): number | undefined;
  /** The digest of a password; `head` is one that `costOf` knows. */
  digest(head: string, password: string): Promise<Buffer>;
}

/** How long a salt may be, in bytes. Without one, equal passwords have equal hashes. */
export const maxSaltBytes = 64;

/** The bytes of base64, padded or not; undefined where no bytes are written so. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return encodeBase64(bytes) === text.replace(/={1,2}$/, '') ? bytes : undefined;
}

/** Base64 without padding. */
export function encodeBase64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}

/** A stored hash of a digest form, in its two parts. */
export function partsOf(stored: string): { readonly head: string; readonly digest: string } {
  const end = stored.lastIndexOf('$');
  return { head: stored.slice(0, Math.max(end, 0)), digest: stored.slice(end + 1) };
}

/** Whether a stored hash of a digest form was made from this password. */
export async function verifyDigest(form: DigestForm, stored: string, password: string): Promise<boolean> {
  const { head, digest } = partsOf(stored);
  const [made, kept] = [await form.digest(head, password), Buffer.from(digest, 'base64')];
  return made.length === kept.length && timingSafeEqual(made, kept);
}

/** The digest and the salt after it, as LDAP servers write them in one base64 text. */
export function digestAndSalt(
  base64: string,
  digestBytes: number,
): { readonly digest: Buffer; readonly salt: Buffer } | HashRefusal {
  const bytes = decodeBase64(base64);
  if (!bytes) return { refused: 'is not valid base64' };
  if (bytes.length < digestBytes) return { refused: 'is too short for its form' };
  return checkedSalt({ digest: bytes.subarray(0, digestBytes), salt: bytes.subarray(digestBytes) });
}

/** The parts of a hash, if their salt has a length that is accepted. */
export function checkedSalt<Parts extends { readonly salt: Buffer }>(parts: Parts): Parts | HashRefusal {
  if (parts.salt.length === 0) return { refused: 'has no salt' };
  return parts.salt.length > maxSaltBytes
    ? { refused: `has a salt of more than ${maxSaltBytes} bytes` }
    : parts;
}
