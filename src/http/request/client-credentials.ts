import {
  invalidClient,
  type ClientCredentials,
  secretReadings,
  twoMethods,
} from '../../domain/client-authenticator.js';
import { OAuthError } from '../../domain/oauth-error.js';
import { decode, type FormParameters, unreadable } from './parameters.js';

/**
 * The credentials that a client sends, in the `Authorization` header or in the form (RFC 6749 §2.3.1);
 * undefined when it sends none.
 * @throws OAuthError `invalid_client` for a header that cannot be read, `invalid_request` for two methods
 *   at once, unless both have the same credentials: the client may be allowed that
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
  if (clientSecret !== undefined) return repeated(credentials, clientId, clientSecret);
  if (clientId !== undefined && clientId !== credentials.clientId) {
    throw new OAuthError('invalid_request', 'The parameter client_id is not the authenticated client.');
  }
  return credentials;
}

/** The credentials of a client that sends them in the header and in the form, if they are the same. */
function repeated(
  header: ClientCredentials,
  clientId: string | undefined,
  clientSecret: string,
): ClientCredentials {
  if (clientId !== header.clientId || !secretReadings(header).includes(clientSecret)) throw twoMethods();
  return { clientId, clientSecret, repeated: true };
}

const basic = /^basic +([A-Za-z0-9+/]+={0,2})$/i;
const controlCharacter = /[\x00-\x1F\x7F]/;

/** HTTP Basic (RFC 7617). Both halves are form-encoded (RFC 6749 §2.3.1); the secret may stand as it is. */
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
  if (clientId === unreadable) throw invalidClient('unreadable HTTP Basic');
  if (controlCharacter.test(clientId)) throw invalidClient('control character in HTTP Basic');
  return { clientId, ...readingsOf(bytes.subarray(colon + 1)) };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The readings of a secret in HTTP Basic: form-decoded and, where that differs, as it stands. Many clients, those of AM
 * and Axway among them, do not encode it.
 */
function readingsOf(secret: Buffer): Pick<ClientCredentials, 'clientSecret' | 'otherReading'> {
  const literal = literalText(secret);
  const decoded = decode(secret.toString('latin1'));
  // What decodes to no secret was not encoded.
  if (decoded === unreadable || controlCharacter.test(decoded)) return { clientSecret: literal };
  return { clientSecret: decoded || undefined, otherReading: decoded === literal ? undefined : literal };
}

function literalText(secret: Buffer): string {
  let text: string;
  try {
    text = utf8.decode(secret);
  } catch {
    throw invalidClient('unreadable HTTP Basic');
  }
  if (controlCharacter.test(text)) throw invalidClient('control character in HTTP Basic');
  return text;
}
