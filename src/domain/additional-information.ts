import type { Pairs } from './attributes.js';
import type { Client } from './client.js';
import { OAuthError } from './oauth-error.js';
import type { TokenRequest } from './token-request.js';

/** The parameters of a request by their names. */
type SentParameters = Pick<TokenRequest, 'parameter'>;

/** Protocol parameters and secrets, which are never copied into a token. */
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
  'csrf',
]);

/** Whether a request parameter of this name may be copied into a token's additional information. */
export function isCopyableParameter(name: string): boolean {
  return /^[\x21-\x7E]{1,255}$/.test(name) && !name.includes('[') && !reserved.has(name);
}

/** The longest value that is copied, in characters. */
const maxValueLength = 1024;

/**
 * The additional information of a new token, undefined for none: first the pairs registered for the client,
 * then the request parameters that its registration copies. A parameter never replaces a registered pair.
 * @throws OAuthError `invalid_request` for a value of more than 1024 characters
 */
export function additionalInformation(client: Client, request: SentParameters): Pairs | undefined {
  const registered = new Set(client.additionalInformation.map(([name]) => name));
  const copied = copiedParameters(client, request).filter(([name]) => !registered.has(name));
  const information = [...client.additionalInformation, ...copied];
  return information.length > 0 ? information : undefined;
}

/** Some information, overridden and completed by other information; undefined where there is neither. */
export function overridden(information: Pairs | undefined, other: Pairs | undefined): Pairs | undefined {
  if (!information || !other) return information ?? other;
  const values = new Map([...information, ...other]);
  return [...values];
}

/**
 * The request parameters that the client's registration copies and that were sent.
 * @throws OAuthError `invalid_request` for a value of more than 1024 characters
 */
export function copiedParameters(client: Client, request: SentParameters): [string, string][] {
  return client.copiedParameters.flatMap((name): [string, string][] => {
    const value = request.parameter(name);
    if (value === undefined) return [];
    if (value.length > maxValueLength) {
      throw new OAuthError('invalid_request', 'An additional parameter is longer than 1024 characters.');
    }
    return [[name, value]];
  });
}
