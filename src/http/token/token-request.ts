import type { TokenRequest } from '../../domain/grants/grant.js';
import { malformed } from '../../domain/oauth-error.js';
import type { Parameters } from '../parameters.js';

/** The parameters of RFC 6749's token requests, which belong into the form and nowhere else. */
const formOnly = [
  'grant_type',
  'scope',
  'username',
  'password',
  'client_id',
  'client_secret',
  'refresh_token',
  'code',
  'redirect_uri',
  'code_verifier',
  'client_assertion',
  'client_assertion_type',
  'assertion',
];

/**
 * Reads an access token request (RFC 6749 §3.2).
 * @throws OAuthError `invalid_request` for an OAuth parameter in the query, where it would be logged on its
 *   way, or one sent twice
 */
export function tokenRequest(query: Parameters, form: Parameters): TokenRequest {
  if (formOnly.some((name) => query.has(name))) throw malformed('OAuth parameter in the query');
  for (const name of formOnly) form.one(name);
  return {
    grantType: form.one('grant_type'),
    scope: form.one('scope'),
    username: form.one('username'),
    password: form.one('password'),
  };
}

/** Axway takes scopes separated by commas as well; RFC 6749 would read `a,b` as one token. */
export function withAxwayScope(request: TokenRequest): TokenRequest {
  return { ...request, scope: request.scope?.replace(/ ?, ?/g, ' ') };
}
