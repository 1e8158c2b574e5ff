import { noAnswer, problemOf } from './problem.js';

/** An answer, and the version of what it shows. */
export interface Answer<Body> {
  readonly body: Body;
  /** For `If-Match` of a change (RFC 9110 §13.1.1); undefined where the answer has none. */
  readonly etag?: string;
}

/** A request that changes something, or whose parameters may not stand in a URL. */
export interface Change {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Is sent as JSON. */
  readonly body?: unknown;
  /** The version that may be changed; any other one is refused with 412. */
  readonly ifMatch?: string;
}

/** How long an answer may take, in milliseconds. */
const answerMs = 15_000;

/** Asks the routes below `/admin/v1`. */
export class ApiClient {
  /**
   * @param token an admin token; without one, only a login can be sent
   * @param onTokenRefused is called when the server does not accept the token (any more)
   */
  constructor(
    private readonly token?: string,
    private readonly onTokenRefused: () => void = () => {},
  ) {}

  /**
   * @throws ApiProblem
   * @throws DOMException AbortError when the signal aborts it
   */
  get<Body>(path: string, signal?: AbortSignal): Promise<Answer<Body>> {
    return this.ask(path, {}, signal);
  }

  /** @throws ApiProblem */
  send<Body>({ method, path, body, ifMatch }: Change): Promise<Answer<Body>> {
    const headers: Record<string, string> = {};
    if (body !== undefined) {
      // RFC 7396 §2 for a patch.
      headers['Content-Type'] = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    }
    if (ifMatch !== undefined) headers['If-Match'] = ifMatch;
    return this.ask(path, { method, headers, body: JSON.stringify(body) });
  }

  private async ask<Body>(path: string, request: RequestInit, signal?: AbortSignal): Promise<Answer<Body>> {
    const headers = new Headers(request.headers);
    if (this.token !== undefined) headers.set('Authorization', `Bearer ${this.token}`);
    const deadline = AbortSignal.timeout(answerMs);
    const ends = signal ? AbortSignal.any([signal, deadline]) : deadline;
    let response: Response;
    try {
      response = await fetch(path, { ...request, headers, signal: ends });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw noAnswer();
    }
    if (!response.ok) {
      if (response.status === 401) this.onTokenRefused();
      throw await problemOf(response);
    }
    const body = (response.status === 204 ? undefined : await response.json()) as Body;
    return { body, etag: response.headers.get('etag') ?? undefined };
  }
}

/** A path with a query; parameters that are undefined are left out. */
export function withQuery(path: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}
