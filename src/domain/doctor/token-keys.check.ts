import type { AuditLog } from '../audit.js';
import type { Clock } from '../clock.js';
import { listKeys } from '../listed-key.js';
import { maxTokenKeys, type TokenKeyStore } from '../token-key.js';
import { type Check, lengthOf, ok, warn } from './check.js';

/** How long a key signs before it should be renewed, in milliseconds. */
const oldMs = 90 * 24 * 3_600_000;

/**
 * Whether the key that signs is old. The age of a database's first key is not stored: it is at least that of the oldest
 * audit event.
 */
export function tokenKeysCheck(keys: TokenKeyStore, audit: AuditLog, clock: Clock): Check {
  return {
    name: 'token-keys',
    readsTables: true,
    async run() {
      const now = clock.now();
      const listed = listKeys(await keys.read(now), now);
      const signing = listed.find(({ state }) => state === 'signing');
      const since = signing?.signsFrom ?? (await audit.oldest()) ?? now;
      const least = signing?.signsFrom === undefined ? 'at least ' : '';
      const found = `${listed.length} of at most ${maxTokenKeys} keys; the one that signs is ${least}${lengthOf(now - since)} old`;
      return now - since > oldMs ? warn(found, 'renew it: symbolon keys rotate') : ok(found);
    },
  };
}
