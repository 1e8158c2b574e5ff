import type { Logger } from 'pino';
import type {
  AnswerDetails,
  ObservedRequest,
  RequestObserver,
} from '../../observability/request-observer.js';

/** Which requests get a line: all of them but probes that were answered with success, or those that were not. */
export type AccessLogMode = 'all' | 'refused';

/** They are asked every few seconds for ever. */
const probes = new Set(['/healthz', '/readyz']);

/** The details of an answer that may be logged; resource owners' names are not among them. */
type AccessLogFields = Pick<AnswerDetails, 'realm' | 'clientId' | 'error' | 'detail'>;

/**
 * One line per request: route template, method, status, milliseconds, realm, client, error, correlation id, trace.
 * It never holds a URL, because a URL may hold a token.
 */
export class AccessLog implements RequestObserver {
  constructor(
    private readonly log: Logger,
    private readonly mode: AccessLogMode,
  ) {}

  observe(request: ObservedRequest): void {
    const { status, complete, details } = request;
    // Of a store that is away the log says how many requests it costs, but not each.
    if (this.mode === 'refused' && complete && request.details.reason === 'store_unavailable') return;
    const succeeded = complete && status !== undefined && status < 400;
    if (succeeded && (this.mode === 'refused' || probes.has(request.route ?? ''))) return;
    const { realm, clientId, error, detail } = details;
    const fields: AccessLogFields = { realm, clientId, error, detail };
    this.log.info(
      {
        route: request.route ?? 'none',
        method: request.method,
        status,
        ms: Math.round((request.endedAt - request.takenAt) * 10) / 10,
        ...fields,
        correlationId: request.correlationId,
        ...request.traceContext,
        aborted: complete ? undefined : true,
      },
      'request',
    );
  }
}
