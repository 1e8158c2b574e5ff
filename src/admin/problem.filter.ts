import {
  type ArgumentsHost,
  BadRequestException,
  Catch,
  type ExceptionFilter,
  NotFoundException,
} from '@nestjs/common';
import { OAuthError, StoreUnavailable } from '../domain/oauth-error.js';
import { MethodNotAllowed } from '../http/response/refusal.js';
import { send, type ObservedResponse } from '../http/response/reply.js';
import type { Faults } from '../observability/faults.js';
import { notFound, Problem, problemReply, unavailable } from './problem.js';

/** Answers every thrown error with a problem document. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly faults: Faults) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<ObservedResponse>();
    if (response.headersSent) return;
    const problem = refusalOf(error) ?? this.fault(error);
    send(response, problemReply(problem, response.correlationId));
  }

  private fault(error: unknown): Problem {
    this.faults.report(error);
    if (error instanceof StoreUnavailable) return unavailable('The database does not answer.');
    return new Problem('fault', 'The server met an unexpected condition.');
  }
}

/** The problem with a request; undefined for an error that is not the caller's. */
function refusalOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof MethodNotAllowed) {
    const headers = { Allow: error.allow };
    return new Problem('method-not-allowed', 'The method is not allowed here.', { headers });
  }
  if (error instanceof NotFoundException) return notFound();
  // Of the readers that both listeners share, and of Nest for a path with a broken percent-escape.
  if (error instanceof OAuthError || error instanceof BadRequestException) {
    return new Problem('bad-request', 'The request is malformed.');
  }
  return undefined;
}
