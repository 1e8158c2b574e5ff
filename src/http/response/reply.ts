import type { ServerResponse } from 'node:http';
import type { AnswerDetails } from '../../observability/request-observer.js';

/** An answer as plain data, which any code that writes HTTP can send. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Values of `Set-Cookie`, each a header of its own. */
  readonly cookies?: readonly string[];
  readonly body: string;
  /** For the observers of requests; not part of the answer. */
  readonly details?: AnswerDetails;
}

export type JsonValue = string | number | boolean | readonly string[];

/**
 * Members of a JSON object in the order they are written: an object would reorder `12` and swallow
 * `__proto__`.
 */
export type JsonMembers = readonly (readonly [name: string, value: JsonValue])[];

/** RFC 6749 §5.1, for every answer. */
const noStore = { 'Cache-Control': 'no-store', Pragma: 'no-cache' } as const;

/** No charset: known consumers compare the whole value. */
const jsonHeaders = { 'Content-Type': 'application/json', ...noStore } as const;

/** The same as names and values in turn, as Node takes them. */
const jsonHeaderLines = Object.entries(jsonHeaders).flat();

/** An answer in a format other than JSON. Caches must not store it either. */
export function formattedReply(contentType: string, body: string, details: AnswerDetails): Reply {
  return { status: 200, headers: { 'Content-Type': contentType, ...noStore }, body, details };
}

/** A redirection that caches must not store. */
export function redirection(
  status: 302 | 303,
  location: string,
  { cookies, details }: Pick<Reply, 'cookies' | 'details'>,
): Reply {
  return { status, headers: { Location: location, ...noStore }, cookies, body: '', details };
}

/** A JSON object that is written member by member, in their order: a list of pairs costs an object for each of them. */
export class JsonObject {
  private text = '';

  add(name: string, value: JsonValue): this {
    this.text += `${this.text === '' ? '{' : ','}${quotedName(name)}:${valueText(value)}`;
    return this;
  }

  toString(): string {
    return this.text === '' ? '{}' : `${this.text}}`;
  }
}

/** A JSON answer that caches must not store. */
export function jsonReply(
  status: number,
  members: JsonMembers | JsonObject,
  more: { headers?: Readonly<Record<string, string>>; details?: AnswerDetails } = {},
): Reply {
  return {
    status,
    headers: more.headers ? { ...jsonHeaders, ...more.headers } : jsonHeaders,
    body: members instanceof JsonObject ? members.toString() : writeJson(members),
    details: more.details,
  };
}

function writeJson(members: JsonMembers): string {
  const object = new JsonObject();
  for (const [name, value] of members) object.add(name, value);
  return object.toString();
}

/** What lists were written as: nearly always they are the scopes of tokens, which share them. */
const listTexts = new WeakMap<readonly string[], string>();

function valueText(value: JsonValue): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object') return String(value);
  const known = listTexts.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  listTexts.set(value, text);
  return text;
}

/** Text that JSON does not escape (RFC 8259 §7): this test costs a third of what escaping costs. */
const plain = /^[\x20-\x21\x23-\x5B\x5D-\x7E]*$/;

function quoted(text: string): string {
  return plain.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** Quoted names of members: nearly always the same. Scopes may add some, so their number is limited. */
const quotedNames = new Map<string, string>();
const maxQuotedNames = 1000;

function quotedName(name: string): string {
  const known = quotedNames.get(name);
  if (known !== undefined) return known;
  const text = JSON.stringify(name);
  if (quotedNames.size < maxQuotedNames) quotedNames.set(name, text);
  return text;
}

/** A response with its correlation id, and the details of the answer for observers. */
export type ObservedResponse = ServerResponse & {
  correlationId?: string;
  /** When its request was taken, in milliseconds of `performance.now()`. */
  takenAt?: number;
  details?: AnswerDetails;
  /** Whether an answer could not be written. */
  failed?: boolean;
};

/** Writes an answer. */
export function send(response: ObservedResponse, reply: Reply): void {
  response.details = reply.details;
  try {
    write(response, reply);
  } catch (error) {
    response.failed = true;
    throw error;
  }
}

function write(response: ObservedResponse, reply: Reply): void {
  const length = Buffer.byteLength(reply.body);
  // All headers at once: setting them one by one costs a lookup and a check for each.
  const head = ['X-Correlation-Id', response.correlationId ?? ''];
  if (reply.headers === jsonHeaders) head.push(...jsonHeaderLines);
  else for (const name in reply.headers) head.push(name, reply.headers[name]);
  if (reply.cookies) for (const cookie of reply.cookies) head.push('Set-Cookie', cookie);
  // RFC 9110 §8.6 forbids it there.
  if (reply.status !== 204) head.push('Content-Length', String(length));
  response.writeHead(reply.status, head);
  // ASCII is the same in both encodings, and Latin-1 is copied without being encoded.
  response.end(reply.body, length === reply.body.length ? 'latin1' : 'utf8');
}
