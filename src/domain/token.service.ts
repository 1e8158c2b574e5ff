import { type AccessToken, type AccessTokenStore, hashToken, keyHash, tokenKey } from './access-token.js';
import type { AuthorizationCode, AuthorizationCodeStore } from './authorization-code.js';
import type { Client } from './client.js';
import type { Clock } from './clock.js';
import type { Active, TokenChecker } from './token-checker.js';
import { type Inactive, inactive, type InactiveReason } from './inactive.js';
import type { MaybePromise } from './maybe-promise.js';
import { OAuthError } from './oauth-error.js';
import type { RefreshToken, RefreshTokenStore } from './refresh-token.js';
import type { Authorization, TokenFactory, TokenPair } from './token-factory.js';
import type { Revocation } from './token-record.js';
import type { FormMismatch, TokenCodec } from './token-codec.js';

/** Tokens just issued, with the values that are shown this once (RFC 6749 §5.1). */
export interface IssuedTokens {
  readonly accessToken: string;
  /** Undefined when no refresh token is issued; a presented one that is preserved stays valid. */
  readonly refreshToken?: string;
  readonly token: AccessToken;
  readonly client: Client;
  /** Lifetime of the access token in whole seconds. */
  readonly expiresIn: number;
}

/** An active access token. */
export interface ActiveToken extends Active {
  readonly token: AccessToken;
}

export type Inspection = ActiveToken | Inactive;

/** Whether an inspection accepts tokens of the realm with this path. */
export type RealmFilter = (path: string) => boolean;

/** Issues, inspects and revokes tokens; every endpoint uses it. */
export class TokenService {
  constructor(
    private readonly accessTokens: AccessTokenStore,
    private readonly refreshTokens: RefreshTokenStore,
    private readonly checker: TokenChecker,
    private readonly codec: TokenCodec,
    private readonly factory: TokenFactory,
    private readonly clock: Clock,
    private readonly codes: AuthorizationCodeStore,
  ) {}

  /**
   * Issues an access token for an authorization, and begins a family of refresh tokens where the client may
   * use them for a resource owner. The tokens are stored when the promise resolves.
   */
  async issue(authorization: Authorization): Promise<IssuedTokens> {
    const pair = this.factory.first(authorization);
    if (pair.refresh) await this.refreshTokens.begin(pair.refresh.token, pair.access.token);
    else await this.accessTokens.insert(pair.access.token);
    return issued(pair, authorization.client);
  }

  /**
   * Uses a refresh token for a new access token and, if the client's policy says so, for a new refresh token.
   * @param authorization its scope is that of the access token; the family keeps its own
   * @param forgivenSince see Rotation
   * @returns undefined, with nothing issued or changed, when the token was already used or is revoked
   */
  async refresh(
    presented: RefreshToken,
    authorization: Authorization,
    forgivenSince: number | undefined,
  ): Promise<IssuedTokens | undefined> {
    const { client } = authorization;
    const pair = this.factory.next(presented, authorization);
    const rotated = await this.refreshTokens.rotate({
      presented,
      now: this.clock.now(),
      forgivenSince,
      preserved: client.refresh.successor === 'preserve',
      accessToken: pair.access.token,
      successor: pair.refresh?.token,
    });
    return rotated ? issued(pair, client) : undefined;
  }

  /**
   * Redeems the code of an authorization for an access token and, where the client may use one, a refresh token.
   * @param replay how the tokens are revoked if it turns out that the code was replayed meanwhile
   * @returns undefined, with nothing issued, when the code was already used
   */
  async redeem(
    authorization: Authorization & { readonly code: AuthorizationCode },
    replay: Revocation,
  ): Promise<IssuedTokens | undefined> {
    const pair = this.factory.first(authorization);
    const redeemed = await this.codes.redeem({
      code: authorization.code,
      now: this.clock.now(),
      accessToken: pair.access.token,
      refreshToken: pair.refresh?.token,
      ifReplayed: replay,
    });
    return redeemed ? issued(pair, authorization.client) : undefined;
  }

