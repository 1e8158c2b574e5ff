import type { AccessToken } from './access-token.js';
import type { NewAuditEvent } from './audit.js';
import type { Page, Place } from './page.js';
import type { RefreshToken } from './refresh-token.js';

/**
 * Who revoked a token: its own client (RFC 7009), an administrator, the reuse of a refresh token (RFC 9700 §4.14.2), or
 * the revocation of its family, which says by whom.
 */
export const revokers = ['client', 'admin', 'reuse', 'family'] as const;

export type RevokedBy = (typeof revokers)[number];

/** A revocation as it is to be stored. */
export interface Revocation {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly by: Exclude<RevokedBy, 'family'>;
  /** Is stored with the revocation. A client's own revocation has none: it stands on the token. */
  readonly event?: NewAuditEvent;
}

/** A revocation as it was stored; it was not always recorded when, and by whom. */
export interface RecordedRevocation {
  readonly at?: number;
  readonly by?: RevokedBy;
}

export interface AccessTokenRecord {
  readonly token: AccessToken;
  /** Undefined for a token that was not revoked. */
  readonly revocation?: RecordedRevocation;
}

/** An access token of a list. */
export interface ListedToken extends AccessTokenRecord {
  readonly hash: Buffer;
}

/** A part of a list of tokens. It may be shorter than was wanted although others follow. */
export interface TokenPart {
  readonly tokens: readonly ListedToken[];
  /** The last place that was looked at, where others may follow it. */
  readonly last?: Place;
}

export interface RefreshTokenRecord {
  readonly token: RefreshToken;
  /** Of its family; undefined for one that was not revoked. */
  readonly revocation?: RecordedRevocation;
}

/** Whose a family of tokens is. */
export interface FamilyOwner {
  /** Path of the realm that issued it. */
  readonly realm: string;
  readonly clientId: string;
  readonly username?: string;
}

/** Tokens as they are stored, for people who ask why a token is not active. It bypasses every cache. */
export abstract class TokenRecords {
  /** The access token under this hash, expired or revoked, too; undefined when there is none. */
  abstract findAccessToken(hash: Buffer): Promise<AccessTokenRecord | undefined>;
  /**
   * The access tokens of a user, expired or revoked, too, until they are purged: newest first, those of one millisecond in
   * an order that does not change.
   * @param page its places have the token's hash in base64url as `id`
   */
  abstract listOfUser(realm: string, username: string, page: Page): Promise<TokenPart>;
  /** The refresh token under this hash, used, expired or revoked, too; undefined when there is none. */
  abstract findRefreshToken(hash: Buffer): Promise<RefreshTokenRecord | undefined>;
  /** Whose a family is, by one of its tokens, revoked or not; undefined when none of them is stored. */
  abstract findFamilyOwner(family: string): Promise<FamilyOwner | undefined>;
  /** When and by whom a family was revoked; undefined for one that was not, or is not there. */
  abstract findFamilyRevocation(family: string): Promise<RecordedRevocation | undefined>;
}

/** The place of a token in a list of tokens. */
export function placeOfToken({ hash, token }: ListedToken): Place {
  return { at: token.issuedAt, id: hash.toString('base64url') };
}
