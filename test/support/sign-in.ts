import { createHash } from 'node:crypto';
import { type ClientFields, client, publicClient } from './configuration.js';
import { type Answer } from './exchange.js';
import { postForm } from './token-endpoint.js';
import { Visitor } from './visitor.js';

/** Where the client's users come back to. */
export const callback = 'https://app.example.com/callback';

/** A verifier and its challenge (RFC 7636). */
export const verifier = 'verifier-of-a-test-with-43-characters-or-more';
export const challenge = createHash('sha256').update(verifier).digest('base64url');

/** The client `app` of `client()`, with one redirect URI. */
export function codeClient(fields: ClientFields = {}): ClientFields {
  return client({ redirect_uris: [callback], ...fields });
}

/** A public client of this kind. */
export function publicCodeClient(fields: ClientFields = {}): ClientFields {
  return publicClient({
    grant_types: ['authorization_code', 'refresh_token'],
    redirect_uris: [callback],
    ...fields,
  });
}

/** The user whom a visitor signs in as. */
export const ann = { username: 'ann', password: 'ann-password' };

/** A parameter that is undefined is left out. */
export type RequestParameters = Readonly<Record<string, string | undefined>>;

const usual: RequestParameters = {
  response_type: 'code',
  client_id: 'app',
  redirect_uri: callback,
  scope: 'read',
  state: 'a state',
  code_challenge: challenge,
  code_challenge_method: 'S256',
};

/** The parameters of a good authorization request, except as stated. */
export function requestParameters(parameters: RequestParameters = {}): [name: string, value: string][] {
  return Object.entries({ ...usual, ...parameters }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
}

/** The path of an authorization request, good except as stated. */
export function authorize(parameters: RequestParameters = {}, path = '/oauth2/authorize'): string {
  return `${path}?${new URLSearchParams(requestParameters(parameters)).toString()}`;
}

/** Redeems a code at the token endpoint. */
export function redeem(
  app: Parameters<typeof postForm>[0],
  code: string,
  { path = '/oauth2/access_token', ...parameters }: RequestParameters = {},
): Promise<Answer> {
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: callback,
    code_verifier: verifier,
    client_id: 'app',
    client_secret: 'app-secret',
    ...parameters,
  };
  const sent = Object.entries(form).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return postForm(app, path ?? '', Object.fromEntries(sent));
}

/** A new visitor, and its way to the answer that takes it to the client. */
export async function allowed(app: { readonly url: string }, path = authorize()) {
  const visitor = new Visitor(app);
  return { visitor, visit: await visitor.allow(path) };
}
