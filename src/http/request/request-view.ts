import type { IncomingMessage } from 'node:http';
import { malformed } from '../../domain/oauth-error.js';
import { FormParameters } from './parameters.js';

/** A request as plain data: parsers and presenters see nothing else of it. */
export interface RequestView {
  readonly method: string;
  /** The path of the request's URL, without the query. */
  readonly path: string;
  readonly query: FormParameters;
  /**
   * Names and values alternate, as received: Node's `headers` silently keeps only one of two `Authorization`
   * lines.
   */
  readonly rawHeaders: readonly string[];
}

/** The view of a request. */
export function viewOf(request: IncomingMessage): RequestView {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: new FormParameters(mark < 0 ? '' : url.slice(mark + 1)),
    rawHeaders: request.rawHeaders,
  };
}

/** All values of a header, in the order they came. */
export function headerValues(view: Pick<RequestView, 'rawHeaders'>, name: string): string[] {
  const wanted = name.toLowerCase();
  const values: string[] = [];
  for (let at = 0; at < view.rawHeaders.length; at += 2) {
    const found = view.rawHeaders[at];
    if (found.length === wanted.length && found.toLowerCase() === wanted)
      values.push(view.rawHeaders[at + 1]);
  }
  return values;
}

/**
 * The request's one `Authorization` header, or undefined.
 * @throws OAuthError `invalid_request` when there are two
 */
export function authorizationHeader(view: Pick<RequestView, 'rawHeaders'>): string | undefined {
  const [value, second] = headerValues(view, 'authorization');
  if (second !== undefined) throw malformed('two Authorization headers');
  return value;
}
