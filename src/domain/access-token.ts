import { hash } from 'node:crypto';
import type { Pairs } from './attributes.js';
import type { MaybePromise } from './maybe-promise.js';
import type { Scope } from './scope.js';

/**
 * An access token as it is stored: what was true at its issue, and under which hash it is found. The value
 * itself is known to the client alone.
 */
export interface AccessToken {
  /** SHA-256 of the token's value: 32 bytes. */
  readonly hash: Buffer;
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

/** What the client asked for at issue, its secrets masked. */
export interface RecordedRequest {
  readonly scope?: string;
  readonly state?: string;
  readonly redirectUri?: string;
  readonly parameters: Pairs;
}

/**
 * Epochs of the subjects that a token stands on, as they were *before* the credentials were checked. It
 * lives only while each is still its subject's, so that one change of a subject ends all its tokens.
 */
export interface Epochs {
  readonly realm: number;
  readonly client: number;
  /** Undefined exactly where the token has no resource owner. */
  readonly resourceOwner?: number;
}

/** Keeps access tokens. Every method throws StoreUnavailable when it cannot tell, or cannot keep its promise. */
export abstract class AccessTokenStore {
  /** Keeps a token. Resolves only when it is as durable as the store can make it. */
  abstract insert(token: AccessToken): Promise<void>;
  /**
   * The token under this hash, expired or not; undefined when there is none. One read by primary key.
   * @param mayExist asked before a read that costs something: where it says no, there is none
   */
  abstract find(hash: Buffer, mayExist?: () => boolean): MaybePromise<AccessToken | undefined>;
  /** Revokes the token under this hash, if there is one: it is not found any more. */
  abstract revoke(hash: Buffer): Promise<void>;
}

/** The hash that a token is stored and looked up by: SHA-256 of its value, 32 bytes. */
export function hashToken(value: string): Buffer {
  // Node hands bytes over as a text three times faster than as a Buffer.
  return Buffer.from(hash('sha256', value, 'binary'), 'latin1');
}

/** Whole seconds that are left at `now`: a token is live while this is 1 or more. It is tokeninfo's `expires_in`. */
export function secondsLeft(expiresAt: number, now: number): number {
  return Math.floor((expiresAt - now) / 1000);
}
