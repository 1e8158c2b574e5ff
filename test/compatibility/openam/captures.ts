import { readFileSync } from 'node:fs';
import type { TestApp } from '../../support/app.js';
import { type Answer, ask, askRaw } from '../../support/exchange.js';
import { basic } from '../../support/token-endpoint.js';

/** A request that was sent to OpenAM, and its answer. Tokens are placeholders, such as `<PW>`. */
export interface Capture {
  readonly id: string;
  readonly case: string;
  readonly request: CapturedRequest;
  readonly answer: CapturedAnswer;
}

interface CapturedRequest {
  readonly method: string;
  readonly path: string;
  /** The client's identifier and secret in HTTP Basic, `id:secret`, not form-encoded. */
  readonly user?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
  /** Left out for 1.1. */
  readonly http?: '1.0';
}

export interface CapturedAnswer {
  readonly status: number;
  /** Those that are compared, see `comparedHeaders`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The members of a JSON object, or the text. */
  readonly body: Readonly<Record<string, unknown>> | string;
}

/** The values of the placeholders, by their names. */
export type NamedTokens = Readonly<Record<string, string>>;

/** The captures of each endpoint. */
export const captures = {
  accessToken: read('access-token'),
  introspect: read('introspect'),
  tokenInfo: read('tokeninfo'),
};

function read(endpoint: string): readonly Capture[] {
  const text = readFileSync(new URL(`./captures/${endpoint}.json`, import.meta.url), 'utf8');
  return JSON.parse(text) as Capture[];
}

/** Sends the captured request to our server. */
export function repeat({ request }: Capture, app: TestApp, tokens: NamedTokens): Promise<Answer> {
  const { method, user, http, body } = request;
  const path = fill(request.path, tokens);
  const credentials = user === undefined ? {} : basic(user);
  const headers: Record<string, string | string[]> = { ...credentials };
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    headers[name] = typeof value === 'string' ? fill(value, tokens) : value.map((one) => fill(one, tokens));
  }
  if (http === undefined) {
    return ask(app, { method, path, headers, body: body === undefined ? undefined : fill(body, tokens) });
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
  return askRaw(app, `${method} ${path} HTTP/${http}\r\n${lines.join('')}\r\n`);
}

/** Replaces `<PW>` by a token, `<PW%>` by the token with each character escaped, `<a*7000>` by 7000 letters. */
function fill(text: string, tokens: NamedTokens): string {
  return text.replace(/<(\w+)(%|\*\d+)?>/g, (_placeholder, name: string, form = '') => {
    if (form.startsWith('*')) return name.repeat(Number(form.slice(1)));
    const token = tokens[name];
    if (token === undefined) throw new Error(`no token is called ${name}`);
    return form === '%' ? token.replace(/./g, (letter) => `%${letter.charCodeAt(0).toString(16)}`) : token;
  });
}
