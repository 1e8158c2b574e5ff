import { copiedParameters } from './additional-information.js';
import type { Pairs } from './attributes.js';
import type { AuthorizationCode } from './authorization-code.js';
import type { Client } from './client.js';
import { formatScope } from './scope.js';
import type { TokenRequest } from './token-request.js';

/** The request that a token was issued for, its secrets masked. */
export interface RecordedRequest {
  readonly scope?: string;
  readonly state?: string;
  readonly redirectUri?: string;
  readonly parameters: Pairs;
}

/** Replaces a password, a secret or a token wherever a request is shown or kept. */
export const masked = 'xxxxxxxx';

/**
 * Makes the record of a token request.
 * @param code the code that was redeemed; scope, state and redirect URI are those of its authorization request then
 */
export function recordRequest(
  client: Client,
  request: TokenRequest,
  code?: AuthorizationCode,
): RecordedRequest {
  const parameters: [string, string | undefined][] = [
    ['grant_type', request.grantType],
    ['client_id', client.clientId],
    ['username', request.username],
    ['password', request.password && masked],
    ['refresh_token', request.refreshToken && masked],
    ['code', request.code && masked],
    ['code_verifier', request.codeVerifier && masked],
    ['scope', request.scope],
    ['state', request.state],
    ['redirect_uri', request.redirectUri],
    ...copiedParameters(client, request),
  ];
  return {
    scope: code ? formatScope(code.scope) : request.scope,
    state: code ? code.state : request.state,
    redirectUri: code ? code.redirectUri : request.redirectUri,
    parameters: parameters.filter((pair): pair is [string, string] => pair[1] !== undefined),
  };
}
