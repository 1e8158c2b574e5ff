import { createHash } from 'node:crypto';
import type { PasswordForms, PasswordHash } from './password-forms.js';
import type { Turn } from './secret.js';

const digestPrefix = 'sha256:';

/**
 * What is kept of an imported hash that is replaced, so that it is recognised when the configuration file is applied again.
 * Whoever reads it must not guess faster than by the hash itself. So of a hash that is slow to make it is the SHA-256:
 * the salt, which guessing needs, is gone. A fast hash is kept wrapped: its salt may be short, or known from the time
 * before it was replaced.
 * @param turn of the caller who waits for it
 */
export async function recordOf(hash: PasswordHash, forms: PasswordForms, turn?: Turn): Promise<string> {
  if (hash.wrapped) return hash.text;
  return hash.fast ? forms.wrap(hash, turn) : digestOf(hash);
}

/**
 * Whether a hash from a configuration file is the imported one that is stored, or that the stored one has replaced.
 * @param stored the stored hash
 * @param record what `recordOf` gave of the hash that it has replaced, if it has replaced one
 */
export async function isImported(
  hash: PasswordHash,
  stored: string,
  record: string | undefined,
  forms: PasswordForms,
): Promise<boolean> {
  if (stored === hash.text || record === digestOf(hash)) return true;
  if (!hash.fast) return false;
  return (await forms.wraps(stored, hash)) || (record !== undefined && forms.wraps(record, hash));
}

function digestOf({ text }: PasswordHash): string {
  return digestPrefix + createHash('sha256').update(text).digest('base64url');
}
