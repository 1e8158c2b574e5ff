import type { TraceContext } from '../../observability/request-observer.js';
import { headerValues } from './request-view.js';

/** Version, trace, parent and flags; versions after 00 may add fields. */
const traceparent = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;

/** The trace that a request belongs to; undefined for no `traceparent`, two of them, or one in another form. */
export function traceContextOf(request: {
  readonly rawHeaders: readonly string[];
}): TraceContext | undefined {
  const [value, second] = headerValues(request, 'traceparent');
  if (value === undefined || second !== undefined) return undefined;
  const [, version, traceId, parentId, more] = traceparent.exec(value) ?? [];
  if (traceId === undefined || (version === '00' && more !== undefined)) return undefined;
  return { traceId, parentId };
}
