import { STATUS_CODES } from 'node:http';
import {
  OAuthError,
  type OAuthErrorCode,
  StoreUnavailable,
  TooManyAttempts,
} from '../../domain/oauth-error.js';
import type { AnswerDetails } from '../../observability/request-observer.js';
import { type JsonMembers, jsonReply, type Reply } from './reply.js';

/** The path names no endpoint, or no realm. */
export class NotFound extends Error {
  constructor(readonly what: 'endpoint' | 'realm') {
    super(`No such ${what}.`);
    this.name = 'NotFound';
  }
}

/** The endpoint exists, but not for this method (RFC 9110 §15.5.6). */
export class MethodNotAllowed extends OAuthError {
  /** @param allow the allowed methods, as the `Allow` header lists them */
  constructor(readonly allow: string) {
    super('invalid_request', 'The method is not allowed here.', undefined, 'method');
    this.name = 'MethodNotAllowed';
  }
}

/** Value of `Retry-After` while the server cannot answer, in seconds. */
const retryAfter = '2';

/** The refusal while the store is unavailable. */
function storeUnavailable(): OAuthError {
  return new OAuthError(
    'temporarily_unavailable',
    'The server is temporarily unavailable.',
    'store unavailable',
    'store_unavailable',
  );
}

/** Any error as a refusal in OAuth's terms. An unexpected one becomes `server_error` without details. */
export function toRefusal(error: unknown): OAuthError {
  if (error instanceof OAuthError) return error;
  if (error instanceof StoreUnavailable) return storeUnavailable();
  const description = 'The server met an unexpected condition.';
  return new OAuthError('server_error', description, 'unexpected error', 'fault');
}

const statuses: Partial<Record<OAuthErrorCode, number>> = {
  invalid_client: 401,
  invalid_token: 401,
  insufficient_scope: 403,
  server_error: 500,
  temporarily_unavailable: 503,
  too_many_attempts: 429,
};

/** Status and headers that a refusal has in every flavour, unless the flavour says otherwise. */
export function refusalFrame(error: OAuthError): { status: number; headers: Record<string, string> } {
  if (error instanceof MethodNotAllowed) return { status: 405, headers: { Allow: error.allow } };
  const headers: Record<string, string> = {};
  if (error.code === 'temporarily_unavailable') headers['Retry-After'] = retryAfter;
  if (error instanceof TooManyAttempts) headers['Retry-After'] = String(Math.ceil(error.retryAfterMs / 1000));
  return { status: statuses[error.code] ?? 400, headers };
}

/** The details of a refusal, for observers of requests. */
export function detailsOf(error: OAuthError, realm?: string): AnswerDetails {
  const { client, code, detail, reason } = error;
  return {
    realm,
    clientId: client?.clientId,
    application: client?.application,
    error: code,
    detail,
    // Most requests that have not the right form need no word of their own.
    reason: reason ?? (code === 'invalid_request' ? 'malformed_request' : undefined),
  };
}

/** A 404 answer with ForgeRock's texts. */
export function notFound(error: NotFound): Reply {
  const message = error.what === 'realm' ? 'Realm not found' : 'Resource not found';
  const reason = error.what === 'realm' ? 'no_such_realm' : undefined;
  return jsonReply(404, httpError(404, message), { details: { error: 'not_found', reason } });
}

/** A 405 answer with ForgeRock's texts, for endpoints whose other errors have its form, too. */
export function methodNotAllowed(error: MethodNotAllowed, realm?: string): Reply {
  const { status, headers } = refusalFrame(error);
  const message =
    'The method specified in the request is not allowed for the resource identified by the request URI';
  return jsonReply(status, httpError(status, message), { headers, details: detailsOf(error, realm) });
}

/** ForgeRock's form of an error of HTTP, which is not OAuth's. */
function httpError(status: number, message: string): JsonMembers {
  return [
    ['code', status],
    ['reason', STATUS_CODES[status] ?? ''],
    ['message', message],
  ];
}

/** Values of `WWW-Authenticate`: RFC 6749 §5.2 for a client, RFC 6750 §3 for a caller's token. */
const challenges: Partial<Record<OAuthErrorCode, (realm: string) => string>> = {
  invalid_client: (realm) => `Basic realm="${realm}"`,
  invalid_token: (realm) => `Bearer realm="${realm}", error="invalid_token"`,
  insufficient_scope: (realm) => `Bearer realm="${realm}", error="insufficient_scope"`,
};

/** A refusal in the form of RFC 6749 §5.2, with a challenge where client authentication or a token failed. */
export function oauthRefusal(error: OAuthError, realm = '/'): Reply {
  const { status, headers } = refusalFrame(error);
  const challenge = challenges[error.code];
  if (challenge) headers['WWW-Authenticate'] = challenge(realm);
  return jsonReply(
    status,
    [
      ['error', error.code],
      ['error_description', error.description],
    ],
    { headers, details: detailsOf(error, realm) },
  );
}
