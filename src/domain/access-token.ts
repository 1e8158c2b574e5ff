import { hash } from 'node:crypto';
import type { Pairs } from './attributes.js';
import type { MaybePromise } from './maybe-promise.js';
import type { RecordedRequest } from './recorded-request.js';
import type { Scope } from './scope.js';

/** What was true of an access token when it was issued. Its value is known to the client alone. */
export interface AccessToken {
  /** Path of the realm that issued it. */
  readonly realm: string;
  readonly clientId: string;
  /** The resource owner's name; undefined where the client acts for itself (RFC 6749 §4.4). */
  readonly username?: string;
  readonly scope: Scope;
  /** Its name on the wire; an imported token may bear one that is not served here. */
  readonly grantType: string;
  /** Authentication level of the resource owner at issue; 0 where the client acts for itself. */
  readonly authLevel: number;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly epochs: Epochs;
  /** The family of the refresh token that it was issued with or from; undefined where there was none. */
  readonly family?: string;
  /** Names and values that were fixed at issue, in their order, for answers that show them. */
  readonly additionalInformation?: Pairs;
  /** How it was asked for; kept only where a setting shows it. */
  readonly request?: RecordedRequest;
}

/** An access token with the hash that it is stored and found by. */
export interface StoredAccessToken extends AccessToken {
  /** SHA-256 of the token's value: 32 bytes. */
  readonly hash: Buffer;
}

/**
 * The epochs of a token's realm, client and resource owner, read *before* the credentials were checked. A token is
 * active only while all of them are unchanged, so one change of a subject ends all of its tokens.
 */
export interface Epochs {
  readonly realm: number;
  readonly client: number;
  /** Undefined exactly where the token has no resource owner. */
  readonly resourceOwner?: number;
}

/** Keeps access tokens. Every method throws StoreUnavailable when it cannot tell, or cannot keep its promise. */
export abstract class AccessTokenStore {
  /** Stores a token. Resolves when the token is as durable as the store can make it. */
  abstract insert(token: StoredAccessToken): Promise<void>;
  /**
   * Finds the token under this hash, expired or not; undefined when there is none. One read by primary key.
   * @param skipIf is called before a read that costs something; where it returns true, nothing is read and no token found
   */
  abstract find(hash: Buffer, skipIf?: () => boolean): MaybePromise<AccessToken | undefined>;
  /** Revokes the token under this hash, if there is one: it is not found any more. */
  abstract revoke(hash: Buffer): Promise<void>;
}

/** The hash that a token is stored and found by: SHA-256 of its value, 32 bytes. */
export function hashToken(value: string): Buffer {
  // Node returns the bytes three times faster as a string than as a Buffer.
  return Buffer.from(hash('sha256', value, 'binary'), 'latin1');
}

/** A hash as the key of a Map: equal texts for equal hashes, and for them alone. */
export function hashKey(hash: Buffer): string {
  return hash.toString('latin1');
}

/** Whole seconds left at `now`, tokeninfo's `expires_in`: a token is active while there is 1 or more. */
export function secondsLeft(expiresAt: number, now: number): number {
  return Math.floor((expiresAt - now) / 1000);
}
