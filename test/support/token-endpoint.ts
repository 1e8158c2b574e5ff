import { type AccessToken, AccessTokenStore, hashToken } from '../../src/domain/access-token.js';
import type { TestApp } from './app.js';
import { type Answer, ask, type Ask } from './exchange.js';
import { storedTokens } from './stored-tokens.js';

/** A form: its parameters, or the encoded text. */
export type Form = Readonly<Record<string, string>> | string | Buffer;

export const formType = 'application/x-www-form-urlencoded';

/** The token endpoint of an application, with a count of the tokens that it stores. */
export class TokenEndpoint {
  private accountedFor = 0;

  /** @param path of requests that state no other */
  constructor(
    private readonly app: TestApp,
    private readonly path: string,
  ) {}

  /** Sends a token request. */
  async ask(form: Form, more: Partial<Ask> = {}): Promise<Answer> {
    const headers = { 'content-type': formType, ...more.headers };
    return this.seen(await ask(this.app, { path: this.path, body: encoded(form), ...more, headers }));
  }

  /** Counts the answer to a token request that was sent in another way. */
  seen(answer: Answer): Answer {
    if (answer.status === 200) this.accountedFor++;
    return answer;
  }

  /** Sends a token request, and returns the token as it was stored; undefined when it is refused. */
  async token(form: Form, more: Partial<Ask> = {}): Promise<AccessToken | undefined> {
    const { body } = await this.ask(form, more);
    const { access_token: value } = JSON.parse(body) as { access_token?: string };
    return value === undefined ? undefined : this.app.nest.get(AccessTokenStore).find(hashToken(value));
  }

  /** The number of tokens that were stored since the last call but not granted, as by a refused request. */
  async leftBehind(): Promise<number> {
    const { length: count } = (await storedTokens(this.app)).accessTokens;
    const leftBehind = count - this.accountedFor;
    this.accountedFor = count;
    return leftBehind;
  }
}

/** Posts a form to any endpoint. */
export function postForm(
  app: TestApp,
  path: string,
  form: Form,
  headers: Ask['headers'] = {},
): Promise<Answer> {
  return ask(app, { path, body: encoded(form), headers: { 'content-type': formType, ...headers } });
}

/** The members of an answer of 200. */
export function members(answer: Answer): Readonly<Record<string, string>> {
  expect(answer.status).toBe(200);
  return JSON.parse(answer.body) as Record<string, string>;
}

function encoded(form: Form): string | Buffer {
  return typeof form === 'string' || Buffer.isBuffer(form) ? form : new URLSearchParams(form).toString();
}

/** An `Authorization` header of HTTP Basic for a text `id:secret` whose halves are already form-encoded. */
export function basic(text: string | Buffer): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(text).toString('base64')}` };
}

/** The headers of every answer. */
export const jsonHeaders = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  pragma: 'no-cache',
};

/** A successful answer, RFC 6749 §5.1. */
export function success(scope: string, expiresIn = 3600): Answer {
  const rest = JSON.stringify({ scope, token_type: 'Bearer', expires_in: expiresIn }).slice(1);
  const literal = rest.replace(/[^A-Za-z0-9]/g, '\\$&');
  const body: unknown = expect.stringMatching(
    new RegExp(`^\\{"access_token":"sya_[A-Za-z0-9_-]{54}",${literal}$`),
  );
  return { status: 200, headers: jsonHeaders, body: body as string };
}

/** A refusal, RFC 6749 §5.2. */
export function refusal(error: string, description: string, more: Partial<Answer> = {}): Answer {
  const body = JSON.stringify({ error, error_description: description });
  return { status: 400, body, ...more, headers: { ...jsonHeaders, ...more.headers } };
}

export const malformed = refusal('invalid_request', 'The request is malformed.');

/** The answer to an OAuth parameter in the URL. */
export const parameterInUrl = refusal(
  'invalid_request',
  'OAuth parameters must be in the body: a URL, and what is in it, gets into logs.',
);

/** The answer to failed client authentication, RFC 6749 §5.2. */
export function failedClient(realm: string): Answer {
  const headers = { 'www-authenticate': `Basic realm="${realm}"` };
  return refusal('invalid_client', 'Client authentication failed.', { status: 401, headers });
}

/** The answer to an unknown path or realm. */
export function notFound(message: string): Answer {
  const body = JSON.stringify({ code: 404, reason: 'Not Found', message });
  return { status: 404, headers: jsonHeaders, body };
}
