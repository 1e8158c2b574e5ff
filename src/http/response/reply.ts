import type { ServerResponse } from 'node:http';
import type { AnswerDetails } from '../../observability/request-observer.js';

/** An answer as plain data; whatever writes HTTP can send it. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What observers of requests are told; no part of the answer. */
  readonly details?: AnswerDetails;
}

export type JsonValue = string | number | boolean | readonly string[];

/** Members of a JSON object in the order they are written: an object would reorder `12` and swallow `__proto__`. */
export type JsonMembers = readonly (readonly [name: string, value: JsonValue])[];

/** RFC 6749 §5.1, for every answer. */
const noStore = { 'Cache-Control': 'no-store', Pragma: 'no-cache' } as const;

/** No charset: known consumers compare the type to the letter. */
const jsonHeaders = { 'Content-Type': 'application/json', ...noStore } as const;

/** An answer in another form than JSON, which no cache keeps either. */
export function formattedReply(contentType: string, body: string, details: AnswerDetails): Reply {
  return { status: 200, headers: { 'Content-Type': contentType, ...noStore }, body, details };
}

/** A JSON answer that no cache keeps. */
export function jsonReply(
  status: number,
  members: JsonMembers,
  more: { headers?: Readonly<Record<string, string>>; details?: AnswerDetails } = {},
): Reply {
  return {
    status,
    headers: more.headers ? { ...jsonHeaders, ...more.headers } : jsonHeaders,
    body: writeJson(members),
    details: more.details,
  };
}

function writeJson(members: JsonMembers): string {
  let text = '';
  for (const [name, value] of members) {
    text += `${text === '' ? '{' : ','}${quotedName(name)}:${typeof value === 'string' ? quoted(value) : JSON.stringify(value)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

/** What JSON writes as it stands (RFC 8259 §7): looking costs a third of what escaping does. */
const plain = /^[\x20-\x21\x23-\x5B\x5D-\x7E]*$/;

function quoted(text: string): string {
  return plain.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** The names of members are nearly always the same ones; scopes may add some, so there is an end to it. */
const quotedNames = new Map<string, string>();
const maxQuotedNames = 1000;

function quotedName(name: string): string {
  const known = quotedNames.get(name);
  if (known !== undefined) return known;
  const text = JSON.stringify(name);
  if (quotedNames.size < maxQuotedNames) quotedNames.set(name, text);
  return text;
}

/** A response with its correlation id, and with what observers will be told of the answer. */
export type ObservedResponse = ServerResponse & { correlationId?: string; details?: AnswerDetails };

/** Writes an answer. */
export function send(response: ObservedResponse, reply: Reply): void {
  response.details = reply.details;
  const length = Buffer.byteLength(reply.body);
  // All headers at once: each one that is set by itself is looked up and checked by itself.
  const head = ['X-Correlation-Id', response.correlationId ?? ''];
  for (const name in reply.headers) head.push(name, reply.headers[name]);
  head.push('Content-Length', String(length));
  response.writeHead(reply.status, head);
  // ASCII is the same in both encodings, and Latin-1 is copied without being encoded.
  response.end(reply.body, length === reply.body.length ? 'latin1' : 'utf8');
}
