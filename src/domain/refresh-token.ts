import type { Epochs, StoredAccessToken } from './access-token.js';
import type { Pairs } from './attributes.js';
import type { Scope } from './scope.js';
import type { Revocation } from './token-record.js';

/**
 * A refresh token as it is stored (RFC 6749 §1.5). A family is all tokens of one authorization, refresh
 * tokens and access tokens (RFC 9700 §4.14): when one of its refresh tokens is misused, the whole family is
 * revoked.
 */
export interface RefreshToken {
  /** SHA-256 of the token's value: 32 bytes. */
  readonly hash: Buffer;
  /** The family's identifier, a UUID. */
  readonly family: string;
  /** Path of the realm that issued it. */
  readonly realm: string;
  readonly clientId: string;
  readonly username: string;
  /** The original scope. A refresh may request less, and the next refresh all of it again. */
  readonly scope: Scope;
  readonly authLevel: number;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  /** As that of an access token, and at most `familyExpiresAt`; a successor gets a new one. */
  readonly expiresAt: number;
  /** When every refresh token of the family has expired, whatever the rotations; milliseconds since 1970. */
  readonly familyExpiresAt: number;
  /** When it was first used, in milliseconds since 1970; undefined while it is unused. */
  readonly usedAt?: number;
  readonly epochs: Epochs;
  /** Copied to every token of the family. */
  readonly additionalInformation?: Pairs;
}

/** One use of a refresh token, and the tokens that are issued for it. */
export interface Rotation {
  readonly presented: RefreshToken;
  /** Milliseconds since 1970. */
  readonly now: number;
  /**
   * A token that was first used at this time or later may be used again, `maxRetries` times in all.
   * Milliseconds since 1970; undefined for a client whose retries are not accepted.
   */
  readonly forgivenSince?: number;
  /** Whether the presented token stays valid: Axway's *preserve the existing refresh token*. */
  readonly preserved: boolean;
  readonly accessToken: StoredAccessToken;
  /** Replaces the presented token; undefined when nothing does. */
  readonly successor?: RefreshToken;
}

/** How many retries of one refresh token are accepted. */
export const maxRetries = 3;

/** Stores refresh tokens and families. Every method throws StoreUnavailable when it cannot do its work. */
export abstract class RefreshTokenStore {
  /**
   * Begins a family: stores its first access token, and its first refresh token if it has one. Where it throws, there may
   * be a part of them, which nobody has been given.
   * @param accessToken names the family, too
   */
  abstract begin(refreshToken: RefreshToken | undefined, accessToken: StoredAccessToken): Promise<void>;

  /** The token under this hash, used, expired or not; undefined if there is none or its family is revoked. */
  abstract find(hash: Buffer): Promise<RefreshToken | undefined>;

  /**
   * Marks the presented token as used, unless it is preserved, and stores the new tokens: all or nothing. If
   * several callers mark one token as used at once, exactly one gets true (`maxRetries` more where retries
   * are accepted).
   * @returns false, with nothing changed, when the token was already used or its family is revoked
   */
  abstract rotate(rotation: Rotation): Promise<boolean>;

  /**
   * Revokes a family: from then on none of its tokens is found, and a rotation under way adds none. The first revocation
   * stays recorded; only its event is stored.
   */
  abstract revokeFamily(family: string, revocation: Revocation): Promise<void>;
}
