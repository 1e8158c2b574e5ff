import { Catch, Injectable, NotFoundException } from '@nestjs/common';
import type { OAuthError } from '../../domain/oauth-error.js';
import { Faults } from '../../observability/faults.js';
import type { LocatedRequest } from '../request/located-request.js';
import { ErrorFilter } from './error.filter.js';
import { NotFound, notFound, oauthRefusal, toRefusal } from './refusal.js';
import type { Reply } from './reply.js';

/** Turns a refusal into the answer of one flavour. */
export type RefusalPresenter = (error: OAuthError, realm: string | undefined) => Reply;

/** Answers every thrown error in the form of one flavour. */
@Catch()
export class OAuthErrorFilter extends ErrorFilter {
  constructor(
    private readonly present: RefusalPresenter,
    faults: Faults,
  ) {
    super(faults);
  }

  protected reply(error: unknown, { realm }: LocatedRequest): Reply {
    if (error instanceof NotFound) return notFound(error);
    if (error instanceof NotFoundException) return notFound(new NotFound('endpoint'));
    return this.present(toRefusal(error), realm);
  }
}

/** Answers as the RFCs say: at every endpoint that has no flavour of its own. */
@Injectable()
export class StandardErrorFilter extends OAuthErrorFilter {
  constructor(faults: Faults) {
    super(oauthRefusal, faults);
  }
}
