import type { Epochs } from './access-token.js';
import type { Client } from './client.js';
import type { Clock } from './clock.js';
import type { Directory } from './directory.js';
import { type Inactive, inactive, type InactiveReason } from './inactive.js';
import type { MaybePromise } from './maybe-promise.js';
import type { Realm } from './realm.js';
import type { ResourceOwner } from './resource-owner.js';
import { hasEnded, secondsLeft } from './token-time.js';

/** The properties that decide whether a token of either kind is active. */
export interface TokenFacts {
  readonly realm: string;
  readonly clientId: string;
  readonly username?: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly epochs: Epochs;
}

/** An active token (RFC 7662 §2.2), with its subjects as they are now. */
export interface Active {
  readonly status: 'active';
  /** Whole seconds, 1 or more. */
  readonly secondsLeft: number;
  readonly realm: Realm;
  readonly client: Client;
  /** Undefined where the client acts for itself. */
  readonly resourceOwner?: ResourceOwner;
}

/** The one place that decides whether a stored token is active, be it an access token or a refresh token. */
export class TokenChecker {
  constructor(
    private readonly directory: Directory,
    private readonly clock: Clock,
  ) {}

  /**
   * Checks a token's expiry, then its realm, client and resource owner.
   * @throws StoreUnavailable when the directory cannot answer
   */
  check(token: TokenFacts): MaybePromise<Active | Inactive> {
    const now = this.clock.now();
    if (hasEnded(token.expiresAt, now)) return inactive.expired;
    const left = secondsLeft(token.expiresAt, now);
    const { epochs } = token;
    const realm = this.directory.findRealm(token.realm, epochs.realm);
    const client = this.directory.findClient(token.realm, token.clientId, epochs.client);
    const resourceOwner =
      token.username === undefined
        ? undefined
        : this.directory.findResourceOwner(token.realm, token.username, epochs.resourceOwner);
    if (realm instanceof Promise || client instanceof Promise || resourceOwner instanceof Promise) {
      return Promise.all([realm, client, resourceOwner]).then((subjects) =>
        outcome(token, left, ...subjects),
      );
    }
    return outcome(token, left, realm, client, resourceOwner);
  }
}

function outcome(
  token: TokenFacts,
  left: number,
  realm: Realm | undefined,
  client: Client | undefined,
  resourceOwner: ResourceOwner | undefined,
): Active | Inactive {
  if (!realm) return inactive.realm_gone;
  if (!client) return inactive.client_gone;
  if (!resourceOwner && token.username !== undefined) return inactive.user_gone;
  const reason = disabled(realm, client, resourceOwner) ?? ended(token.epochs, realm, client, resourceOwner);
  return reason ? inactive[reason] : { status: 'active', secondsLeft: left, realm, client, resourceOwner };
}

function disabled(
  realm: Realm,
  client: Client,
  owner: ResourceOwner | undefined,
): InactiveReason | undefined {
  if (!realm.enabled) return 'realm_disabled';
  if (!client.enabled) return 'client_disabled';
  return owner && !owner.enabled ? 'user_disabled' : undefined;
}

/** A subject's epoch changes when all tokens that it had so far must become inactive. */
function ended(
  epochs: Epochs,
  realm: Realm,
  client: Client,
  owner: ResourceOwner | undefined,
): InactiveReason | undefined {
  if (epochs.realm !== realm.epoch) return 'realm_ended';
  if (epochs.client !== client.epoch) return 'client_ended';
  return epochs.resourceOwner === owner?.epoch ? undefined : 'user_ended';
}
