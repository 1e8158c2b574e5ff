import { invalidClient, type ClientCredentials } from '../../domain/client-authenticator.js';
import { OAuthError } from '../../domain/oauth-error.js';
import { decode, type FormParameters, unreadable } from './parameters.js';

/**
 * The credentials that a client sends, in the `Authorization` header or in the form (RFC 6749 §2.3.1);
 * undefined when it sends none.
 * @throws OAuthError `invalid_client` for a header that cannot be read, `invalid_request` for two methods
 *   at once
 */
export function clientCredentials(
  authorization: string | undefined,
  form: FormParameters,
): ClientCredentials | undefined {
  const clientId = form.one('client_id');
  const clientSecret = form.one('client_secret');
  if (authorization === undefined) {
    if (clientId === undefined && clientSecret !== undefined) {
      throw new OAuthError('invalid_request', 'The parameter client_id is missing.');
    }
    return clientId === undefined ? undefined : { clientId, clientSecret };
  }
  const credentials = basicCredentials(authorization);
  if (clientSecret !== undefined) throw twoMethods();
  if (clientId !== undefined && clientId !== credentials.clientId) {
    throw new OAuthError('invalid_request', 'The parameter client_id is not the authenticated client.');
  }
  return credentials;
}

/** RFC 6749 §2.3 allows one method per request. */
export function twoMethods(): OAuthError {
  return new OAuthError('invalid_request', 'More than one method of client authentication was used.');
}

const basic = /^basic +([A-Za-z0-9+/]+={0,2})$/i;
const controlCharacter = /[\x00-\x1F\x7F]/;

/** HTTP Basic (RFC 7617), both halves form-encoded (RFC 6749 §2.3.1). */
function basicCredentials(authorization: string): ClientCredentials {
  const encoded = basic.exec(authorization)?.[1];
  if (encoded === undefined) throw invalidClient('not HTTP Basic');
  const bytes = Buffer.from(encoded, 'base64');
  // Node decodes base64 leniently; only text that encodes back to itself was valid base64.
  if (bytes.toString('base64') !== encoded) throw invalidClient('loosely encoded base64');
  const text = bytes.toString('latin1');
  const colon = text.indexOf(':');
  if (colon < 1) throw invalidClient('no client identifier in HTTP Basic');
  const clientId = decode(text.slice(0, colon));
  const clientSecret = decode(text.slice(colon + 1));
  if (clientId === unreadable || clientSecret === unreadable) throw invalidClient('unreadable HTTP Basic');
  if (controlCharacter.test(clientId + clientSecret)) throw invalidClient('control character in HTTP Basic');
  return { clientId, clientSecret: clientSecret || undefined };
}
