import type { IncomingMessage } from 'node:http';
import { headerValues } from '../http/request/request-view.js';
import { Problem } from './problem.js';

/** A version as the header `ETag` has it (RFC 9110 §8.8.3). */
export function entityTag(version: string): string {
  return `"${version}"`;
}

/**
 * The version that a request wants to change.
 * @returns undefined for `If-Match: *`: any version
 * @throws Problem 428 without the header `If-Match` (RFC 6585 §3), 400 for one of another form
 */
export function requiredVersion(request: IncomingMessage): string | undefined {
  if (headerValues(request, 'if-match').length > 0) return wantedVersion(request);
  const detail = 'The header If-Match must name the version to change: the ETag of an answer, or * for any.';
  throw new Problem('precondition-required', detail);
}

/**
 * The version that a request wants to change, where it need not say so.
 * @returns undefined for any version: without the header, or for `*`
 * @throws Problem 400 for a header of another form
 */
export function wantedVersion(request: IncomingMessage): string | undefined {
  const [value, second] = headerValues(request, 'if-match');
  if (second === undefined && (value === undefined || value === '*')) return undefined;
  const [, version] = (second === undefined && /^"([\x21\x23-\x7E]{1,100})"$/.exec(value)) || [];
  if (version !== undefined) return version;
  // A weak tag never matches here (RFC 9110 §13.1.1).
  throw new Problem('bad-request', 'The header If-Match must be * or one strong entity tag.');
}
