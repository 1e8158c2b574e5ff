import { chain, type MaybePromise } from '../../../domain/maybe-promise.js';
import type { LocatedRequest } from '../../request/located-request.js';
import { readForm } from '../../request/form-body.js';
import { viewOf } from '../../request/request-view.js';
import type { SelectorRequest } from './selectors/selector-http.js';
import type { TokenSource } from './selectors/token-source.js';

/** A request to Axway's token information. */
export interface AxwayRequest extends SelectorRequest {
  /** The presented token; undefined for none. */
  readonly token: string | undefined;
}

/**
 * Reads a GET, or a POST with a form.
 * @param tokenSource finds the token in it
 * @throws OAuthError `invalid_request` for a request that cannot be read, or a repeated token
 */
export function readAxwayRequest(
  request: LocatedRequest,
  tokenSource: TokenSource,
): MaybePromise<AxwayRequest> {
  const view = viewOf(request);
  const place = tokenSource.inHeader ? 'header' : view.method === 'POST' ? 'form' : 'query';
  request.operation = `${view.method} ${place}`;
  // The product's own example of a POST has no Content-Type.
  const posted = view.method === 'POST' ? readForm(request, { typeMayBeMissing: true }) : undefined;
  return chain(posted, (form) => {
    if (!form) view.query.refuseUnreadable();
    return { view, form, token: tokenSource.find(view, form) };
  });
}
