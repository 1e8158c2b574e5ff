import type { SubjectKind } from '../domain/audit.js';
import { generateSecret, hashGeneratedSecret } from '../domain/secret.js';
import type { SubjectTypes } from '../domain/subject-records.js';
import { ClientEntry } from './entries.js';
import type { EntryTypes } from './member-reader.js';

/**
 * Gives a client that is new as a confidential one a generated secret, if its entry has none.
 * @param stored what is stored of the subject; undefined for a new one
 * @returns the secret, to be shown once; undefined where none was generated
 */
export function generateMissingSecret(
  entry: EntryTypes[SubjectKind],
  stored: SubjectTypes[SubjectKind] | undefined,
): string | undefined {
  if (!(entry instanceof ClientEntry) || entry.client_type !== 'confidential') return undefined;
  if (entry.client_secret !== undefined || entry.client_secret_hash !== undefined) return undefined;
  if (stored && 'type' in stored && stored.type === 'confidential') return undefined;
  const secret = generateSecret();
  entry.client_secret_hash = hashGeneratedSecret(secret);
  return secret;
}
