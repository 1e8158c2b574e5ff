import type { IncomingMessage } from 'node:http';
import { readBody } from '../http/request/body.js';
import { mediaTypeOf } from '../http/request/media-type.js';
import { badMember, Problem } from './problem.js';

/** The longest body, in bytes. */
const maxBytes = 64 * 1024;
/** How deep a body's objects and arrays may be nested. */
const maxDepth = 8;
/** The longest name, in characters. */
export const maxNameLength = 400;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The media types of merge patches: their own (RFC 7396), and that of JSON. */
const patchTypes = ['application/merge-patch+json', 'application/json'];

/**
 * Reads the members of a JSON object (RFC 8259), strictly: a member that is unknown or repeated is refused, at whatever
 * depth.
 * @param known the names of the members that the route has
 * @throws Problem 415 for another content type, 413 for more than 64 KiB, 400 for any other body
 */
export async function readJsonBody(request: IncomingMessage, known: readonly string[]): Promise<JsonBody> {
  const members = await readJsonObject(request);
  if ([...members.keys()].some((name) => !known.includes(name))) {
    throw badMember('', `a member is unknown; the known ones are ${known.join(', ')}`);
  }
  return new JsonBody(members);
}

/**
 * Reads a JSON object whose members are judged elsewhere. It and the objects in it are Maps.
 * @throws Problem as `readJsonBody`
 */
export function readJsonObject(request: IncomingMessage): Promise<ReadonlyMap<string, unknown>> {
  return readObject(request, ['application/json']);
}

/**
 * Reads a merge patch (RFC 7396), as `readJsonObject` does.
 * @throws Problem as `readJsonBody`; 415 names the media types in `Accept-Patch` (RFC 5789 §3.1)
 */
export function readMergePatch(request: IncomingMessage): Promise<ReadonlyMap<string, unknown>> {
  return readObject(request, patchTypes, { 'Accept-Patch': patchTypes.join(', ') });
}

async function readObject(
  request: IncomingMessage,
  types: readonly string[],
  headers?: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, unknown>> {
  // The media type has no parameters (RFC 8259 §11), so a `charset` means nothing.
  if (!types.includes(mediaTypeOf(request) ?? '')) {
    const detail = `The header Content-Type must be ${types.join(' or ')}.`;
    throw new Problem('unsupported-media-type', detail, { headers });
  }
  if ((request.headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    throw new Problem('unsupported-media-type', 'The header Content-Encoding must be identity.');
  }
  const value = toMaps(parse(await readBody(request, maxBytes, tooLarge)));
  if (!(value instanceof Map)) throw badMember('', 'is not an object');
  return value as Map<string, unknown>;
}

/** Maps instead of objects: `__proto__` is a name like any other there. */
function toMaps(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(toMaps);
  return new Map(Object.entries(value).map(([name, member]) => [name, toMaps(member)]));
}

/** The members of a body. */
export class JsonBody {
  constructor(private readonly members: ReadonlyMap<string, unknown>) {}

  /**
   * A whole number; undefined when there is no such member.
   * @throws Problem 400 for anything else than a whole number in these bounds
   */
  integer(name: string, least: number, most: number): number | undefined {
    const value = this.members.get(name);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw badMember(`/${name}`, `is not a whole number from ${least} to ${most}`);
  }

  /**
   * A text; undefined when there is no such member.
   * @param maxLength in characters
   * @throws Problem 400 for a value that is no text, or none that can be stored
   */
  text(name: string, maxLength = maxNameLength): string | undefined {
    const value = this.members.get(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw badMember(`/${name}`, 'is not a text');
    if (value.length > maxLength) throw badMember(`/${name}`, `is longer than ${maxLength} characters`);
    if (/[\0\p{Surrogate}]/u.test(value)) throw badMember(`/${name}`, 'has a NUL or half of a character');
    return value;
  }
}

function tooLarge(): Problem {
  return new Problem('too-large', 'The body is longer than 64 KiB.');
}

function parse(body: Buffer): unknown {
  const text = decoded(body);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badMember('', 'is not JSON');
  }
  // JSON.parse keeps the last of several members with one name, so there are fewer than the text has.
  if (countMembers(value, maxDepth) !== countNames(text)) throw badMember('', 'a member is repeated');
  return value;
}

function decoded(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw badMember('', 'is not UTF-8');
  }
}

/** How many names of members a valid JSON text has: the strings that a colon follows. */
function countNames(text: string): number {
  let names = 0;
  for (const [, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"\s*(:?)/g)) names += colon.length;
  return names;
}

/**
 * How many members all objects in a value have together.
 * @throws Problem 400 for a value that is nested deeper
 */
function countMembers(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth === 0) throw badMember('', `is nested deeper than ${maxDepth} levels`);
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce<number>((sum, part) => sum + countMembers(part, depth - 1), own);
}
