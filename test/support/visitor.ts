import { createHash, randomBytes } from 'node:crypto';
import { type Answer, ask, type Ask } from './exchange.js';
import { formType } from './token-endpoint.js';

/** A challenge and its verifier (RFC 7636). */
export function pkce(): { readonly verifier: string; readonly challenge: string } {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** What a browser would make of an answer. */
export interface Visit extends Answer {
  /** The path and query that was asked for. */
  readonly path: string;
  /** Where it redirects to, resolved; undefined for no redirection. */
  readonly location?: string;
}

/**
 * A browser without a screen: it keeps cookies and fills in forms. It sends what a browser sends with its own forms, unless a
 * test says otherwise.
 */
export class Visitor {
  readonly cookies = new Map<string, string>();

  constructor(private readonly app: { readonly url: string }) {}

  get(path: string, headers: Ask['headers'] = {}): Promise<Visit> {
    return this.ask({ method: 'GET', path, headers });
  }

  post(
    path: string,
    form: Readonly<Record<string, string>> | string,
    headers: Ask['headers'] = { 'sec-fetch-site': 'same-origin' },
  ): Promise<Visit> {
    const body = new URLSearchParams(form).toString();
    return this.ask({ method: 'POST', path, body, headers: { 'content-type': formType, ...headers } });
  }

  /** Sends the form of a page, with these values in its fields. */
  submit(page: Visit, fields: Readonly<Record<string, string>>, headers?: Ask['headers']): Promise<Visit> {
    const { action, hidden } = formOf(page.body);
    const target = action === undefined ? page.path : resolved(page.path, action);
    return this.post(target, { ...hidden, ...fields }, headers);
  }

  /** Follows redirections on this server. */
  async follow(visit: Visit): Promise<Visit> {
    let at = visit;
    for (let steps = 0; at.location?.startsWith(this.app.url); steps++) {
      if (steps === 5) throw new Error('a loop of redirections');
      at = await this.get(at.location.slice(this.app.url.length));
    }
    return at;
  }

  /** Signs in at the page that a request shows, and follows the redirection. */
  async signIn(path: string, username = 'ann', password = 'ann-password'): Promise<Visit> {
    const page = await this.get(path);
    return this.follow(await this.submit(page, { username, password }));
  }

  /** Signs in, and allows what is asked for. */
  async allow(path: string, more: Readonly<Record<string, string>> = {}): Promise<Visit> {
    const page = await this.signIn(path);
    return this.submit(page, { decision: 'allow', ...more });
  }

  private async ask(request: Ask): Promise<Visit> {
    const jar = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const cookie: Record<string, string> = jar === '' ? {} : { cookie: jar };
    const answer = await ask(this.app, { ...request, headers: { ...cookie, ...request.headers } });
    for (const line of answer.headers['set-cookie'] ?? []) this.keep(line);
    const { location } = answer.headers;
    return {
      ...answer,
      path: request.path,
      location: location === undefined ? undefined : resolvedUrl(this.app.url, request.path, location),
    };
  }

  private keep(line: string): void {
    const [pair, ...attributes] = line.split('; ');
    const equals = pair.indexOf('=');
    const name = pair.slice(0, equals);
    if (attributes.includes('Max-Age=0')) this.cookies.delete(name);
    else this.cookies.set(name, pair.slice(equals + 1));
  }
}

function resolvedUrl(base: string, path: string, location: string): string {
  return URL.canParse(location) ? location : new URL(location, base + path).href;
}

function resolved(path: string, reference: string): string {
  const { pathname, search } = new URL(reference, `http://here${path}`);
  return pathname + search;
}

/** The form of a page: where it is sent, and its hidden fields. */
export function formOf(body: string): { readonly action?: string; readonly hidden: Record<string, string> } {
  const [, attributes] = /<form([^>]*)>/.exec(body) ?? [];
  if (attributes === undefined) throw new Error(`a page without a form: ${body}`);
  const action = attribute(attributes, 'action');
  const hidden = [...body.matchAll(/<input\s+type="hidden"([^>]*)>/g)].map(([, input]) => [
    attribute(input, 'name') ?? '',
    attribute(input, 'value') ?? '',
  ]);
  return { action, hidden: Object.fromEntries(hidden) as Record<string, string> };
}

function attribute(text: string, name: string): string | undefined {
  const [, value] = new RegExp(`\\s${name}="([^"]*)"`).exec(text) ?? [];
  return value?.replace(/&#(\d+);/g, (_whole, code: string) => String.fromCharCode(Number(code)));
}

/** The parameters that a visit takes to the client. */
export function parametersOf(
  { location, status }: Visit,
  separator: '?' | '#' = '?',
): Record<string, string> {
  expect(status).toBe(302);
  const [, text] = (location ?? '').split(separator);
  return Object.fromEntries(new URLSearchParams(text));
}

/** The answer's error page: its status and its error code. */
export function pageError({ status, headers, location, body }: Visit): readonly [number, string | undefined] {
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(location).toBeUndefined();
  return [status, /<code>([a-z_]+)<\/code>/.exec(body)?.[1]];
}
