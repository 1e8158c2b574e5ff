import { type AccessToken, type AccessTokenStore, hashToken } from './access-token.js';
import type { Client } from './client.js';
import type { Clock } from './clock.js';
import { type MaybePromise, chain } from './maybe-promise.js';
import type { Inactive, Active, TokenChecker } from './token-checker.js';
import { OAuthError } from './oauth-error.js';
import type { RefreshToken, RefreshTokenStore } from './refresh-token.js';
import type { Authorization, TokenFactory, TokenPair } from './token-factory.js';
import type { TokenCodec } from './token-codec.js';

/** Tokens just issued, with the values that are shown this once (RFC 6749 §5.1). */
export interface IssuedTokens {
  readonly accessToken: string;
  /** Undefined where there is none to come by another access token with, or the presented one stays good. */
  readonly refreshToken?: string;
  readonly token: AccessToken;
  /** Lifetime of the access token in whole seconds. */
  readonly expiresIn: number;
}

/** A live access token. */
export interface ActiveToken extends Active {
  readonly token: AccessToken;
}

export type InactiveToken = Inactive;

export type Inspection = ActiveToken | InactiveToken;

/** Which realms an inspection answers for. */
export type RealmFilter = (path: string) => boolean;

/** Issues, inspects and revokes tokens; every endpoint asks it. */
export class TokenService {
  constructor(
    private readonly accessTokens: AccessTokenStore,
    private readonly refreshTokens: RefreshTokenStore,
    private readonly liveness: TokenChecker,
    private readonly form: TokenCodec,
    private readonly factory: TokenFactory,
    private readonly clock: Clock,
  ) {}

  /**
   * Issues an access token for an authorization, and begins a family of refresh tokens where the client may use
   * them for a resource owner. What is issued is stored when the promise resolves.
   */
  async issue(authorization: Authorization): Promise<IssuedTokens> {
    const pair = this.factory.first(authorization);
    if (pair.refresh) await this.refreshTokens.begin(pair.refresh.token, pair.access.token);
    else await this.accessTokens.insert(pair.access.token);
    return issued(pair, authorization.client);
  }

  /**
   * Uses a refresh token up for a new access token, and for what the client's policy puts in its place.
   * @param authorization its scope is for the access token; the family keeps its own
   * @param forgivenSince see Rotation
   * @returns undefined, with nothing issued or changed, when the token was used up already or is revoked
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

  /** The refresh token of this value as it is stored; undefined for one that cannot be good for anything. */
  async findRefreshToken(value: string): Promise<RefreshToken | undefined> {
    if (this.form.likelihood(value, 'syr_') === 'unlikely') return undefined;
    return this.refreshTokens.find(hashToken(value));
  }

  /**
   * Says what an access token is worth now.
   * @param value the token as presented
   * @param inRealms a token of any other realm is unknown
   */
  inspect(value: string, inRealms: RealmFilter): MaybePromise<Inspection> {
    return chain(this.findAccessToken(value), (token) => {
      if (!token || !inRealms(token.realm)) return { status: 'unknown' };
      return chain(this.liveness.check(token), (standing) =>
        standing.status === 'live' ? { ...standing, token } : standing,
      );
    });
  }

  /**
   * Revokes a client's token (RFC 7009 §2): an access token alone, a refresh token with its whole family, a used
   * one too. A token that is not there is revoked already. It is durable when the promise resolves.
   * @throws OAuthError `invalid_grant` for another client's token, which stays as it is
   */
  async revoke(client: Client, value: string): Promise<void> {
    const accessToken = await this.findAccessToken(value);
    if (accessToken) {
      refuseForeign(accessToken, client);
      return this.accessTokens.revoke(accessToken.hash);
    }
    const refreshToken = await this.findRefreshToken(value);
    if (refreshToken) {
      refuseForeign(refreshToken, client);
      return this.refreshTokens.revokeFamily(refreshToken.family);
    }
  }

  private findAccessToken(value: string): MaybePromise<AccessToken | undefined> {
    return this.accessTokens.find(hashToken(value), () => this.form.likelihood(value, 'sya_') === 'possible');
  }
}

function issued({ access, refresh }: TokenPair, client: Client): IssuedTokens {
  const { value, token } = access;
  return { accessToken: value, refreshToken: refresh?.value, token, expiresIn: client.accessTokenLifetime };
}

function refuseForeign(token: { readonly realm: string; readonly clientId: string }, client: Client): void {
  if (token.realm === client.realm && token.clientId === client.clientId) return;
  throw new OAuthError('invalid_grant', 'The token was issued to another client.', "another client's token");
}
