import { Catch, Injectable } from '@nestjs/common';
import { Faults } from '../../observability/faults.js';
import { ErrorFilter } from '../response/error.filter.js';
import { NotFound, toRefusal } from '../response/refusal.js';
import type { ObservedResponse, Reply } from '../response/reply.js';
import { errorPage, noSuchRealm } from './error-page.js';
import { frameOf, type PageRequest } from './page-frame.js';

/** Answers every thrown error by a page. */
@Catch()
@Injectable()
export class PageErrorFilter extends ErrorFilter {
  constructor(faults: Faults) {
    super(faults);
  }

  protected reply(error: unknown, request: PageRequest, { correlationId }: ObservedResponse): Reply {
    const frame = frameOf(request);
    if (error instanceof NotFound) return noSuchRealm(frame, correlationId);
    return errorPage(frame, toRefusal(error), { realm: request.realm, reference: correlationId });
  }
}
