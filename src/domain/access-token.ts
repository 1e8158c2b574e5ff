import { hash } from 'node:crypto';
import type { NewAuditEvent } from './audit.js';
import type { Pairs } from './attributes.js';
import type { MaybePromise } from './maybe-promise.js';
import type { RecordedRequest } from './recorded-request.js';
import type { Scope } from './scope.js';
import type { Revocation } from './token-record.js';

/** An access token as it was issued. Its value is not kept. */
export interface AccessToken {
  /** Path of the realm that issued it. */
  readonly realm: string;
  readonly clientId: string;
  /** The resource owner's name; undefined where the client acts for itself (RFC 6749 §4.4). */
  readonly username?: string;
  readonly scope: Scope;
  /** The grant type's name on the wire; an imported token may have one that is not served here. */
  readonly grantType: string;
  /** Authentication level of the resource owner at issue; 0 where the client acts for itself. */
  readonly authLevel: number;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  /** Milliseconds since 1970: a whole second, but for a token that an earlier version issued. */
  readonly expiresAt: number;
  readonly epochs: Epochs;
  /** The family of the refresh token that it was issued with or from; undefined where there was none. */
  readonly family?: string;
  /** Names and values that were fixed at issue, in their order, for answers that show them. */
  readonly additionalInformation?: Pairs;
  /** The request that it was issued for; kept only when a setting shows it in answers. */
  readonly request?: RecordedRequest;
}

/** An access token with the hash that it is stored and found by. */
export interface StoredAccessToken extends AccessToken {
  /** SHA-256 of the token's value: 32 bytes. */
  readonly hash: Buffer;
}

/**
 * The epochs of a token's realm, client and resource owner, read *before* the credentials were checked. A
 * token is active only while all of them are unchanged, so one change of a subject ends all of its tokens.
 */
export interface Epochs {
  readonly realm: number;
  readonly client: number;
  /** Undefined exactly where the token has no resource owner. */
  readonly resourceOwner?: number;
}

/** What a cache knows of a key: its token, or that there is none. */
export interface AccessTokenCopy {
  readonly value: AccessToken | undefined;
}

/** Stores access tokens. Every method throws StoreUnavailable when it cannot answer or cannot do its work. */
export abstract class AccessTokenStore {
  /**
   * Stores a token. Resolves when the token is as durable as the store can make it. A second token under one hash is the
   * caller's mistake, which not every store detects.
   * @param event is stored with it: both or neither where the store is the audit log's, else the event follows
   */
  abstract insert(token: StoredAccessToken, event?: NewAuditEvent): Promise<void>;
  /**
   * What may be answered without a read; undefined where that is not known. A store without a cache has no such method.
   * @param key of `tokenKey`
   */
  copyOf?(key: string): AccessTokenCopy | undefined;
  /** Finds the token under this hash, expired or not; undefined when there is none. One read by primary key. */
  abstract find(hash: Buffer): MaybePromise<AccessToken | undefined>;
  /** Revokes the token under this hash, if there is one: it is not found any more. The first revocation stays recorded. */
  abstract revoke(hash: Buffer, revocation: Revocation): Promise<void>;
}

/** The hash that a token is stored and found by: SHA-256 of its value, 32 bytes. */
export function hashToken(value: string): Buffer {
  return keyHash(tokenKey(value));
}

/** The hash of a token as `hashKey` makes it. Node returns the bytes three times faster as a text than as a Buffer. */
export function tokenKey(value: string): string {
  return hash('sha256', value, 'binary');
}

/** The hash that a key was made from. */
export function keyHash(key: string): Buffer {
  return Buffer.from(key, 'latin1');
}

/** The name that operators know a token by: its hash in base64url, 43 characters. */
export function tokenId(value: string): string {
  return hashToken(value).toString('base64url');
}

/** Whether a text has the form of a token's identifier. */
export function isTokenId(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}

/** A hash as the key of a Map: only equal hashes have equal texts. */
export function hashKey(hash: Buffer): string {
  return hash.toString('latin1');
}
