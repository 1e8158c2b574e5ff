import type { QueryDeepPartialEntity } from 'typeorm';
import type { Client } from '../../domain/client.js';
import type { Registration } from '../../domain/directory-writer.js';
import type { ClientEntity } from './entities/subjects.js';

type Columns = QueryDeepPartialEntity<ClientEntity>;

const noPrevious: Columns = {
  previousSecretHash: null,
  previousSecretUntil: null,
  previousSecretCreatedAt: null,
  previousSecretUsedAt: null,
};

/**
 * The columns of a client's secrets that a change writes.
 * @param at when the change is made, in milliseconds since 1970
 */
export function secretColumns(
  { secretHash, importedHash, previousSecret }: Pick<Registration<Client>, SecretMember>,
  before: Client | undefined,
  at: number,
): Columns {
  const kept = before?.previousSecret;
  const isRotation = previousSecret !== undefined && previousSecret.hash !== kept?.hash;
  const previous = isRotation
    ? {
        previousSecretHash: previousSecret.hash,
        previousSecretUntil: new Date(previousSecret.until),
        previousSecretCreatedAt: () => 'secret_created_at',
        previousSecretUsedAt: () => 'secret_used_at',
      }
    : previousSecret === undefined && { ...noPrevious };
  const current = !isKept(before?.secretHash, secretHash) && {
    secretHash: secretHash ?? null,
    importedHash: importedHash ?? null,
    secretCreatedAt: secretHash === undefined ? null : new Date(at),
    secretUsedAt: null,
  };
  return { ...previous, ...current };
}

type SecretMember = 'secretHash' | 'importedHash' | 'previousSecret';

/** Whether a change keeps a hash. It is not written then: a sign-in may have replaced it since the change was planned. */
export function isKept(before: string | undefined, hash: string | undefined): boolean {
  return before !== undefined && before === hash;
}
