import { randomUUID } from 'node:crypto';
import { additionalInformation, overridden } from './additional-information.js';
import { type AccessToken, type Epochs, hashToken, type StoredAccessToken } from './access-token.js';
import type { AuthorizationCode } from './authorization-code.js';
import type { Client } from './client.js';
import type { Clock } from './clock.js';
import type { GrantType } from './grant-type.js';
import type { Realm } from './realm.js';
import { recordRequest } from './recorded-request.js';
import type { RefreshToken } from './refresh-token.js';
import type { ResourceOwner } from './resource-owner.js';
import type { Scope } from './scope.js';
import type { TokenCodec, TokenPrefix } from './token-codec.js';
import type { TokenRequest } from './token-request.js';
import { endAfter } from './token-time.js';

/** What a grant has established: the client that gets a token, its resource owner and its scope. */
export interface Authorization {
  readonly realm: Realm;
  readonly client: Client;
  /** Undefined where the client acts for itself. */
  readonly resourceOwner?: ResourceOwner;
  readonly scope: Scope;
  readonly grantType: GrantType;
  readonly request: TokenRequest;
  /** The code that it was granted by: its tokens have the code's family, epochs and level. */
  readonly code?: AuthorizationCode;
}

/** Options that depend on the server's settings. */
export interface TokenFactoryOptions {
  /** Whether a token is stored with its request, because a setting shows the request in answers. */
  readonly keepsRequests: boolean;
}

/** A new token with its value, which is shown once. */
export interface Minted<Token> {
  readonly value: string;
  readonly token: Token;
}

/** An access token and the refresh token that is issued with it. */
export interface TokenPair {
  readonly access: Minted<StoredAccessToken>;
  readonly refresh?: Minted<RefreshToken>;
}

/** What an access token inherits from the first authorization of its family. */
type Inherited = Pick<AccessToken, 'epochs' | 'authLevel' | 'family' | 'additionalInformation'>;

/** Makes the tokens of an authorization. It stores nothing. */
export class TokenFactory {
  constructor(
    private readonly codec: TokenCodec,
    private readonly clock: Clock,
    private readonly options: TokenFactoryOptions,
  ) {}

  /**
   * Makes the tokens of a new authorization: an access token and, for a resource owner and a client that may
   * use them, the first refresh token of a new family, or of its code's.
   */
  first(authorization: Authorization): TokenPair {
    const { realm, client, resourceOwner, request, code } = authorization;
    const refreshing = client.grantTypes.includes('refresh_token') ? resourceOwner : undefined;
    const begun = {
      epochs: code?.epochs ?? epochsOf(authorization),
      authLevel: code?.authLevel ?? (resourceOwner ? realm.authLevel : 0),
      family: code?.family ?? randomUUID(),
      additionalInformation: overridden(code?.additionalInformation, additionalInformation(client, request)),
    };
    const hasFamily = refreshing !== undefined || code !== undefined;
    const access = this.accessToken(authorization, hasFamily ? begun : { ...begun, family: undefined });
    return { access, refresh: refreshing && this.firstRefreshToken(authorization, refreshing, begun) };
  }

  /**
   * Makes the tokens of a refresh: an access token, and the presented token's successor where the client's
   * policy has one. Both keep the epochs of the family's first authorization, so an epoch that has changed
   * since ends them, too.
   */
  next(presented: RefreshToken, authorization: Authorization): TokenPair {
    const access = this.accessToken(authorization, presented);
    const { refresh, refreshTokenLifetime } = authorization.client;
    if (refresh.successor !== 'new') return { access };
    const { familyExpiresAt } = presented;
    const issuedAt = this.clock.now();
    const expiresAt = Math.min(endAfter(issuedAt, refreshTokenLifetime), familyExpiresAt);
    const successor = { ...presented, issuedAt, expiresAt, usedAt: undefined };
    return { access, refresh: this.minted('syr_', successor) };
  }

  private accessToken(
    { realm, client, resourceOwner, scope, grantType, request, code }: Authorization,
    { epochs, authLevel, family, additionalInformation: information }: Inherited,
  ): Minted<StoredAccessToken> {
    const issuedAt = this.clock.now();
    return this.minted('sya_', {
      realm: realm.path,
      clientId: client.clientId,
      username: resourceOwner?.username,
      scope,
      grantType,
      authLevel,
      issuedAt,
      expiresAt: endAfter(issuedAt, client.accessTokenLifetime),
      epochs,
      family,
      additionalInformation: information,
      request: this.options.keepsRequests ? recordRequest(client, request, code) : undefined,
    });
  }

  private firstRefreshToken(
    { client, scope }: Authorization,
    { realm, username }: ResourceOwner,
    begun: Inherited & { readonly family: string },
  ): Minted<RefreshToken> {
    const issuedAt = this.clock.now();
    const familyExpiresAt = endAfter(issuedAt, client.refreshTokenMaxLifetime);
    return this.minted('syr_', {
      ...begun,
      realm,
      clientId: client.clientId,
      username,
      scope,
      issuedAt,
      expiresAt: Math.min(endAfter(issuedAt, client.refreshTokenLifetime), familyExpiresAt),
      familyExpiresAt,
    });
  }

  private minted<Token extends { hash: Buffer }>(
    prefix: TokenPrefix,
    token: Omit<Token, 'hash'>,
  ): Minted<Token> {
    const value = this.codec.mint(prefix);
    return { value, token: { ...token, hash: hashToken(value) } as Token };
  }
}

/** The epochs as the grant read them, before any credentials were checked. */
function epochsOf({ realm, client, resourceOwner }: Authorization): Epochs {
  return { realm: realm.epoch, client: client.epoch, resourceOwner: resourceOwner?.epoch };
}
