import { createHash, randomBytes } from 'node:crypto';
import type { GrantType } from './grants/grant.js';
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
  readonly grantType: GrantType;
  /** Authentication level of the resource owner at issue; 0 where the client acts for itself. */
  readonly authLevel: number;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly epochs: Epochs;
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
  /** The token under this hash, expired or not; undefined when there is none. One read by primary key. */
  abstract find(hash: Buffer): Promise<AccessToken | undefined>;
}

/** A new token value: `sya_` and 256 random bits in base64url (RFC 6749 §10.10; the prefix lets scanners find leaks). */
export function mintAccessToken(): string {
  return `sya_${randomBytes(32).toString('base64url')}`;
}

/** The hash that a token is stored and looked up by: SHA-256 of its value, 32 bytes. */
export function hashToken(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}

/** Whole seconds that are left at `now`: a token is live while this is 1 or more. It is tokeninfo's `expires_in`. */
export function secondsLeft(expiresAt: number, now: number): number {
  return Math.floor((expiresAt - now) / 1000);
}