  /** Finds a code by value, used, expired or not; undefined when there is none. */
  async findCode(value: string): Promise<AuthorizationCode | undefined> {
    if (!this.codec.mayBeOurs(value, 'syc_')) return undefined;
    return this.codes.find(hashToken(value));
  }

  /** Ends all tokens of a code that was presented again. The revocation is durable when the promise resolves. */
  endReplayed(code: AuthorizationCode, replay: Revocation): Promise<void> {
    return this.codes.endReplayed(code, replay);
  }

  /** Finds a refresh token by value, used, expired or not; undefined when there is none or it is revoked. */
  async findRefreshToken(value: string): Promise<RefreshToken | undefined> {
    if (!this.codec.mayBeOurs(value, 'syr_')) return undefined;
    return this.refreshTokens.find(hashToken(value));
  }

  /**
   * Checks whether an access token is active now.
   * @param value the token as presented; undefined when none was
   * @param inRealms a token of any other realm counts as unknown
   * @throws StoreUnavailable when a store cannot answer
   */
  inspect(value: string | undefined, inRealms: RealmFilter): MaybePromise<Inspection> {
    if (value === undefined) return inactive.no_token;
    const found = this.find(value);
    return found instanceof Promise
      ? found.then((token) => this.inspected(value, token, inRealms))
      : this.inspected(value, found, inRealms);
  }

  /** Finds an access token by value; where it cannot be one, says why, and reads nothing that is not cached. */
  private find(value: string): MaybePromise<AccessToken | FormMismatch | undefined> {
    const key = tokenKey(value);
    const copy = this.accessTokens.copyOf?.(key);
    if (copy) return copy.value;
    return this.codec.mismatch(value, 'sya_') ?? this.accessTokens.find(keyHash(key));
  }

  private inspected(
    value: string,
    token: AccessToken | FormMismatch | undefined,
    inRealms: RealmFilter,
  ): MaybePromise<Inspection> {
    if (typeof token !== 'object') return inactive[reasonOf(value, token)];
    if (!inRealms(token.realm)) return inactive.other_realm;
    const checked = this.checker.check(token);
    return checked instanceof Promise ? checked.then((later) => shown(later, token)) : shown(checked, token);
  }

  /**
   * Revokes a client's token (RFC 7009 §2): an access token alone, a refresh token, used or not, with its
   * whole family. A token that is not found counts as revoked. The revocation is durable when the promise
   * resolves.
   * @returns whether there was such a token
   * @throws OAuthError `invalid_grant` for another client's token, which stays as it is
   */
  async revoke(client: Client, value: string): Promise<boolean> {
    const accessToken = await this.find(value);
    if (typeof accessToken === 'object') {
      refuseForeign(accessToken, client);
      await this.accessTokens.revoke(hashToken(value), this.revocation());
      return true;
    }
    const refreshToken = await this.findRefreshToken(value);
    if (!refreshToken) return false;
    refuseForeign(refreshToken, client);
    await this.refreshTokens.revokeFamily(refreshToken.family, this.revocation());
    return true;
  }

  /** A client's own revocation has no event: it stands on the token. */
  private revocation(): Revocation {
    return { at: this.clock.now(), by: 'client' };
  }
}

function shown(checked: Active | Inactive, token: AccessToken): Inspection {
  if (checked.status !== 'active') return checked;
  const { status, secondsLeft, realm, client, resourceOwner } = checked;
  return { status, token, secondsLeft, realm, client, resourceOwner };
}

/** Why no access token was found. */
function reasonOf(value: string, mismatch: FormMismatch | undefined): InactiveReason {
  if (mismatch !== 'other_kind') return mismatch ?? 'not_found';
  return value.startsWith('syr_') ? 'refresh_token' : 'not_found';
}

function issued({ access, refresh }: TokenPair, client: Client): IssuedTokens {
  const { value, token } = access;
  const expiresIn = client.accessTokenLifetime;
  return { accessToken: value, refreshToken: refresh?.value, token, client, expiresIn };
}

function refuseForeign(token: { readonly realm: string; readonly clientId: string }, client: Client): void {
  if (token.realm === client.realm && token.clientId === client.clientId) return;
  throw new OAuthError('invalid_grant', 'The token was issued to another client.', "another client's token");
}
