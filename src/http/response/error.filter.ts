import { type ArgumentsHost, Catch, type ExceptionFilter, NotFoundException } from '@nestjs/common';
import { OAuthError } from '../../domain/oauth-error.js';
import type { Faults } from '../../observability/faults.js';
import type { LocatedRequest } from '../request/located-request.js';
import { NotFound } from './refusal.js';
import { type Reply, send, type ObservedResponse } from './reply.js';

/** Answers every thrown error in one form. */
@Catch()
export abstract class ErrorFilter implements ExceptionFilter {
  constructor(private readonly faults: Faults) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.refuse(error, http.getRequest<LocatedRequest>(), http.getResponse<ObservedResponse>());
  }

  /** Answers a request with the error that it caused, unless an answer has begun. */
  refuse(error: unknown, request: LocatedRequest, response: ObservedResponse): void {
    if (response.headersSent) return;
    if (!(error instanceof OAuthError || error instanceof NotFound || error instanceof NotFoundException)) {
      this.faults.report(error);
    }
    send(response, this.reply(error, request, response));
  }

  /** The answer to a request that caused an error. */
  protected abstract reply(error: unknown, request: LocatedRequest, response: ObservedResponse): Reply;
}
