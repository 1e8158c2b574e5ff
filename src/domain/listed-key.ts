import { createHmac } from 'node:crypto';
import { publishedAheadMs, type TokenKey, type TokenKeyState } from './token-key.js';

/** A key as operators see it: everything but its secret. Times are in milliseconds since 1970. */
export interface ListedKey {
  /** 16 characters of base64url, which say nothing of the secret. */
  readonly id: string;
  /** `waiting` is published and does not sign yet; `verifying` has a successor that signs. */
  readonly state: 'waiting' | 'signing' | 'verifying';
  /** When it was published, to the minute; undefined for the first key of a database. */
  readonly publishedAt?: number;
  /** When it began, or will begin, to sign; undefined for the first key, which has signed from the beginning. */
  readonly signsFrom?: number;
  /** Until when it is kept at least; undefined while it has no successor. The first rotation after that deletes it. */
  readonly keptUntil?: number;
}

/** Length of an identifier, in bytes. */
const idLength = 12;

/** The keys of a state, newest first. @param now milliseconds since 1970 */
export function listKeys({ keys, keptMs }: TokenKeyState, now: number): ListedKey[] {
  const signing = keys.findLastIndex(({ signsFrom }) => signsFrom <= now);
  return keys
    .map((key, index): ListedKey => {
      const successor = keys.at(index + 1);
      return {
        id: idOf(key),
        state: index === signing ? 'signing' : index > signing ? 'waiting' : 'verifying',
        ...(key.signsFrom > 0 && {
          publishedAt: key.signsFrom - publishedAheadMs,
          signsFrom: key.signsFrom,
        }),
        keptUntil: successor && successor.signsFrom + keptMs,
      };
    })
    .reverse();
}

function idOf({ secret }: TokenKey): string {
  const mac = createHmac('sha256', secret).update('identifier of the key').digest();
  return mac.subarray(0, idLength).toString('base64url');
}
