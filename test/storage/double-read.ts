import { type AccessToken, AccessTokenStore, type StoredAccessToken } from '../../src/domain/access-token.js';
import type { Client } from '../../src/domain/client.js';
import { Directory } from '../../src/domain/directory.js';
import type { MaybePromise } from '../../src/domain/maybe-promise.js';
import type { Realm } from '../../src/domain/realm.js';
import type { ResourceOwner } from '../../src/domain/resource-owner.js';
import type { Revocation } from '../../src/domain/token-record.js';

/** A store that reads everything twice, so that a cache behind it also answers from its cached copy. */
export class DoubleReadStore extends AccessTokenStore {
  constructor(private readonly store: AccessTokenStore) {
    super();
  }

  insert(token: StoredAccessToken): Promise<void> {
    return this.store.insert(token);
  }

  find(hash: Buffer): Promise<AccessToken | undefined> {
    return twice(() => this.store.find(hash));
  }

  revoke(hash: Buffer, revocation: Revocation): Promise<void> {
    return this.store.revoke(hash, revocation);
  }
}

/** A directory that reads everything twice, for the same reason. */
export class DoubleReadDirectory extends Directory {
  constructor(private readonly directory: Directory) {
    super();
  }

  findRealm(path: string): Promise<Realm | undefined> {
    return twice(() => this.directory.findRealm(path));
  }

  findClient(realm: string, clientId: string): Promise<Client | undefined> {
    return twice(() => this.directory.findClient(realm, clientId));
  }

  findResourceOwner(realm: string, username: string): Promise<ResourceOwner | undefined> {
    return twice(() => this.directory.findResourceOwner(realm, username));
  }

  findFoldedResourceOwner(realm: string, key: string): Promise<ResourceOwner | undefined> {
    return twice(() => this.directory.findFoldedResourceOwner(realm, key));
  }

  listsOrigin(realm: string, origin: string): Promise<boolean> {
    return twice(() => this.directory.listsOrigin(realm, origin));
  }
}

/** Asks twice, and returns the second answer, which must equal the first. */
async function twice<Answer>(ask: () => MaybePromise<Answer>): Promise<Answer> {
  const first = await ask();
  const second = await ask();
  expect(second).toEqual(first);
  return second;
}
