import { type ArgumentsHost, Catch, type ExceptionFilter, NotFoundException } from '@nestjs/common';
import { OAuthError } from '../../domain/oauth-error.js';
import type { Faults } from '../../observability/faults.js';
import type { LocatedRequest } from '../request/located-request.js';
import { NotFound, notFound, toRefusal } from './refusal.js';
import { type Reply, send, type ObservedResponse } from './reply.js';

/** Turns a refusal into the answer of one flavour. */
export type RefusalPresenter = (error: OAuthError, realm: string | undefined) => Reply;

/** Answers every thrown error in the form of one flavour. */
@Catch()
export class OAuthErrorFilter implements ExceptionFilter {
  constructor(
    private readonly present: RefusalPresenter,
    private readonly faults: Faults,
  ) {}

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
    send(response, this.reply(error, request.realm));
  }

  private reply(error: unknown, realm: string | undefined): Reply {
    if (error instanceof NotFound) return notFound(error);
    if (error instanceof NotFoundException) return notFound(new NotFound('endpoint'));
    return this.present(toRefusal(error), realm);
  }
}
