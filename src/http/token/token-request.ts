import type { RequestOrigin, TokenRequest } from '../../domain/token-request.js';
import { OAuthError } from '../../domain/oauth-error.js';
import type { FormParameters } from '../request/parameters.js';

/** Parameters of token requests (RFC 6749 and its extensions); they belong in the form only. */
export const tokenParameters = [
  'grant_type',
  'scope',
  'username',
  'password',
  'refresh_token',
  'code',
  'redirect_uri',
  'state',
  'code_verifier',
  'assertion',
];

/** Reads an access token request (RFC 6749 §3.2). */
export function tokenRequest(form: FormParameters, origin: RequestOrigin): TokenRequest {
  return {
    grantType: form.one('grant_type'),
    scope: form.one('scope'),
    username: form.one('username'),
    password: form.one('password'),
    refreshToken: form.one('refresh_token'),
    code: form.one('code'),
    codeVerifier: form.one('code_verifier'),
    state: form.one('state'),
    redirectUri: form.one('redirect_uri'),
    origin,
    parameter: (name) => form.one(name),
  };
}

/** Axway takes scopes separated by commas as well; RFC 6749 would read `a,b` as one token. */
export function axwayTokenRequest(form: FormParameters, origin: RequestOrigin): TokenRequest {
  const request = tokenRequest(form, origin);
  return { ...request, scope: request.scope?.replaceAll(',', ' ') };
}

/** Formats of Axway's token answer. */
export const tokenFormats = ['json', 'urlencoded', 'xml'] as const;

export type TokenFormat = (typeof tokenFormats)[number];

/**
 * Axway's optional parameter `format`, by default `json`.
 * @throws OAuthError `invalid_request` for an unknown format
 */
export function axwayTokenFormat(form: FormParameters): TokenFormat {
  const asked = form.one('format') ?? 'json';
  const format = tokenFormats.find((known) => known === asked);
  if (!format)
    throw new OAuthError('invalid_request', 'The parameter format is none of json, urlencoded, xml.');
  return format;
}
