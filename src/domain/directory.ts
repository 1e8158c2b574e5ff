import type { Client } from './client.js';
import type { MaybePromise } from './maybe-promise.js';
import type { Realm } from './realm.js';
import type { ResourceOwner } from './resource-owner.js';

/**
 * Who is registered. Each read is by the subject's whole name, case-sensitive, and finds disabled subjects
 * too; it answers `undefined` when there is none, and throws StoreUnavailable when that cannot be known.
 * Who knows of an epoch that the subject has reached says so: no older copy of it is given then.
 */
export abstract class Directory {
  abstract findRealm(path: string, reached?: number): MaybePromise<Realm | undefined>;
  abstract findClient(realm: string, clientId: string, reached?: number): MaybePromise<Client | undefined>;
  abstract findResourceOwner(
    realm: string,
    username: string,
    reached?: number,
  ): MaybePromise<ResourceOwner | undefined>;
}
