import type { Reply } from '../http/response/reply.js';
import type { Caller } from './admin-authenticator.js';

/** The kinds of problem: the last part of `type`, with status and title. */
export const problemKinds = {
  'bad-request': { status: 400, title: 'Bad request' },
  'no-token': { status: 401, title: 'A token is required' },
  'invalid-token': { status: 401, title: 'The token is not active' },
  'insufficient-scope': { status: 403, title: 'The token may not do this' },
  'not-allowed': { status: 403, title: 'The caller may not set this' },
  'foreign-origin': { status: 403, title: 'The request comes from another origin' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  timeout: { status: 408, title: 'The request took too long' },
  conflict: { status: 409, title: 'The state does not allow it' },
  stale: { status: 412, title: 'The resource has changed' },
  'too-large': { status: 413, title: 'The body is too large' },
  'uri-too-long': { status: 414, title: 'The URL is too long' },
  'unsupported-media-type': { status: 415, title: 'The body is not JSON' },
  'precondition-required': { status: 428, title: 'A precondition is required' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  fault: { status: 500, title: 'Unexpected condition' },
  'not-implemented': { status: 501, title: 'Not implemented' },
  unavailable: { status: 503, title: 'Temporarily unavailable' },
  'version-not-supported': { status: 505, title: 'Version of HTTP not supported' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ProblemKind = keyof typeof problemKinds;

/** What is wrong with one part of a request: a parameter, or a member of the body by its JSON pointer (RFC 6901). */
export type RequestError = { readonly detail: string } & (
  { readonly parameter?: string } | { readonly pointer: string }
);

interface ProblemOptions {
  readonly errors?: readonly RequestError[];
  readonly headers?: Readonly<Record<string, string>>;
  /** The version of the resource that is stored; of `stale` alone. */
  readonly version?: string;
  /** Whom the request was refused to, for the log. */
  readonly caller?: Partial<Caller>;
}

/** A refusal at the operator's listener (RFC 9457). All of its words are fixed: nothing that a caller sent is echoed. */
export class Problem extends Error {
  constructor(
    readonly kind: ProblemKind,
    readonly detail: string,
    readonly options: ProblemOptions = {},
  ) {
    super(detail);
    this.name = 'Problem';
  }
}

/** The request names a parameter that is unknown, repeated or has no such value. */
export function badParameter(parameter: string | undefined, detail: string): Problem {
  return new Problem('bad-request', 'A parameter of the query cannot be used.', {
    errors: [{ parameter, detail }],
  });
}

/** The body has a member that is unknown, repeated or has no such value; the empty pointer is the whole body. */
export function badMember(pointer: string, detail: string): Problem {
  return new Problem('bad-request', 'The body cannot be used.', { errors: [{ pointer, detail }] });
}

/** The same for what does not exist and for what lies outside the caller's realms. */
export function notFound(): Problem {
  return new Problem('not-found', 'There is no such resource.');
}

/** The request may be sent again in some seconds. */
export function unavailable(detail: string): Problem {
  return new Problem('unavailable', detail, { headers: { 'Retry-After': '2' } });
}

/** `application/problem+json` (RFC 9457). */
export const problemType = 'application/problem+json';

/** The body of a problem. */
function problemBody(
  { kind, detail, options: { errors, version } }: Problem,
  correlationId?: string,
): string {
  const { status, title } = problemKinds[kind];
  const type = `urn:symbolon:problem:${kind}`;
  return JSON.stringify({ type, title, status, detail, errors, version, correlation_id: correlationId });
}

/** The answer to a request that is refused. */
export function problemReply(problem: Problem, correlationId?: string): Reply {
  const { kind, detail, options } = problem;
  const { realm, clientId } = options.caller ?? {};
  return {
    status: problemKinds[kind].status,
    headers: { 'Content-Type': problemType, ...options.headers },
    body: problemBody(problem, correlationId),
    details: { realm, clientId, error: kind, detail },
  };
}
