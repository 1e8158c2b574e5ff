import type { AttemptKeys, AttemptOutcome } from '../../domain/login-throttle.js';

/** A row of `admitAttempts`. */
export interface CountRow {
  readonly key: Buffer;
  /** How many attempts were counted. */
  readonly granted: number;
  /** How many were wrong before; null for a key that is new. */
  readonly failed: number | null;
  /** Milliseconds since 1970, as a text. */
  readonly blockedUntil: string | null;
  /** Whether an attempt was right lately. */
  readonly signedIn: boolean;
}

/** What becomes of an attempt. */
export type Decision =
  | {
      readonly outcome: 'admitted';
      /** The keys that it was counted under. */
      readonly counted: AttemptKeys;
      readonly trusted: boolean;
    }
  | { readonly outcome: 'user' }
  | { readonly outcome: 'address'; readonly retryAfterMs: number }
  /** It may be admitted when others have ended. */
  | { readonly outcome: 'wait' };

/** The end of some attempts with one key. */
export interface Settlement {
  readonly key: Buffer;
  readonly number: number;
  /** How many of these were wrong. */
  readonly wrong: number;
  readonly signedIn: boolean;
}

/** The count of a key, of which attempts take what they need. */
interface Count extends Omit<CountRow, 'granted'> {
  left: number;
}

/**
 * Divides what was counted among the attempts, in their order.
 * @returns a decision for each attempt, and what was counted for none: an attempt needs both of its counts
 */
export function decide(
  attempts: readonly AttemptKeys[],
  rows: readonly CountRow[],
  attemptsOfUser: number,
  now: number,
): { readonly decisions: Decision[]; readonly unused: Settlement[] } {
  const counts = new Map(rows.map((row) => [textOf(row.key), { ...row, left: row.granted }]));
  const countOf = (key: Buffer): Count => {
    const count = counts.get(textOf(key));
    if (!count) throw new Error('An attempt has no count.');
    return count;
  };
  const decisions = attempts.map((keys) => {
    const user = keys.user && countOf(keys.user);
    return decideOne(keys, countOf(keys.address), user, attemptsOfUser, now);
  });
  const unused = [...counts.values()].filter(({ left }) => left > 0);
  return {
    decisions,
    unused: unused.map(({ key, left }) => ({ key, number: left, wrong: 0, signedIn: false })),
  };
}

function decideOne(
  keys: AttemptKeys,
  address: Count,
  user: Count | undefined,
  attemptsOfUser: number,
  now: number,
): Decision {
  const { signedIn: trusted, blockedUntil } = address;
  const admitted = !user || user.left > 0 || trusted;
  if (address.left > 0 && admitted) {
    address.left -= 1;
    if (!user || user.left === 0) return { outcome: 'admitted', counted: { address: keys.address }, trusted };
    user.left -= 1;
    return { outcome: 'admitted', counted: keys, trusted };
  }
  const retryAfterMs = Number(blockedUntil ?? 0) - now;
  if (retryAfterMs > 0) return { outcome: 'address', retryAfterMs };
  if (user && !trusted && (user.failed ?? 0) >= attemptsOfUser) return { outcome: 'user' };
  return { outcome: 'wait' };
}

/** The end of one attempt, for each key that it was counted under. */
export function settlementsOf({ address, user }: AttemptKeys, outcome: AttemptOutcome): Settlement[] {
  const ended = { number: 1, wrong: outcome === 'wrong' ? 1 : 0 };
  const ofAddress = { key: address, ...ended, signedIn: outcome === 'right' };
  return user ? [ofAddress, { key: user, ...ended, signedIn: false }] : [ofAddress];
}

/** One settlement for each key. */
export function summed(settlements: readonly Settlement[]): Settlement[] {
  const sums = new Map<string, Settlement>();
  for (const { key, number, wrong, signedIn } of settlements) {
    const text = textOf(key);
    const sum = sums.get(text) ?? { number: 0, wrong: 0, signedIn: false };
    sums.set(text, {
      key,
      number: sum.number + number,
      wrong: sum.wrong + wrong,
      signedIn: sum.signedIn || signedIn,
    });
  }
  return [...sums.values()];
}

function textOf(key: Buffer): string {
  return key.toString('latin1');
}
