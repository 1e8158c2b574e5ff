import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { headerValues } from '../http/request/request-view.js';
import { type InputFault, inputFaults } from '../http/response/input-fault.js';
import { type ObservedResponse, type Reply, send } from '../http/response/reply.js';
import { Problem, type ProblemKind, problemReply } from './problem.js';

/** The headers of every answer of the operator's listener. */
export const securityHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
};

/**
 * What every request of the operator's listener passes before the router, as Express' middleware: it sets the
 * security headers, and refuses requests that a page of another origin sends (RFC 6454 §7).
 */
export function listenerRules(request: IncomingMessage, response: ObservedResponse, next: () => void): void {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
  if (!isForeign(request)) return next();
  const problem = new Problem('foreign-origin', 'Only pages of this listener may send requests to it.');
  send(response, problemReply(problem, response.correlationId));
}

const faultKinds = {
  400: 'bad-request',
  408: 'timeout',
  413: 'too-large',
  414: 'uri-too-long',
  431: 'headers-too-large',
  501: 'not-implemented',
  505: 'version-not-supported',
} as const satisfies Record<InputFault, ProblemKind>;

/** The answer to input that does not come as far as these rules. */
export function inputProblem(fault: InputFault, correlationId?: string): Reply {
  const reply = problemReply(new Problem(faultKinds[fault], inputFaults[fault]), correlationId);
  return { ...reply, headers: { ...securityHeaders, ...reply.headers } };
}

/** Whether a request names another origin than the one that it was sent to. Clients other than browsers name none. */
function isForeign(request: IncomingMessage): boolean {
  const scheme = (request.socket as TLSSocket).encrypted ? 'https' : 'http';
  const own = `${scheme}://${request.headers.host}`.toLowerCase();
  return headerValues(request, 'origin').some((origin) => origin.toLowerCase() !== own);
}
