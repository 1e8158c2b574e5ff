import { DataSource } from 'typeorm';
import { type AccessToken, AccessTokenStore, hashToken } from '../../src/domain/access-token.js';
import type { TestApp } from './app.js';
import { type Answer, ask, type Ask } from './exchange.js';

/** A form: by its parameters, or as the text that is sent. */
export type Form = Readonly<Record<string, string>> | string | Buffer;

export const formType = 'application/x-www-form-urlencoded';

/** The token endpoint of an application, with a watch on what it keeps. */
export class TokenEndpoint {
  private accountedFor = 0;

  /** @param path where it is asked unless a test says otherwise */
  constructor(
    private readonly app: TestApp,
    private readonly path: string,
  ) {}

  /** Asks for a token. */
  async ask(form: Form, more: Partial<Ask> = {}): Promise<Answer> {
    const headers = { 'content-type': formType, ...more.headers };
    return this.seen(await ask(this.app, { path: this.path, body: encoded(form), ...more, headers }));
  }

  /** Takes note of an answer that was asked for in another way. */
  seen(answer: Answer): Answer {
    if (answer.status === 200) this.accountedFor++;
    return answer;
  }

  /** A token that is granted, as it was stored. */
  async token(form: Form, more: Partial<Ask> = {}): Promise<AccessToken | undefined> {
    const { body } = await this.ask(form, more);
    const { access_token: value } = JSON.parse(body) as { access_token?: string };
    return value === undefined ? undefined : this.app.nest.get(AccessTokenStore).find(hashToken(value));
  }

  /** How many tokens were stored since the last call and not granted: what a refusal left behind. */
  async leftBehind(): Promise<number> {
    const rows = await this.app.nest.get(DataSource).query('SELECT count(*)::int AS count FROM access_token');
    const [{ count }] = rows as { count: number }[];
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

/** An `Authorization` header of HTTP Basic for a text, which is to be form-encoded already. */
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

/** A failed client, RFC 6749 §5.2. */
export function failedClient(realm: string): Answer {
  const headers = { 'www-authenticate': `Basic realm="${realm}"` };
  return refusal('invalid_client', 'Client authentication failed.', { status: 401, headers });
}

/** A path that leads nowhere. */
export function notFound(message: string): Answer {
  const body = JSON.stringify({ code: 404, reason: 'Not Found', message });
  return { status: 404, headers: jsonHeaders, body };
}
