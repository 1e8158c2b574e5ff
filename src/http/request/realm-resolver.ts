import type { Directory } from '../../domain/directory.js';
import { chain, type MaybePromise } from '../../domain/maybe-promise.js';
import { type Realm, rootRealm } from '../../domain/realm.js';
import { NotFound } from '../response/refusal.js';
import type { LocatedRequest } from './located-request.js';
import { namedRealm } from './realm-path.js';
import type { RequestView } from './request-view.js';

/** Finds the realm that a request is about. */
export class RealmResolver {
  constructor(private readonly directory: Directory) {}

  /**
   * The realm that the request names; undefined when it names none.
   * @throws NotFound when there is no such realm
   */
  named(request: LocatedRequest, view: RequestView): MaybePromise<Realm | undefined> {
    if (!request.oauth2) return undefined;
    const path = namedRealm(request.oauth2, view.query);
    if (path === undefined) return undefined;
    return chain(path === null ? undefined : this.directory.findRealm(path), (realm) => {
      if (!realm) throw new NotFound('realm');
      request.realm = realm.path;
      return realm;
    });
  }

  /** The realm that the request names, else the root realm. */
  async namedOrRoot(request: LocatedRequest, view: RequestView): Promise<Realm> {
    const realm = (await this.named(request, view)) ?? (await this.directory.findRealm(rootRealm));
    if (!realm) throw new NotFound('realm');
    request.realm = realm.path;
    return realm;
  }
}
