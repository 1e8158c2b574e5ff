import type { LocatedRequest } from '../located-request.js';
import type { OAuthErrorFilter } from '../oauth-error.filter.js';
import { type Reply, send, type TracedResponse } from '../reply.js';

/** The plain form of an endpoint's requests, and what its controller would make of one. */
export interface PlainForm {
  /** Path of the endpoint, as the router has it. */
  readonly path: string;
  /** Whether a request to that path is of this form. */
  readonly fits: (request: LocatedRequest) => boolean;
  /** The controller's own answer. */
  readonly answer: (request: LocatedRequest) => Promise<Reply>;
  /** Answers what that throws: the controller's filter. */
  readonly errors: OAuthErrorFilter;
}

/**
 * A short cut before the router: nearly all requests of a resource server have one plain form, and finding the way
 * through Express costs several times what answering them does. It has no rules of its own: an endpoint's controller
 * says which form is plain, and answers. Everything else goes on to Express untouched.
 */
export class Lane {
  private readonly forms = new Map<string, PlainForm>();

  register(form: PlainForm): void {
    this.forms.set(form.path, form);
  }

  /** Answers the request, if it is plain; else it has been looked at and nothing more. */
  take(request: LocatedRequest, response: TracedResponse): boolean {
    const url = request.url ?? '';
    const mark = url.indexOf('?');
    const form = this.forms.get(mark < 0 ? url : url.slice(0, mark));
    if (!form?.fits(request)) return false;
    request.route = form;
    form.answer(request).then(
      (reply) => send(response, reply),
      (error: unknown) => form.errors.refuse(error, request, response),
    );
    return true;
  }
}
