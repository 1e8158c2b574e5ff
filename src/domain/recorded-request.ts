import type { RecordedRequest } from './access-token.js';
import type { Pairs } from './attributes.js';
import type { Client } from './client.js';
import type { TokenRequest } from './token-request.js';
import { OAuthError } from './oauth-error.js';

/** Stands for a password, a secret or a token wherever a request is shown or kept. */
export const masked = 'xxxxxxxx';

/** Parameters that mean something to the protocol, or are secret: none of them is information about a token. */
const reserved = new Set([
  'grant_type',
  'scope',
  'username',
  'password',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
  'assertion',
  'access_token',
  'refresh_token',
  'token',
  'token_type_hint',
  'code',
  'code_verifier',
  'redirect_uri',
  'state',
  'realm',
  'format',
]);

/** Whether a request parameter of this name may be taken over into a token's additional information. */
export function isAdditionalParameter(name: string): boolean {
  return /^[\x21-\x7E]{1,255}$/.test(name) && !name.includes('[') && !reserved.has(name);
}

/** The longest value that is taken over into a token's additional information, in characters. */
const maxValueLength = 1024;

/**
 * What a token is issued with as additional information: what the client's registration says, then those of its
 * listed parameters that it sent. What is registered cannot be replaced by what is sent.
 * @throws OAuthError `invalid_request` for a value of more than 1024 characters
 */
export function additionalInformation(client: Client, request: TokenRequest): Pairs | undefined {
  const registered = new Set(client.additionalInformation.map(([name]) => name));
  const sent = sentParameters(client, request).filter(([name]) => !registered.has(name));
  const information = [...client.additionalInformation, ...sent];
  return information.length > 0 ? information : undefined;
}

/** How a token was asked for, its secrets masked: what may be stored of it. */
export function recordRequest(client: Client, request: TokenRequest): RecordedRequest {
  const parameters: [string, string | undefined][] = [
    ['grant_type', request.grantType],
    ['client_id', client.clientId],
    ['username', request.username],
    ['password', request.password && masked],
    ['refresh_token', request.refreshToken && masked],
    ['scope', request.scope],
    ['state', request.state],
    ['redirect_uri', request.redirectUri],
    ...sentParameters(client, request),
  ];
  return {
    scope: request.scope,
    state: request.state,
    redirectUri: request.redirectUri,
    parameters: parameters.filter((pair): pair is [string, string] => pair[1] !== undefined),
  };
}

function sentParameters(client: Client, request: TokenRequest): [string, string][] {
  return client.copiedParameters.flatMap((name): [string, string][] => {
    const value = request.parameter(name);
    if (value === undefined) return [];
    if (value.length > maxValueLength) {
      throw new OAuthError('invalid_request', 'An additional parameter is longer than 1024 characters.');
    }
    return [[name, value]];
  });
}
