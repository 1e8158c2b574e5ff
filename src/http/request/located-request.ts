import type { IncomingMessage } from 'node:http';
import type { Directory } from '../../domain/directory.js';
import { type MaybePromise, chain } from '../../domain/maybe-promise.js';
import { type Realm, rootRealm } from '../../domain/realm.js';
import { namedRealm, type OAuth2Path, parseOAuth2Path } from './realm-path.js';
import { NotFound } from '../response/refusal.js';
import type { RequestView } from './request-view.js';

/** A request with what its path said of a realm before the realm was taken out of its URL. */
export type LocatedRequest = IncomingMessage & {
  /** Below `/oauth2` alone. */
  oauth2?: OAuth2Path;
  /** The path of an identifier that stood behind `metadataPath`; undefined for none. */
  issuerPath?: string;
  /** Path of the realm found for it, for its answer and the log. */
  realm?: string;
  /** Whoever routed it leaves the path here that it was routed by, for the log. */
  route?: { readonly path: string };
};

/** Where metadata is asked for; the path of an issuer's identifier is inserted behind it (RFC 8414 §3.1). */
export const metadataPath = '/.well-known/oauth-authorization-server';

const origin = /^https?:\/\/[^/?]*/i;

/** What Express routes by as it stands. Of anything else it would make a path of its own. */
const plainTarget = /^\/[^#\s]*$/;

/**
 * Gives the request the one URL that its endpoint is routed by: without origin (RFC 9112 §3.2.2 allows the
 * absolute form), deployment prefix, realm and issuer. A target that is no path leads to `/`, where nothing is.
 */
export function normalizeUrl(request: LocatedRequest, basePrefix: string): void {
  const target = (request.url ?? '').replace(origin, '');
  const url = plainTarget.test(target) ? target : '/';
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const oauth2 = parseOAuth2Path(path, basePrefix);
  request.oauth2 = oauth2;
  if (path.startsWith(`${metadataPath}/`)) request.issuerPath = path.slice(metadataPath.length);
  const endpoint = oauth2?.endpoint ?? (request.issuerPath === undefined ? path : metadataPath);
  request.url = endpoint + (mark < 0 ? '' : url.slice(mark));
}

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
