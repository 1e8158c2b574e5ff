import type { Client } from './client.js';
import type { MaybePromise } from './maybe-promise.js';
import type { Realm } from './realm.js';
import type { ResourceOwner } from './resource-owner.js';

/**
 * Finds realms, clients and resource owners. Each read is by the subject's whole name, case-sensitive, or by the
 * key of its name, and finds disabled subjects, too. It returns undefined when there is no such subject, and throws
 * StoreUnavailable when that cannot be known.
 *
 * Callers that know an epoch which the subject has reached pass it as `minEpoch`; a cached copy with an older
 * epoch is not returned then.
 */
export abstract class Directory {
  abstract findRealm(path: string, minEpoch?: number): MaybePromise<Realm | undefined>;
  abstract findClient(realm: string, clientId: string, minEpoch?: number): MaybePromise<Client | undefined>;
  abstract findResourceOwner(
    realm: string,
    username: string,
    minEpoch?: number,
  ): MaybePromise<ResourceOwner | undefined>;
  /**
   * Finds the resource owner by the key of its name, in a realm that folds user names; in any other there is none.
   * @param key of `foldUsername`
   */
  abstract findFoldedResourceOwner(realm: string, key: string): MaybePromise<ResourceOwner | undefined>;
  /** Whether an enabled client of the realm lists this origin. Never cached: any page may ask for any origin. */
  abstract listsOrigin(realm: string, origin: string): Promise<boolean>;
}

/**
 * A subject's name as the key of a Map. No realm's path holds a line feed, so no other name has the same key.
 */
export function subjectKey(realm: string, name: string): string {
  return `${realm}\n${name}`;
}
