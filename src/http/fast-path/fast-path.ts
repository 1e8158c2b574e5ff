import type { MaybePromise } from '../../domain/maybe-promise.js';
import type { LocatedRequest } from '../request/located-request.js';
import type { OAuthErrorFilter } from '../response/oauth-error.filter.js';
import { type Reply, send, type ObservedResponse } from '../response/reply.js';

/** The plain form of an endpoint's requests, and how its controller answers them. */
export interface FastRoute {
  /** Path of the endpoint, as the router has it. */
  readonly path: string;
  /** Whether a request to that path is of the plain form. */
  readonly matches: (request: LocatedRequest) => boolean;
  /** The controller's own answer. */
  readonly answer: (request: LocatedRequest, response: ObservedResponse) => MaybePromise<Reply>;
  /** Answers the errors that `answer` throws: the controller's filter. */
  readonly errors: OAuthErrorFilter;
}

/** An answer that waits for the end of its turn. */
interface ReadyAnswer {
  readonly route: FastRoute;
  readonly request: LocatedRequest;
  readonly response: ObservedResponse;
  readonly reply: Reply;
}

/**
 * A short cut before the router. Nearly all requests of resource servers have one plain form, and routing them through
 * Express costs several times as much as answering them. The short cut has no rules of its own: an endpoint's
 * controller says which form is plain, and answers. All other requests go on to Express untouched.
 *
 * An answer that is at hand costs no promise. Answers of one turn of the event loop are sent together at its end, which
 * costs less than sending each as soon as it is made.
 */
export class FastPath {
  private readonly routes = new Map<string, FastRoute>();
  private ready: ReadyAnswer[] = [];
  private readonly sendReady = () => this.sendAll();

  register(route: FastRoute): void {
    this.routes.set(route.path, route);
  }

  /**
   * Answers the request if it is plain.
   * @returns false for any other request, which stays untouched
   */
  handle(request: LocatedRequest, response: ObservedResponse): boolean {
    const url = request.url ?? '';
    const mark = url.indexOf('?');
    const route = this.routes.get(mark < 0 ? url : url.slice(0, mark));
    if (!route?.matches(request)) return false;
    request.route = route;
    try {
      const reply = route.answer(request, response);
      if (reply instanceof Promise) this.sendLater(route, request, response, reply);
      else this.add({ route, request, response, reply });
    } catch (error) {
      refuse(route, error, request, response);
    }
    return true;
  }

  private sendLater(
    route: FastRoute,
    request: LocatedRequest,
    response: ObservedResponse,
    reply: Promise<Reply>,
  ): void {
    reply.then(
      (made) => this.add({ route, request, response, reply: made }),
      (error: unknown) => refuse(route, error, request, response),
    );
  }

  private add(answer: ReadyAnswer): void {
    if (this.ready.length === 0) setImmediate(this.sendReady);
    this.ready.push(answer);
  }

  private sendAll(): void {
    const answers = this.ready;
    this.ready = [];
    for (const { route, request, response, reply } of answers) {
      try {
        send(response, reply);
      } catch (error) {
        // As in Nest's controllers, the filter also answers errors that sending throws.
        refuse(route, error, request, response);
      }
    }
  }
}

/** If even the refusal fails, only this connection ends, not the process. */
function refuse(
  { errors }: FastRoute,
  error: unknown,
  request: LocatedRequest,
  response: ObservedResponse,
): void {
  try {
    errors.refuse(error, request, response);
  } catch {
    response.destroy();
  }
}
