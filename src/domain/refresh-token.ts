import type { Epochs, StoredAccessToken } from './access-token.js';
import type { Pairs } from './attributes.js';
import type { Scope } from './scope.js';

/**
 * A refresh token as it is stored (RFC 6749 §1.5). All that came of one authorization, each by the last, is a
 * family (RFC 9700 §4.14): what ends one member by misuse ends them all, access tokens included.
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
  /** What the resource owner granted at first; a refresh may ask for less, the next refresh for all of it again. */
  readonly scope: Scope;
  readonly authLevel: number;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  /** Milliseconds since 1970; each rotation moves it on, up to the family's end. */
  readonly expiresAt: number;
  /** When no member of the family can live any more, whatever the rotations; milliseconds since 1970. */
  readonly familyExpiresAt: number;
  /** When it was first used up; undefined while it is good. */
  readonly usedAt?: number;
  readonly epochs: Epochs;
  /** Carried over to every access token of the family. */
  readonly additionalInformation?: Pairs;
}

/** One use of a refresh token: what it is used up for. */
export interface Rotation {
  readonly presented: RefreshToken;
  /** Milliseconds since 1970. */
  readonly now: number;
  /**
   * For a client whose lost answers are forgiven: a token first used after this time counts as good again, for
   * `maxRetries` times in all.
   */
  readonly forgivenSince?: number;
  /** Whether the presented token stays good, as Axway's *preserve the existing refresh token* has it. */
  readonly preserved: boolean;
  readonly accessToken: StoredAccessToken;
  /** What takes the presented token's place; undefined for nothing. */
  readonly successor?: RefreshToken;
}

/** How often a forgiven token may be used again. */
export const maxRetries = 3;

/** Keeps refresh tokens and their families. Every method throws StoreUnavailable when it cannot keep its promise. */
export abstract class RefreshTokenStore {
  /** Begins a family with its first pair, both or neither. */
  abstract begin(refreshToken: RefreshToken, accessToken: StoredAccessToken): Promise<void>;

  /** The token under this hash, used, expired or not; undefined when there is none or its family is revoked. */
  abstract find(hash: Buffer): Promise<RefreshToken | undefined>;

  /**
   * Uses a token up and keeps what comes of it, all or nothing. Of any number of callers that rotate one token at
   * once, exactly one is told true (`maxRetries` more where they are forgiven).
   * @returns false, with nothing changed, when the token was used up already or its family is revoked
   */
  abstract rotate(rotation: Rotation): Promise<boolean>;

  /** Revokes a family: from then on none of its tokens is found, nor one that a rotation under way would add. */
  abstract revokeFamily(family: string): Promise<void>;
}
