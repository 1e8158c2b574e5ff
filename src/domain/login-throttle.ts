import { createHash } from 'node:crypto';
import { networkOf } from './network-address.js';
import { Overloaded, TooManyAttempts } from './oauth-error.js';
import type { Realm } from './realm.js';
import type { Turn } from './secret.js';
import { foldUsername } from './username.js';

/** Whose password or secret is presented. */
export interface LoginSubject {
  readonly kind: 'user' | 'client';
  /** As it was presented; there may be no such subject. */
  readonly name: string;
}

/** How an attempt ended. `withdrawn`: it was not checked, so nothing is known of it. */
export type AttemptOutcome = 'right' | 'wrong' | 'withdrawn';

/** An attempt that has been counted, and may cost a hash. */
export interface AdmittedAttempt {
  readonly outcome: 'admitted';
  readonly turn: Turn;
  /**
   * Ends the attempt, once. A wrong one stays counted, any other is taken back. One that nobody ends counts as wrong
   * after a while.
   * @throws StoreUnavailable
   */
  settle(outcome: AttemptOutcome): Promise<void>;
}

export type Admission =
  | AdmittedAttempt
  /** Refused whatever the address, because too many attempts at this user were wrong. It must look like a wrong one. */
  | { readonly outcome: 'user'; readonly turn: Turn }
  /** Refused for the address, until this many milliseconds have passed. */
  | { readonly outcome: 'address'; readonly retryAfterMs: number };

/** Limits the attempts at passwords and secrets. All nodes count together. */
export abstract class LoginThrottle {
  /**
   * Counts an attempt before it costs a hash, atomically. Attempts that may all be right wait for the outcome of others
   * rather than be refused.
   * @param address where it comes from; undefined where that is not known
   * @throws Overloaded when too many attempts wait, or this one has waited too long
   * @throws StoreUnavailable
   */
  abstract admit(realm: Realm, subject: LoginSubject, address: string | undefined): Promise<Admission>;
}

/** Admits every attempt. One subject may be guessed at without end then, so that its checks wait in a lane of their own. */
export class NoLoginThrottle extends LoginThrottle {
  async admit(realm: Realm, subject: LoginSubject, address: string | undefined): Promise<Admission> {
    const lane = attemptKeys(realm, subject, address).address.toString('latin1');
    return { outcome: 'admitted', turn: { lane, trusted: false }, settle: async () => {} };
  }
}

/**
 * Checks a password or secret as far as the throttle allows, and settles the attempt.
 * @param check where the attempt is refused for the user, it is called for the time that it takes, and not believed
 * @throws TooManyAttempts when the attempt is refused for the address
 */
export async function checkAdmitted(
  admission: Admission,
  check: (turn: Turn) => Promise<boolean>,
): Promise<boolean> {
  if (admission.outcome === 'address') throw new TooManyAttempts(admission.retryAfterMs);
  if (admission.outcome === 'user') {
    await check(admission.turn);
    return false;
  }
  let outcome: AttemptOutcome = 'withdrawn';
  try {
    outcome = (await check(admission.turn)) ? 'right' : 'wrong';
  } catch (error) {
    if (error instanceof Overloaded && error.wrong) outcome = 'wrong';
    throw error;
  } finally {
    await admission.settle(outcome);
  }
  return outcome === 'right';
}

/** What the attempts at a subject are counted under. */
export interface AttemptKeys {
  /** Of the subject and the address. */
  readonly address: Buffer;
  /** Of the user, whatever the address; undefined for a client. */
  readonly user?: Buffer;
}

/**
 * The keys are SHA-256 hashes, because people type passwords where their names belong. A name has one key however it is
 * written, and an unknown one has keys as any other.
 */
export function attemptKeys({ path }: Realm, { kind, name }: LoginSubject, address?: string): AttemptKeys {
  const subject = [kind, path, foldUsername(name)];
  const key = (...parts: string[]) => createHash('sha256').update(JSON.stringify(parts)).digest();
  return { address: key(...subject, laneOf(address)), user: kind === 'user' ? key(...subject) : undefined };
}

/** Checks wait in the lane of the network that they come from. */
export function laneOf(address: string | undefined): string {
  return address === undefined ? 'unknown' : networkOf(address);
}
