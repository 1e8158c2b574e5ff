import type { AuthorizationRequest } from '../../domain/authorization-request.js';
import type { FormParameters } from '../request/parameters.js';

/** Reads an authorization request (RFC 6749 §4.1.1). */
export function authorizationRequest(parameters: FormParameters): AuthorizationRequest {
  return {
    responseType: parameters.one('response_type'),
    clientId: parameters.one('client_id'),
    redirectUri: parameters.one('redirect_uri'),
    scope: parameters.one('scope'),
    state: parameters.one('state'),
    codeChallenge: parameters.one('code_challenge'),
    codeChallengeMethod: parameters.one('code_challenge_method'),
    responseMode: parameters.one('response_mode'),
    prompt: parameters.one('prompt'),
    maxAge: parameters.one('max_age'),
    loginHint: parameters.one('login_hint'),
    request: parameters.one('request'),
    requestUri: parameters.one('request_uri'),
    parameter: (name) => parameters.one(name),
  };
}

/** Axway takes scopes separated by commas as well. */
export function axwayAuthorizationRequest(parameters: FormParameters): AuthorizationRequest {
  const request = authorizationRequest(parameters);
  return { ...request, scope: request.scope?.replaceAll(',', ' ') };
}
