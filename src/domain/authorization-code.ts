import type { Epochs, StoredAccessToken } from './access-token.js';
import type { Pairs } from './attributes.js';
import type { RefreshToken } from './refresh-token.js';
import type { Scope } from './scope.js';
import type { Revocation } from './token-record.js';

/** An authorization code as it is stored (RFC 6749 §4.1.2), with all that its tokens will need. */
export interface AuthorizationCode {
  /** SHA-256 of the code's value: 32 bytes. */
  readonly hash: Buffer;
  /** The family of the tokens that it will be redeemed for, a UUID. */
  readonly family: string;
  /** Path of the realm that issued it. */
  readonly realm: string;
  readonly clientId: string;
  readonly username: string;
  readonly scope: Scope;
  /** Authentication level of the resource owner as the code was made. */
  readonly authLevel: number;
  /** As the authorization request sent it; undefined where it sent none. */
  readonly redirectUri?: string;
  /** The S256 challenge of RFC 7636; undefined where the request had none. */
  readonly codeChallenge?: string;
  /** Those of realm and resource owner are of the sign-in. */
  readonly epochs: Required<Epochs>;
  /** As the authorization request sent it, for answers that show it. */
  readonly state?: string;
  /** Of the authorization request; parameters of the token request override it. */
  readonly additionalInformation?: Pairs;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  /** Milliseconds since 1970: a whole second. */
  readonly expiresAt: number;
  /** When it was redeemed, in milliseconds since 1970; undefined while it is good. */
  readonly usedAt?: number;
}

/** The redemption of a code, and the tokens that are issued for it. */
export interface Redemption {
  /** The code as it was found. */
  readonly code: AuthorizationCode;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** A token of the code's family. */
  readonly accessToken: StoredAccessToken;
  /** A token of the code's family; undefined where the client gets none. */
  readonly refreshToken?: RefreshToken;
  /** How the family is revoked if it turns out that the code was replayed meanwhile. */
  readonly ifReplayed: Revocation;
}

/** How long a code is kept after it has expired, in milliseconds: its replay must still end its tokens. */
export const codeKeptMs = 600_000;

/** Stores authorization codes. None is cached. Every method throws StoreUnavailable when it cannot do its work. */
export abstract class AuthorizationCodeStore {
  /** Stores a code. Resolves when any node can redeem it. */
  abstract insert(code: AuthorizationCode): Promise<void>;

  /** The code under this hash, used, expired or not; undefined when there is none or it was purged. */
  abstract find(hash: Buffer): Promise<AuthorizationCode | undefined>;

  /**
   * Marks the code as used and stores its tokens. If several callers redeem one code at once, exactly one gets true.
   * Where it throws, the code may be used up without any token; no token is stored without the mark.
   * @returns false, with nothing issued, when the code was already used, or was replayed meanwhile
   */
  abstract redeem(redemption: Redemption): Promise<boolean>;

  /**
   * Ends all tokens of a code that was presented again: its family is revoked, durably, when the promise resolves. A
   * redemption that is under way yields nothing then.
   */
  abstract endReplayed(code: AuthorizationCode, revocation: Revocation): Promise<void>;
}
