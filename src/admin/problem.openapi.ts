import type { AnswerDescription, HeaderDescription } from '../openapi/operation.js';
import { headerOf } from '../openapi/operation.js';
import { arrayOf, objectOf, oneOf, type Schema, text, uuid } from '../openapi/schema.js';
import { type ProblemKind, problemKinds, problemType } from './problem.js';

const allKinds = Object.keys(problemKinds) as ProblemKind[];

function typeOf(kind: ProblemKind): string {
  return `urn:symbolon:problem:${kind}`;
}

const pointer = text('JSON pointer (RFC 6901) of a member of the body; empty for the body itself.');
const parameter = text('Name of the parameter; left out where it is none that the route has.');
const detail = text('What is wrong with it, in fixed words.');

const problem = objectOf(
  {
    type: oneOf(allKinds.map(typeOf), 'The kind of problem.'),
    title: oneOf([...new Set(Object.values(problemKinds).map(({ title }) => title))]),
    status: { type: 'integer', minimum: 400, maximum: 599, description: 'The status of the answer.' },
    detail: text('What is wrong, in fixed words: nothing that a caller sent is echoed.'),
    correlation_id: uuid('The `X-Correlation-Id` of the answer.'),
  },
  {
    errors: arrayOf(
      { oneOf: [objectOf({ detail, pointer }), objectOf({ detail }, { parameter })] },
      'The parameters and members that cannot be used.',
    ),
    version: text('The version of the resource that is stored; of `stale` alone.'),
  },
  { title: 'Problem', description: 'A problem document (RFC 9457).' },
);

/** What a problem of this kind looks like. */
function exampleOf(kind: ProblemKind): unknown {
  return {
    type: typeOf(kind),
    ...{ title: problemKinds[kind].title, status: problemKinds[kind].status },
    detail: details[kind],
    errors: errors[kind],
    version: kind === 'stale' ? 'B6uIaHGiSXjyGifzFs2gTw' : undefined,
    correlation_id: '3c5e0f0e-7a55-4b19-a0f5-0d0c2f9b8a77',
  };
}

const details: Readonly<Record<ProblemKind, string>> = {
  'bad-request': 'A parameter of the query cannot be used.',
  'no-token': 'Send an admin token as a Bearer token.',
  'invalid-token': 'The token is unknown, expired or revoked.',
  'insufficient-scope': 'The token has neither the scope admin nor admin:read.',
  'not-allowed': 'The realm of the caller does not allow it.',
  'foreign-origin': 'Only pages of this listener may send requests to it.',
  'not-found': 'There is no such resource.',
  'method-not-allowed': 'The method is not allowed here.',
  conflict: 'There is one of this name already.',
  timeout: 'The request took too long.',
  stale: 'Another version is stored than If-Match names.',
  'too-large': 'The body is longer than 64 KiB.',
  'uri-too-long': 'The URL is too long.',
  'unsupported-media-type': 'The header Content-Type must be application/json.',
  'precondition-required':
    'The header If-Match must name the version to change: the ETag of an answer, or * for any.',
  'headers-too-large': 'The headers are too long.',
  fault: 'The server met an unexpected condition.',
  'not-implemented': 'The method or the transfer coding is not implemented.',
  unavailable: 'The database does not answer.',
  'version-not-supported': 'This version of HTTP is not supported.',
};

const errors: Readonly<Partial<Record<ProblemKind, readonly object[]>>> = {
  'bad-request': [{ parameter: 'limit', detail: 'not a whole number from 1 to 200' }],
};

const challenge = headerOf(text('The Bearer challenge of RFC 6750 §3.', { pattern: '^Bearer ' }));
const retryAfter = headerOf(text('After how many seconds to ask again.', { pattern: '^[0-9]+$' }));

const headers: Readonly<Record<number, Readonly<Record<string, HeaderDescription>>>> = {
  401: { 'WWW-Authenticate': challenge },
  412: { ETag: { ...headerOf(text('The version that is stored.')), required: false } },
  415: {
    'Accept-Patch': { ...headerOf(text('The media types of a patch (RFC 5789 §3.1).')), required: false },
  },
  405: { Allow: headerOf(text('The methods that the route has.')) },
  503: { 'Retry-After': retryAfter },
};

/** The answers to a request that is refused with one of these kinds of problem, by their status. */
export function problems(...kinds: readonly ProblemKind[]): Record<number, AnswerDescription> {
  const statuses = new Set(kinds.map((kind) => problemKinds[kind].status));
  return Object.fromEntries(
    [...statuses].map((status) => {
      const same = kinds.filter((kind) => problemKinds[kind].status === status);
      return [status, answerOf(status, same, problem)];
    }),
  );
}

function answerOf(status: number, kinds: readonly ProblemKind[], schema: Schema): AnswerDescription {
  const examples = Object.fromEntries(kinds.map((kind) => [kind, exampleOf(kind)]));
  return {
    name: kinds.map(pascalCase).join('Or'),
    description: kinds.map((kind) => `${problemKinds[kind].title}.`).join(' '),
    // RFC 6750 §3: a token that may not do this gets a challenge; a page of another origin gets none.
    headers: kinds.includes('insufficient-scope')
      ? { 'WWW-Authenticate': { ...challenge, required: false } }
      : headers[status],
    content: { [problemType]: { schema, examples } },
  };
}

function pascalCase(kind: ProblemKind): string {
  return kind.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** What every route that asks for an admin token may refuse. */
export const guarded = problems(
  'bad-request',
  'no-token',
  'invalid-token',
  'insufficient-scope',
  'foreign-origin',
  'not-found',
  'fault',
  'unavailable',
);
