import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Directory } from '../../domain/directory.js';
import type { MaybePromise } from '../../domain/maybe-promise.js';
import type { Realm } from '../../domain/realm.js';
import type { ClientForm } from '../request/client-form.js';
import { headerValues } from '../request/request-view.js';
import type { Reply } from './reply.js';

/** How long a browser may remember the answer to a preflight, in seconds. */
export const preflightMaxAge = '600';

/** The headers that a client sends at our endpoints, besides those that every page may send. */
export const allowedHeaders = 'Authorization, Content-Type';

/** Whether a browser asks whether it may send a request (Fetch standard, *CORS-preflight request*). */
function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

/** The one origin that a request names (RFC 6454 §7); undefined for none, `null` among them, and for two. */
function originOf(request: IncomingMessage): string | undefined {
  const [origin, second] = headerValues(request, 'origin');
  return second === undefined && origin !== 'null' ? origin : undefined;
}

/**
 * Lets pages of other origins read our answers (Fetch standard, *CORS protocol*): those that clients are registered with,
 * each named alone, and never with a user's cookies.
 */
export class CrossOrigin {
  constructor(private readonly directory: Directory) {}

  /**
   * Lets a page read the answer to a request of a client, if the client lists the page's origin.
   * @throws OAuthError for credentials that cannot be read
   */
  async permitClient(
    request: IncomingMessage,
    response: ServerResponse,
    { realm, credentials }: ClientForm,
  ): Promise<void> {
    const origin = noteOrigin(request, response);
    const clientId = origin === undefined ? undefined : credentials()?.clientId;
    if (origin === undefined || clientId === undefined) return;
    const client = await this.directory.findClient(realm.path, clientId);
    if (client?.enabled && client.origins.includes(origin)) permit(response, origin);
  }

  /** Lets a page read the answer, if any enabled client of the realm lists the page's origin. */
  async permitAny(request: IncomingMessage, response: ServerResponse, realm: string): Promise<void> {
    const origin = noteOrigin(request, response);
    if (origin !== undefined && (await this.directory.listsOrigin(realm, origin))) permit(response, origin);
  }

  /**
   * The answer to a preflight, which names no client: for every origin that an enabled client of the realm lists.
   * @param methods those of the endpoint, as `Access-Control-Allow-Methods` lists them
   * @param findRealm finds the realm that the request is about
   * @returns undefined for a request that is no preflight, or of an origin that no client lists
   */
  async preflight(
    request: IncomingMessage,
    methods: string,
    findRealm: () => MaybePromise<Realm | undefined>,
  ): Promise<Reply | undefined> {
    const origin = originOf(request);
    if (!isPreflight(request) || origin === undefined) return undefined;
    const realm = await findRealm();
    if (!realm || !(await this.directory.listsOrigin(realm.path, origin))) return undefined;
    return {
      status: 204,
      headers: {
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Allow-Methods': methods,
        'Access-Control-Allow-Headers': allowedHeaders,
        'Access-Control-Max-Age': preflightMaxAge,
        Vary: 'Origin',
      },
      body: '',
      details: { realm: realm.path },
    };
  }
}

/** The request's origin. A cache must not give its answer to a page of another one. */
function noteOrigin(request: IncomingMessage, response: ServerResponse): string | undefined {
  if (request.headers.origin !== undefined) response.setHeader('Vary', 'Origin');
  return originOf(request);
}

function permit(response: ServerResponse, origin: string): void {
  response.setHeader('Access-Control-Allow-Origin', origin);
}
