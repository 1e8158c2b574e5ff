import { masked } from '../../../../domain/recorded-request.js';
import { malformed } from '../../../../domain/oauth-error.js';
import type { FormParameters } from '../../../request/parameters.js';
import { headerValues, type RequestView } from '../../../request/request-view.js';
import { dictionary, Kind } from './selector-model.js';

/** A request that selectors read. */
export interface SelectorRequest {
  readonly view: RequestView;
  /** The form of a POST. */
  readonly form?: FormParameters;
}

/**
 * A parameter: of the form for a POST, of the query for every other method.
 * @throws OAuthError `invalid_request` when it was sent twice or is unreadable
 */
export function cgiArgument({ view, form }: SelectorRequest, name: string): string | undefined {
  return (view.method === 'POST' ? form : view.query)?.one(name);
}

/** How a scope reads the parts of a request. */
interface Reading<Request extends SelectorRequest> {
  readonly header: (request: Request, name: string) => string | undefined;
  readonly argument: (request: Request, name: string) => string | undefined;
  /** The path without the query, which may hold a token. */
  readonly path: (request: Request) => string;
}

/** The kind of the node `http`, as in `${http.headers["User-Agent"]}`. */
function httpKind<Request extends SelectorRequest>({
  header,
  argument,
  path,
}: Reading<Request>): Kind<Request> {
  const client = new Kind<Request>({ lookups: { getCgiArgument: argument } });
  const requestLine = new Kind<Request>({ members: { verb: ({ view }) => view.method, uri: path } });
  return new Kind<Request>({
    members: {
      client: (request) => client.of(request),
      request: (request) => requestLine.of(request),
      headers: (request) => dictionary((name) => header(request, name)),
    },
  });
}

/** The request as it was sent; a header that was sent twice is `invalid_request`. */
export const httpAsSent = httpKind<SelectorRequest>({
  header: ({ view }, name) => {
    const [value, second] = headerValues(view, name);
    if (second !== undefined) throw malformed('repeated header');
    return value;
  },
  argument: cgiArgument,
  path: ({ view }) => view.path,
});

const credentialHeaders = new Set(['authorization', 'proxy-authorization', 'cookie']);
const credentialArguments = new Set(['password', 'client_secret', 'access_token', 'refresh_token', 'token']);

/**
 * The request as an answer may show it, without credentials. Those that are known by name are left out
 * (headers) or masked (parameters). Every value that holds the presented token is masked, because a setting
 * decides where the token stands. A header that was sent more than once is one list (RFC 9110 §5.3).
 */
export const httpWithoutCredentials = httpKind<SelectorRequest & { readonly presented: string }>({
  header: ({ view, presented }, name) => {
    const values = headerValues(view, name);
    if (values.length === 0 || credentialHeaders.has(name.toLowerCase())) return undefined;
    return withoutToken(presented, values.join(', '));
  },
  argument: (request, name) => {
    const value = cgiArgument(request, name);
    if (value === undefined) return undefined;
    return credentialArguments.has(name.toLowerCase()) ? masked : withoutToken(request.presented, value);
  },
  path: ({ view, presented }) => withoutToken(presented, view.path),
});

function withoutToken(presented: string, value: string): string {
  return value.includes(presented) ? masked : value;
}
