import type { Logger } from 'pino';
import type { RefusalReason } from '../domain/inactive.js';
import { logFault } from './fault.js';

/** What an answer was about: registered names and fixed words only, never what a caller sent. */
export interface AnswerDetails {
  /** Path of the realm. */
  readonly realm?: string;
  /** The client that was authenticated, or that the active token belongs to. */
  readonly clientId?: string;
  /** The application that this client belongs to. */
  readonly application?: string;
  /** The active token's resource owner: personal data, which is never logged. */
  readonly username?: string;
  /** What the selector of `MONITORING_CLIENT` gave for the active token; undefined where there is no selector. */
  readonly selectedClient?: string;
  /** The error code that was answered. */
  readonly error?: string;
  /** More about the error in fixed words, for the log. */
  readonly detail?: string;
  /** Why the requested token is inactive, or the request was refused. */
  readonly reason?: RefusalReason;
  /** SHA-256 of the presented token in base64url, computed when it is called; only where it was looked up. */
  readonly tokenId?: () => string;
  /** Whether the request has revoked a token or a family. */
  readonly revoked?: boolean;
}

/** The identifiers in a `traceparent` header (W3C Trace Context §3.2.2), in lower-case hexadecimal digits. */
export interface TraceContext {
  /** 32 digits. */
  readonly traceId: string;
  /** 16 digits: the caller's span. */
  readonly parentId: string;
}

/** A request that is over: it was answered, or its connection was closed. */
export interface ObservedRequest {
  /** `none` for input that could not be read as a request. */
  readonly method: string;
  /**
   * How the service was asked, as monitoring counts it: `GET query`, `GET header` or `POST form` for token information,
   * the grant type for the token endpoint; undefined where HTTP's method says it all.
   */
  readonly operation?: string;
  /** Template of the route's path, `/oauth2/tokeninfo`; undefined where no route took the request. */
  readonly route?: string;
  /** Undefined where the caller left before there was an answer. */
  readonly status?: number;
  /** Whether the whole answer was handed over to the operating system. */
  readonly complete: boolean;
  /** Whether the answer could not be written because of a fault of ours. */
  readonly failed: boolean;
  /** When the request was taken, in milliseconds of `performance.now()`. */
  readonly takenAt: number;
  /** When the request was over, by the same clock. */
  readonly endedAt: number;
  readonly correlationId: string;
  /** The trace that the request belongs to (W3C Trace Context), if it names one in the right form. */
  readonly traceContext?: TraceContext;
  readonly details: AnswerDetails;
}

/** Watches requests: the access log, and whatever else counts or records them. */
export interface RequestObserver {
  /** Called once for each request, on the hot path. It must not wait, and must not change the request. */
  observe(request: ObservedRequest): void;
}

/**
 * Passes every request to each of several observers. A fault of one is logged, and does not reach the others.
 */
export class RequestObservers implements RequestObserver {
  private readonly observers: RequestObserver[];

  constructor(
    observers: readonly RequestObserver[],
    private readonly log: Logger,
  ) {
    this.observers = [...observers];
  }

  /** Passes the requests to one more observer, before the first request. */
  add(observer: RequestObserver): void {
    this.observers.push(observer);
  }

  /** Whether there are no observers. */
  get isEmpty(): boolean {
    return this.observers.length === 0;
  }

  observe(request: ObservedRequest): void {
    for (const observer of this.observers) {
      try {
        observer.observe(request);
      } catch (error) {
        logFault(this.log, error);
      }
    }
  }
}
