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
  readonly answer: (request: LocatedRequest) => MaybePromise<Reply>;
  /** Answers the errors that `answer` throws: the controller's filter. */
  readonly errors: OAuthErrorFilter;
}

/**
 * A short cut before the router. Nearly all requests of resource servers have one plain form, and routing them through
 * Express costs several times as much as answering them. The short cut has no rules of its own: an endpoint's
 * controller says which form is plain, and answers. All other requests go on to Express untouched.
 */
export class FastPath {
  private readonly routes = new Map<string, FastRoute>();
  private turn?: Promise<void>;

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
    // If even the refusal fails, only this connection ends, not the process.
    this.answer(route, request, response).catch(() => response.destroy());
    return true;
  }

  /** As in Nest's controllers, the filter also answers errors that sending throws. */
  private async answer(route: FastRoute, request: LocatedRequest, response: ObservedResponse): Promise<void> {
    try {
      const reply = await route.answer(request);
      await this.endOfTurn();
      send(response, reply);
    } catch (error) {
      route.errors.refuse(error, request, response);
    }
  }

  /** Resolves when this turn of the event loop ends: its answers cost less when they are written together. */
  private endOfTurn(): Promise<void> {
    this.turn ??= new Promise((resolve) => {
      setImmediate(() => {
        this.turn = undefined;
        resolve();
      });
    });
    return this.turn;
  }
}
