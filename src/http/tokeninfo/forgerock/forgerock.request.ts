import { chain, type MaybePromise } from '../../../domain/maybe-promise.js';
import { OAuthError } from '../../../domain/oauth-error.js';
import { bearerToken } from '../../request/bearer-token.js';
import type { LocatedRequest } from '../../request/located-request.js';
import { unreadable } from '../../request/parameters.js';
import type { RealmResolver } from '../../request/realm-resolver.js';
import { authorizationHeader, type RequestView, viewOf } from '../../request/request-view.js';

/** A request to ForgeRock's tokeninfo. */
export interface ForgeRockRequest {
  readonly view: RequestView;
  /** The presented token; undefined for none, and for an unreadable one. */
  readonly token: string | undefined;
  /** Whether a token was presented that is not a text. */
  readonly unreadable: boolean;
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
  return chain(realms.named(request, view), (realm) => {
    const token = presentedToken(request, view);
    return {
      view,
      token: token === unreadable ? undefined : token,
      unreadable: token === unreadable,
      realm: realm?.path,
    };
  });
}

function presentedToken(request: LocatedRequest, view: RequestView): string | typeof unreadable | undefined {
  const inHeader = bearerToken(authorizationHeader(view));
  const inQuery = view.query.oneOrUnreadable('access_token');
  if (inHeader !== undefined) request.operation = `${view.method} header`;
  else if (inQuery !== undefined) request.operation = `${view.method} query`;
  view.query.refuseUnreadable('access_token');
  if (inHeader !== undefined && inQuery !== undefined) {
    const description = 'Access Token cannot be provided in both query and header';
    throw new OAuthError('invalid_request', description, undefined, 'two_tokens');
  }
  return inHeader ?? inQuery;
}
