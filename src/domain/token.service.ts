import {
  type AccessToken,
  type AccessTokenStore,
  hashToken,
  mintAccessToken,
  secondsLeft,
} from './access-token.js';
import type { Client } from './client.js';
import type { Clock } from './clock.js';
import type { Directory } from './directory.js';
import type { GrantType } from './grants/grant.js';
import type { Realm } from './realm.js';
import type { ResourceOwner } from './resource-owner.js';
import type { Scope } from './scope.js';

/** What a grant has established: who gets a token, for whom, and for what. */
export interface Authorization {
  readonly realm: Realm;
  readonly client: Client;
  /** Undefined where the client acts for itself. */
  readonly resourceOwner?: ResourceOwner;
  readonly scope: Scope;
  readonly grantType: GrantType;
}

/** A token just issued, with the value that is shown this once (RFC 6749 §5.1). */
export interface IssuedToken {
  readonly value: string;
  readonly token: AccessToken;
  /** Lifetime in whole seconds. */
  readonly expiresIn: number;
}

/** A token that is good now, with its subjects as they are now. */
export interface LiveToken {
  readonly status: 'live';
  readonly token: AccessToken;
  /** Whole seconds, 1 or more. */
  readonly secondsLeft: number;
  readonly realm: Realm;
  readonly client: Client;
  /** Undefined where the client acts for itself. */
  readonly resourceOwner?: ResourceOwner;
}

/**
 * A token that is worth nothing: `unknown` (never issued here, revoked, or outside the realms asked about),
 * `expired`, or `withdrawn` (its client, resource owner or realm is disabled or gone).
 */
export interface DeadToken {
  readonly status: 'unknown' | 'expired' | 'withdrawn';
}

export type Inspection = LiveToken | DeadToken;

/** Which realms an inspection answers for. */
export type RealmFilter = (path: string) => boolean;

/** Issues access tokens and says what they are worth; every endpoint asks it. */
export class TokenService {
  constructor(
    private readonly store: AccessTokenStore,
    private readonly directory: Directory,
    private readonly clock: Clock,
  ) {}

  /** Issues a token for an authorization. It is stored when the promise resolves. */
  async issue(authorization: Authorization): Promise<IssuedToken> {
    const { realm, client, resourceOwner, scope, grantType } = authorization;
    const value = mintAccessToken();
    const issuedAt = this.clock.now();
    const token: AccessToken = {
      hash: hashToken(value),
      realm: realm.path,
      clientId: client.clientId,
      username: resourceOwner?.username,
      scope,
      grantType,
      authLevel: resourceOwner ? realm.authLevel : 0,
      issuedAt,
      expiresAt: issuedAt + client.accessTokenLifetime * 1000,
      epochs: { realm: realm.epoch, client: client.epoch, resourceOwner: resourceOwner?.epoch },
    };
    await this.store.insert(token);
    return { value, token, expiresIn: client.accessTokenLifetime };
  }

  /**
   * Says what an access token is worth now. This is the one place that decides whether a token is live.
   * @param value the token as presented
   * @param inRealms a token of any other realm is unknown
   */
  async inspect(value: string, inRealms: RealmFilter): Promise<Inspection> {
    const token = await this.store.find(hashToken(value));
    if (!token || !inRealms(token.realm)) {
      return { status: 'unknown' };
    }
    const left = secondsLeft(token.expiresAt, this.clock.now());
    if (left < 1) {
      return { status: 'expired' };
    }
    const [realm, client, resourceOwner] = await Promise.all([
      this.directory.findRealm(token.realm),
      this.directory.findClient(token.realm, token.clientId),
      token.username === undefined
        ? undefined
        : this.directory.findResourceOwner(token.realm, token.username),
    ]);
    const ownerStands = token.username === undefined || resourceOwner?.enabled;
    if (!realm?.enabled || !client?.enabled || !ownerStands) {
      return { status: 'withdrawn' };
    }
    const { epochs } = token;
    const unchanged =
      epochs.realm === realm.epoch &&
      epochs.client === client.epoch &&
      epochs.resourceOwner === resourceOwner?.epoch;
    return unchanged
      ? { status: 'live', token, secondsLeft: left, realm, client, resourceOwner }
      : { status: 'unknown' };
  }
}
