import type { Logger } from 'pino';
import type { InactiveReason } from '../domain/inactive.js';
import { logFault } from './fault.js';

/** What an answer was about: registered names and fixed words only, never what a caller sent. */
export interface AnswerDetails {
  /** Path of the realm. */
  readonly realm?: string;
  /** The client that was authenticated, or that the active token belongs to. */
  readonly clientId?: string;
  /** The active token's resource owner: personal data, which is never logged. */
  readonly username?: string;
  /** The error code that was answered. */
  readonly error?: string;
  /** More about the error in fixed words, for the log. */
  readonly detail?: string;
  /** Why the requested token is inactive. */
  readonly reason?: InactiveReason;
}

/** A request that is over: it was answered, or its connection was closed. */
export interface ObservedRequest {
  readonly method: string;
  /** Template of the route's path, `/oauth2/tokeninfo`; undefined where no route took the request. */
  readonly route?: string;
  /** Undefined where the caller left before there was an answer. */
  readonly status?: number;
  /** Whether the whole answer was handed over to the operating system. */
  readonly complete: boolean;
  /** When the request was taken, in milliseconds of `performance.now()`. */
  readonly takenAt: number;
  /** When the request was over, by the same clock. */
  readonly endedAt: number;
  readonly correlationId: string;
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
  constructor(
    private readonly observers: readonly RequestObserver[],
    private readonly log: Logger,
  ) {}

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
