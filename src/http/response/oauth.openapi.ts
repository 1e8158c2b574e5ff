import { type OAuthErrorCode, oauthErrorCodes } from '../../domain/oauth-error.js';
import {
  type AnswerDescription,
  headerOf,
  type HeaderDescription,
  jsonAnswer,
  type MediaType,
  optionalHeaders,
} from '../../openapi/operation.js';
import { objectOf, oneOf, type Schema, text } from '../../openapi/schema.js';
import { pageAnswer } from '../pages/page.openapi.js';
import { inputFaults } from './input-fault.js';

type Headers = Readonly<Record<string, HeaderDescription>>;

/** Caches must not keep it (RFC 6749 §5.1). */
export const noStoreHeaders: Headers = {
  'Cache-Control': headerOf(text('Caches must not keep it.', { const: 'no-store' })),
  Pragma: headerOf(text('The same for caches of HTTP/1.0.', { const: 'no-cache' })),
};

/** What lets a page of another origin read an answer (Fetch standard, *CORS protocol*). */
export const crossOriginHeaders: Headers = {
  'Access-Control-Allow-Origin': {
    description: 'The origin of the request, if the client is registered with it.',
    required: false,
    schema: text(),
  },
  Vary: { description: '`Origin`, for a request that has one.', required: false, schema: text() },
};

/** A JSON answer that caches must not keep. */
export function oauthAnswer(
  description: string,
  schema: Schema,
  example: unknown,
  headers: Headers = {},
): AnswerDescription {
  return { ...jsonAnswer(description, schema, example), headers: { ...noStoreHeaders, ...headers } };
}

const description = text('What is wrong, in fixed words: nothing that a caller sent is echoed.', {
  pattern: '^[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]+$',
});

/** The form of RFC 6749 §5.2. */
export const oauthError = objectOf(
  { error: oneOf(oauthErrorCodes, 'The error code.'), error_description: description },
  {},
  { title: 'OAuthError', description: 'A refusal (RFC 6749 §5.2, RFC 6750 §3.1).' },
);

/** ForgeRock's form of an error of HTTP. */
export const httpError = objectOf(
  {
    code: { type: 'integer', minimum: 400, maximum: 599, description: 'The status of the answer.' },
    reason: text('The words that HTTP has for the status.'),
    message: text(),
  },
  {},
  { title: 'HttpError', description: 'An error of HTTP, which is not OAuth’s, as ForgeRock AM answers it.' },
);

/** A refusal with examples by their error codes. */
function refusal(
  name: string,
  text: string,
  examples: Partial<Record<OAuthErrorCode, string>>,
  headers: Headers = {},
): AnswerDescription {
  const media: MediaType = {
    schema: oauthError,
    examples: Object.fromEntries(
      Object.entries(examples).map(([error, error_description]) => [error, { error, error_description }]),
    ),
  };
  return {
    name,
    description: text,
    headers: { ...noStoreHeaders, ...crossOriginHeaders, ...headers },
    content: { 'application/json': media },
  };
}

/** When a request may be sent again. */
export const retryAfter = headerOf(text('After how many seconds to ask again.', { pattern: '^[0-9]+$' }));

/** What a caller is told that has failed to prove who it is. */
export const challenge = headerOf(
  text('The challenge of RFC 7617 or RFC 6750 §3.', { pattern: '^(?:Basic|Bearer) realm=' }),
);

export const serverError = refusal('ServerError', 'A fault of the server’s own.', {
  server_error: 'The server met an unexpected condition.',
});

export const unavailable = refusal(
  'Unavailable',
  'The store does not answer, or more passwords wait than can be checked. It does not say that a token is invalid.',
  { temporarily_unavailable: 'The server is temporarily unavailable.' },
  { 'Retry-After': retryAfter },
);

export const noSuchRealm: AnswerDescription = {
  name: 'RealmNotFound',
  ...oauthAnswer(
    'There is no such realm.',
    httpError,
    { code: 404, reason: 'Not Found', message: 'Realm not found' },
    crossOriginHeaders,
  ),
};

/** The refusals of endpoints where clients prove who they are. */
export const clientRefusals: Readonly<Record<number, AnswerDescription>> = {
  400: refusal('BadRequest', 'The request cannot be granted.', {
    invalid_request: 'The request is malformed.',
    invalid_grant: 'The resource owner credentials are invalid.',
    invalid_scope: 'A requested scope is not registered for the client.',
    unauthorized_client: 'The client may not use this grant type.',
    unsupported_grant_type: 'The grant type is not supported.',
  }),
  401: refusal(
    'Unauthorized',
    'The client is unknown, or has not proven who it is.',
    { invalid_client: 'Client authentication failed.' },
    { 'WWW-Authenticate': challenge },
  ),
  404: noSuchRealm,
  429: refusal(
    'TooManyAttempts',
    'Too many passwords or secrets from this address were wrong.',
    { too_many_attempts: 'Too many failed attempts. Wait before the next one.' },
    { 'Retry-After': retryAfter },
  ),
  500: serverError,
  503: unavailable,
};

/** What is wrong with a request before an endpoint sees it. */
export const inputRefusals = Object.fromEntries(
  Object.entries(inputFaults).map(([status, words]) => [
    status,
    {
      ...oauthAnswer(words, oauthError, { error: 'invalid_request', error_description: words }),
      name: `Input${status}`,
    },
  ]),
);

/** The refusals of endpoints that take a Bearer token as well. */
export const bearerRefusals: Readonly<Record<number, AnswerDescription>> = {
  ...clientRefusals,
  401: refusal(
    'UnauthorizedCaller',
    'The client, or the access token of the caller, is not believed.',
    { invalid_client: 'Client authentication failed.', invalid_token: 'The access token is invalid.' },
    { 'WWW-Authenticate': challenge },
  ),
  403: refusal(
    'Forbidden',
    'The access token of the caller lacks the scope.',
    { insufficient_scope: 'The access token may not be used here.' },
    { 'WWW-Authenticate': challenge },
  ),
};

/** The endpoint does not take the method. */
export const methodNotAllowed = refusal(
  'MethodNotAllowed',
  'The endpoint does not take the method.',
  { invalid_request: 'The method is not allowed here.' },
  { Allow: headerOf(text('The methods that it takes.')) },
);

const page = pageAnswer('The page does not take the method.');

/** The answers to requests of a path or a method that no endpoint has. Pages and ForgeRock’s flavour have their own 405. */
export const elsewhere: Readonly<Record<number, AnswerDescription>> = {
  404: {
    ...oauthAnswer('There is no such endpoint, or no such realm.', httpError, {
      code: 404,
      reason: 'Not Found',
      message: 'Resource not found',
    }),
    name: 'NotFound',
  },
  405: {
    name: 'MethodNotTaken',
    description: 'The endpoint does not take the method.',
    headers: { ...optionalHeaders(page.headers), ...methodNotAllowed.headers },
    content: {
      'application/json': {
        schema: { oneOf: [oauthError, httpError] },
        examples: {
          oauth: { error: 'invalid_request', error_description: 'The method is not allowed here.' },
        },
      },
      ...page.content,
    },
  },
};
