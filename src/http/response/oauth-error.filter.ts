import { type ArgumentsHost, Catch, type ExceptionFilter, NotFoundException } from '@nestjs/common';
import type { Logger } from 'pino';
import { OAuthError, StoreUnavailable } from '../../domain/oauth-error.js';
import type { LocatedRequest } from '../request/located-request.js';
import { NotFound, notFound, toRefusal } from './refusal.js';
import { type Reply, send, type TracedResponse } from './reply.js';

/** How a flavour answers a refusal. */
export type RefusalPresenter = (error: OAuthError, realm: string | undefined) => Reply;

/** Answers everything that is thrown, in one flavour's form. */
@Catch()
export class OAuthErrorFilter implements ExceptionFilter {
  constructor(
    private readonly present: RefusalPresenter,
    private readonly log: Logger,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.refuse(error, http.getRequest<LocatedRequest>(), http.getResponse<TracedResponse>());
  }

  /** Answers an error that a request has led to. */
  refuse(error: unknown, request: LocatedRequest, response: TracedResponse): void {
    if (response.headersSent) return;
    if (!(error instanceof OAuthError || error instanceof NotFound || error instanceof NotFoundException)) {
      logFault(this.log, error);
    }
    send(response, this.reply(error, request.realm));
  }

  private reply(error: unknown, realm: string | undefined): Reply {
    if (error instanceof NotFound) return notFound(error);
    if (error instanceof NotFoundException) return notFound(new NotFound('endpoint'));
    return this.present(toRefusal(error), realm);
  }
}

/** Names, codes and stack frames alone: the message of a driver's error may quote what a caller sent. */
export function logFault(log: Logger, error: unknown): void {
  const cause = error instanceof StoreUnavailable ? error.cause : error;
  const { name, code, stack } = cause instanceof Error ? (cause as NodeJS.ErrnoException) : {};
  const frames = stack?.split('\n').filter((line) => line.startsWith('    at '));
  if (error instanceof StoreUnavailable) log.warn({ fault: name, code }, 'store unavailable');
  else log.error({ fault: name ?? typeof error, code, frames }, 'unexpected error');
}
