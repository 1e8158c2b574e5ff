import { malformed } from '../../domain/oauth-error.js';
import { readForm } from '../request/form-body.js';
import type { LocatedRequest } from '../request/located-request.js';
import { FormParameters } from '../request/parameters.js';
import { viewOf } from '../request/request-view.js';

/** What the forms of our pages hold besides the request; each is accepted in the body alone. */
const formNames = ['username', 'password', 'csrf', 'decision', 'save_consent'] as const;

/** Parameters of an authorization request that mean something here (RFC 6749 §4.1.1, and its extensions). */
export const requestNames = [
  'client_id',
  'response_type',
  'redirect_uri',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
  'response_mode',
  'prompt',
  'max_age',
  'login_hint',
  'ui_locales',
  'locale',
  'request',
  'request_uri',
] as const;

/** The query's one parameter that is not OAuth's. */
const realmName = 'realm';

/** The longest query that we send a browser to: with its path it must fit into a request target. */
const maxQueryLength = 15 * 1024;

/** What came to the authorization endpoint. */
export interface AuthorizationForm {
  /** The parameters of the authorization request. */
  readonly parameters: FormParameters;
  /** The form of one of our pages; undefined where none was posted. */
  readonly posted?: FormParameters;
  /** Whether the request was posted, and belongs into the URL. */
  readonly mustBeGet: boolean;
  /** The parameters, and the realm of the query, as a URL's query: `?client_id=…`. */
  readonly query: string;
}

/**
 * Reads a request. A POST has its authorization request in the query if that names a client, else in the form (as in AM).
 * @throws OAuthError `invalid_request` for what is repeated or unreadable, and for a part of our forms in the URL
 */
export async function readAuthorizationForm(request: LocatedRequest): Promise<AuthorizationForm> {
  const { query } = viewOf(request);
  query.refuseUnreadable();
  if (formNames.some((name) => query.has(name))) throw malformed('a part of our forms in the URL');
  const form = request.method === 'POST' ? await readForm(request, { typeMayBeMissing: false }) : undefined;
  for (const name of formNames) form?.one(name);
  const inForm = form !== undefined && !query.has('client_id');
  const parameters = inForm ? form : query;
  for (const name of requestNames) parameters.one(name);
  const isOurs = form !== undefined && formNames.some((name) => form.has(name));
  return {
    parameters,
    posted: isOurs ? form : undefined,
    mustBeGet: form !== undefined && !isOurs,
    query: queryOf([
      ...(inForm ? query.pairs().filter(([name]) => name === realmName) : []),
      ...parameters.pairs().filter(([name]) => !inForm || !isOfForm(name)),
    ]),
  };
}

/** Whether a parameter of a form is not one of the authorization request. A form names no realm. */
function isOfForm(name: string): boolean {
  return name === realmName || formNames.some((known) => known === name);
}

/**
 * The URL of the same request behind a sign-in, from its query on: without what asked for it, which would ask for ever.
 * @param prompt what is left of the request's `prompt`
 */
export function afterSignIn(query: string, prompt: string | undefined): string {
  return withPrompt(query, prompt, ['max_age']);
}

/** The URL of the same request, where another user can sign in; who then has to agree, if the request wants it asked. */
export function forOtherUser(query: string): string {
  const asked = new FormParameters(query.slice(1)).one('prompt') ?? '';
  return withPrompt(query, asked.split(' ').includes('consent') ? 'login consent' : 'login');
}

function withPrompt(query: string, prompt: string | undefined, without: readonly string[] = []): string {
  const pairs = new FormParameters(query.slice(1)).pairs();
  const rest = pairs.filter(([name]) => name !== 'prompt' && !without.includes(name));
  return queryOf(prompt === undefined ? rest : [...rest, ['prompt', prompt]]);
}

/** @throws OAuthError `invalid_request` for a query that no URL has room for */
function queryOf(pairs: readonly (readonly [name: string, value: string])[]): string {
  const query = `?${pairs.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&')}`;
  if (query.length > maxQueryLength) throw malformed('a request that no URL has room for');
  return query;
}

/** What a query may hold as it stands (RFC 3986 §3.4) stays so: URIs and scopes get no longer than they were. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/%(?:2C|2F|3A|3F|40)/g, decodeURIComponent);
}
