import type { AnswerDetails, ObservedRequest, TraceContext } from '../../observability/request-observer.js';
import type { LocatedRequest } from '../request/located-request.js';
import { traceContextOf } from '../request/trace-context.js';
import type { ObservedResponse, Reply } from './reply.js';

const noDetails: AnswerDetails = {};

/** What observers see of input that could not be read as a request, and was answered at once. */
export function observedInput(
  { status, details = noDetails }: Reply,
  correlationId: string,
): ObservedRequest {
  const now = performance.now();
  return {
    method: 'none',
    status,
    complete: true,
    failed: false,
    takenAt: now,
    endedAt: now,
    correlationId,
    details,
  };
}

/** What observers see of a request that is over: it was answered, or its caller disconnected. Most observers need little of it, so members are read when they are asked for. */
export class FinishedRequest implements ObservedRequest {
  readonly endedAt = performance.now();
  readonly takenAt: number;
  private readonly request: LocatedRequest;

  constructor(private readonly response: ObservedResponse) {
    this.request = response.req;
    this.takenAt = response.takenAt ?? this.endedAt;
  }

  get method(): string {
    return this.request.method ?? '';
  }

  get operation(): string | undefined {
    return this.request.operation;
  }

  get route(): string | undefined {
    return this.request.route?.path;
  }

  get status(): number | undefined {
    return this.response.headersSent ? this.response.statusCode : undefined;
  }

  get complete(): boolean {
    return this.response.writableFinished;
  }

  get failed(): boolean {
    return this.response.failed === true;
  }

  get correlationId(): string {
    return this.response.correlationId ?? '';
  }

  get traceContext(): TraceContext | undefined {
    return traceContextOf(this.request);
  }

  get details(): AnswerDetails {
    return this.response.details ?? noDetails;
  }
}
