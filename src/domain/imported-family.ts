import { hash } from 'node:crypto';

/**
 * The identifier of a family that another server knows under an id of its own, such as AM's grant id: the same in each
 * line and each run of an import.
 * @param id is unique among the families of that client
 * @returns a UUID of version 8 (RFC 9562 §5.8), from the SHA-256 of the three
 */
export function importedFamily(realm: string, clientId: string, id: string): string {
  const digest = hash('sha256', JSON.stringify([realm, clientId, id]), 'hex');
  const bytes = Buffer.from(digest.slice(0, 32), 'hex');
  bytes[6] = (bytes[6] & 0x0f) | 0x80; // the version
  bytes[8] = (bytes[8] & 0x3f) | 0x80; // the variant
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
