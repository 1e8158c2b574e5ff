import type { Answer } from '../../support/exchange.js';
import type { CapturedAnswer, NamedTokens } from './captures.js';

/**
 * The headers that are compared: those that a client may act on. The captures have no others; `Date`, `Server`,
 * `Vary`, `X-Frame-Options`, `Accept-Ranges`, `Connection` and the like were left out.
 */
const comparedHeaders = [
  'content-type',
  'cache-control',
  'pragma',
  'www-authenticate',
  'allow',
  'content-range',
] as const;

/** What of an answer is compared. */
export type Aspect = 'outcome' | `header ${(typeof comparedHeaders)[number]}` | 'body' | `member ${string}`;

/** What differs, with both values as texts: `none` for a header or member that is missing. */
export interface Difference {
  readonly aspect: Aspect;
  readonly openam: string;
  readonly here: string;
}

/** An answer of ours in the captures' form: names of tokens, or `<new>`, stand in place of their values. */
export function comparable({ status, headers, body }: Answer, tokens: NamedTokens): CapturedAnswer {
  let text = body;
  for (const [name, token] of Object.entries(tokens)) text = text.replaceAll(token, `<${name}>`);
  text = text.replace(/sy[ar]_[A-Za-z0-9_-]{54}/g, '<new>');
  const isJson = headers['content-type'] === 'application/json' && text !== '';
  return {
    status,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body: isJson ? (JSON.parse(text) as Record<string, unknown>) : text,
  };
}

/** The status, and in short what the body says: the code of an error, or whether a token is active. */
export function outcome({ status, body }: CapturedAnswer): string {
  if (body === '' && status === 200) return '200 without a body';
  if (typeof body === 'string') return String(status);
  const { error, active } = body;
  if (typeof active === 'boolean') return `${status} ${active ? 'active' : 'inactive'}`;
  return typeof error === 'string' ? `${status} ${error}` : String(status);
}

/**
 * Compares an answer of ours with OpenAM's. Where the outcomes differ, the rest follows from it and is not
 * compared. The order of members means nothing (RFC 8259 §4), nor does that of scopes (RFC 6749 §3.3).
 */
export function differences(openam: CapturedAnswer, here: CapturedAnswer): Difference[] {
  const outcomes = { aspect: 'outcome', openam: outcome(openam), here: outcome(here) } as const;
  if (outcomes.openam !== outcomes.here) return [outcomes];
  const headers = comparedHeaders.map((name): Difference => {
    return {
      aspect: `header ${name}`,
      openam: openam.headers[name] ?? 'none',
      here: here.headers[name] ?? 'none',
    };
  });
  return [...headers, ...bodies(openam.body, here.body)].filter((one) => one.openam !== one.here);
}

function bodies(openam: CapturedAnswer['body'], here: CapturedAnswer['body']): Difference[] {
  if (typeof openam === 'string' || typeof here === 'string') {
    return [{ aspect: 'body', openam: JSON.stringify(openam), here: JSON.stringify(here) }];
  }
  const names = new Set([...Object.keys(openam), ...Object.keys(here)]);
  return [...names].map((name) => {
    return { aspect: `member ${name}`, openam: shown(name, openam[name]), here: shown(name, here[name]) };
  });
}

/** A member's value as a text, the same for all times and for all orders of scopes. */
function shown(name: string, value: unknown): string {
  if (value === undefined) return 'none';
  if (name === 'exp' && Number.isInteger(value)) return 'a time';
  if (name === 'expires_in' && Number(value) > 3580 && Number(value) <= 3600) return 'the time left';
  if (name === 'scope' && typeof value === 'string') return value.split(' ').sort().join(' ');
  if (name === 'scope' && Array.isArray(value)) return JSON.stringify([...value].sort());
  return typeof value === 'string' ? value : JSON.stringify(value);
}
