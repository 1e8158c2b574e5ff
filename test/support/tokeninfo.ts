import type { TestApp, TokenToStore } from './app.js';
import { client, configuration } from './configuration.js';
import { type Answer, ask } from './exchange.js';
import { formType, jsonHeaders, notFound, refusal } from './token-endpoint.js';

/** The path of each flavour. */
export const axwayPath = '/api/oauth/tokeninfo';
export const forgeRockPath = '/oauth2/tokeninfo';

/** The root realm and `/alpha`, each with the client `app` and the user `ann`. */
export const twoRealms = configuration({
  '/': { clients: [client()], users: [{ username: 'ann', password: 'ann-password' }] },
  '/alpha': { clients: [client()], users: [{ username: 'ann', password: 'ann-password' }] },
});

/** Stores a token of the root realm's client `app` for `ann`, valid for an hour, except as stated. */
export async function storeToken(
  app: TestApp,
  value: string,
  fields: Partial<TokenToStore> = {},
): Promise<void> {
  const now = app.clock.now();
  await app.storeToken(value, {
    realm: '/',
    clientId: 'app',
    username: 'ann',
    scope: ['read'],
    grantType: 'password',
    authLevel: 0,
    issuedAt: now,
    expiresAt: now + 3_600_000,
    ...fields,
  });
}

/** The fields of a token without a resource owner. */
export const ofClient = { username: undefined, grantType: 'client_credentials' } as const;

/** Asks Axway's flavour by GET. */
export function askAxway(app: TestApp, query: string): Promise<Answer> {
  return ask(app, { method: 'GET', path: `${axwayPath}?${query}` });
}

/** Asks Axway's flavour by a form. */
export function postAxway(app: TestApp, form: string | Buffer): Promise<Answer> {
  return ask(app, { method: 'POST', path: axwayPath, headers: { 'content-type': formType }, body: form });
}

/** Asks ForgeRock's flavour with a token in the header. */
export function askForgeRock(app: TestApp, token: string, path = forgeRockPath): Promise<Answer> {
  return ask(app, { method: 'GET', path, headers: { authorization: `Bearer ${token}` } });
}

/** An answer of 200 with this body. */
export function ok(body: string): Answer {
  return { status: 200, headers: jsonHeaders, body };
}

/** The refusals of Axway's flavour. */
export const axwayRefusals = {
  noToken: refusal('invalid_request', 'Unable to find token in the message.'),
  unknown: refusal('invalid_token', 'Unable to find the access token in persistent storage.'),
  expired: refusal('invalid_token', 'The access token expired.'),
  withdrawn: refusal('invalid_token', 'The client app was not found or is disabled.'),
  malformed: refusal('invalid_request', 'The request is malformed.'),
};

/** A refusal of ForgeRock's flavour. */
export function forgeRockRefusal(
  status: number,
  error: string,
  description: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const body = JSON.stringify({ error_description: description, error });
  return { status, headers: { ...jsonHeaders, ...headers }, body };
}

const deadToken = 'The access token provided is expired, revoked, malformed, or invalid for other reasons.';

/** ForgeRock's 401 for a token that is not active in the requested realm. */
export function deadIn(realm: string): Answer {
  const challenge = `Bearer realm="${realm}", error="invalid_token"`;
  return forgeRockRefusal(401, 'invalid_token', deadToken, { 'www-authenticate': challenge });
}

/** ForgeRock's 401 for a request without a token. */
export function noTokenIn(realm: string): Answer {
  const challenge = `Bearer realm="${realm}"`;
  return forgeRockRefusal(401, 'invalid_token', deadToken, { 'www-authenticate': challenge });
}

export const forgeRockMalformed = forgeRockRefusal(400, 'invalid_request', 'The request is malformed.');

/** ForgeRock's answer to a method that the endpoint has not, in the form of its 404. */
export const methodNotAllowed: Answer = {
  status: 405,
  headers: { ...jsonHeaders, allow: 'GET, HEAD' },
  body:
    '{"code":405,"reason":"Method Not Allowed","message":"The method specified in the request is not allowed ' +
    'for the resource identified by the request URI"}',
};

/** The answers to unknown paths and realms. */
export const noEndpoint = notFound('Resource not found');
export const noRealm = notFound('Realm not found');
