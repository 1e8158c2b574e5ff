import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { LocatedRequest } from '../request/located-request.js';
import type { TracedResponse } from './reply.js';

/** Injection token of the process's pino logger. */
export const LOGGER = Symbol('Logger');

/** Which requests get a line: every one, those that were not answered with success, or none. */
export type AccessLogMode = 'all' | 'refused' | 'off';

/**
 * One line a request: route template, status, milliseconds, realm, client, correlation id; never a URL, which may
 * hold a token. Each answer carries the correlation id in `X-Correlation-Id`.
 */
export class AccessLog {
  constructor(
    private readonly log: Logger,
    private readonly mode: AccessLogMode,
  ) {}

  /** Follows a request to its end. */
  follow(request: LocatedRequest, response: TracedResponse): void {
    const correlationId = randomUUID();
    response.correlationId = correlationId;
    if (this.mode === 'off') return;
    const started = performance.now();
    response.on('close', () => {
      const { statusCode, headersSent, writableFinished: complete, trace } = response;
      if (this.mode === 'refused' && statusCode < 400 && complete) return;
      this.log.info(
        {
          route: request.route?.path ?? 'none',
          method: request.method,
          // A caller that left before there was an answer got none.
          status: headersSent ? statusCode : undefined,
          ms: Math.round((performance.now() - started) * 10) / 10,
          ...trace,
          correlationId,
          aborted: complete ? undefined : true,
        },
        'request',
      );
    });
  }
}
