import type { RequestObserver } from '../../observability/request-observer.js';
import type { LocatedRequest } from '../request/located-request.js';
import type { ObservedResponse } from './reply.js';

/** Notifies an observer when the request is over: it was answered, or its caller disconnected. */
export function observeResponse(
  request: LocatedRequest,
  response: ObservedResponse,
  observer: RequestObserver,
): void {
  const takenAt = performance.now();
  response.on('close', () =>
    observer.observe({
      method: request.method ?? '',
      route: request.route?.path,
      status: response.headersSent ? response.statusCode : undefined,
      complete: response.writableFinished,
      takenAt,
      endedAt: performance.now(),
      correlationId: response.correlationId ?? '',
      details: response.details ?? {},
    }),
  );
}
