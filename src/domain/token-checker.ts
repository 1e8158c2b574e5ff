import { type Epochs, secondsLeft } from './access-token.js';
import type { Client } from './client.js';
import type { Clock } from './clock.js';
import type { Directory } from './directory.js';
import type { MaybePromise } from './maybe-promise.js';
import type { Realm } from './realm.js';
import type { ResourceOwner } from './resource-owner.js';

/** What a token of either kind stands on. */
export interface TokenFacts {
  readonly realm: string;
  readonly clientId: string;
  readonly username?: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly epochs: Epochs;
}

/** A token that is good now, with its subjects as they are now. */
export interface Active {
  readonly status: 'live';
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
export interface Inactive {
  readonly status: 'unknown' | 'expired' | 'withdrawn';
}

/** The one place that decides whether a token that was found is live: an access token or a refresh token. */
export class TokenChecker {
  constructor(
    private readonly directory: Directory,
    private readonly clock: Clock,
  ) {}

  check(token: TokenFacts): MaybePromise<Active | Inactive> {
    const left = secondsLeft(token.expiresAt, this.clock.now());
    if (left < 1) return { status: 'expired' };
    const { epochs } = token;
    const realm = this.directory.findRealm(token.realm, epochs.realm);
    const client = this.directory.findClient(token.realm, token.clientId, epochs.client);
    const resourceOwner =
      token.username === undefined
        ? undefined
        : this.directory.findResourceOwner(token.realm, token.username, epochs.resourceOwner);
    if (realm instanceof Promise || client instanceof Promise || resourceOwner instanceof Promise) {
      return Promise.all([realm, client, resourceOwner]).then((subjects) =>
        verdict(token, left, ...subjects),
      );
    }
    return verdict(token, left, realm, client, resourceOwner);
  }
}

function verdict(
  { username, epochs }: TokenFacts,
  left: number,
  realm: Realm | undefined,
  client: Client | undefined,
  resourceOwner: ResourceOwner | undefined,
): Active | Inactive {
  const ownerStands = username === undefined || resourceOwner?.enabled;
  if (!realm?.enabled || !client?.enabled || !ownerStands) return { status: 'withdrawn' };
  const unchanged =
    epochs.realm === realm.epoch &&
    epochs.client === client.epoch &&
    epochs.resourceOwner === resourceOwner?.epoch;
  return unchanged
    ? { status: 'live', secondsLeft: left, realm, client, resourceOwner }
    : { status: 'unknown' };
}
