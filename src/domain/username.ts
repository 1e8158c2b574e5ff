import type { Directory } from './directory.js';
import type { MaybePromise } from './maybe-promise.js';
import type { Realm } from './realm.js';
import type { ResourceOwner } from './resource-owner.js';

/** The key of a user name in a realm that folds user names: in lower case, and composed (Unicode's form NFC). */
export function foldUsername(username: string): string {
  // In this order, because some letters compose in lower case alone.
  return username.toLowerCase().normalize('NFC');
}

/**
 * Finds the resource owner whom a presented user name means. Tokens carry the registered name, not the presented one.
 * @throws StoreUnavailable when the directory cannot answer
 */
export function findPresented(
  directory: Directory,
  realm: Realm,
  username: string,
): MaybePromise<ResourceOwner | undefined> {
  return realm.usernames === 'fold'
    ? directory.findFoldedResourceOwner(realm.path, foldUsername(username))
    : directory.findResourceOwner(realm.path, username);
}
