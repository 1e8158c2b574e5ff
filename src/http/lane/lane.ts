import type { Eventually } from '../../domain/eventually.js';
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
  readonly answer: (request: LocatedRequest) => Eventually<Reply>;
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
  private replies: [TracedResponse, Reply][] = [];

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
    void this.answer(form, request, response);
    return true;
  }

  private async answer(form: PlainForm, request: LocatedRequest, response: TracedResponse): Promise<void> {
    try {
      this.send(response, await form.answer(request));
    } catch (error) {
      form.errors.refuse(error, request, response);
    }
  }

  /** The answers of one turn of the event loop are written in one go, which costs less than in between requests. */
  private send(response: TracedResponse, reply: Reply): void {
    this.replies.push([response, reply]);
    if (this.replies.length > 1) return;
    setImmediate(() => {
      const replies = this.replies;
      this.replies = [];
      for (const [to, what] of replies) send(to, what);
    });
  }
}
