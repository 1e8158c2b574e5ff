import { chain, type MaybePromise } from '../../../domain/maybe-promise.js';
import { OAuthError } from '../../../domain/oauth-error.js';
import { bearerToken } from '../../request/bearer-token.js';
import type { LocatedRequest } from '../../request/located-request.js';
import { unreadable } from '../../request/parameters.js';
import type { RealmResolver } from '../../request/realm-resolver.js';
import { authorizationHeader, type RequestView, viewOf } from '../../request/request-view.js';

/** A request to ForgeRock's tokeninfo. */
export interface ForgeRockRequest {
  /** The presented token; undefined for none. An unreadable one is the empty text, which is never valid. */
  readonly token: string | undefined;
  /** Path of the realm that the request names; undefined when it names none. */
  readonly realm: string | undefined;
}

/**
 * Reads a GET: the token from the header or the query, the realm from the path or the query.
 * @throws NotFound for a realm that does not exist
 * @throws OAuthError `invalid_request` for a repeated or unreadable parameter, or two tokens
 */
export function readForgeRockRequest(
  request: LocatedRequest,
  realms: RealmResolver,
): MaybePromise<ForgeRockRequest> {
  const view = viewOf(request);
  return chain(realms.named(request, view), (realm) => ({
    token: presentedToken(view),
    realm: realm?.path,
  }));
}

function presentedToken(view: RequestView): string | undefined {
  const inHeader = bearerToken(authorizationHeader(view));
  const inQuery = view.query.oneOrUnreadable('access_token');
  view.query.refuseUnreadable('access_token');
  if (inHeader !== undefined && inQuery !== undefined) {
    throw new OAuthError('invalid_request', 'Access Token cannot be provided in both query and header');
  }
  return inQuery === unreadable ? '' : (inHeader ?? inQuery);
}
