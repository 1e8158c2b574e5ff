import type { Clock } from '../domain/clock.js';
import type { Refusal, RefusalLog } from '../domain/refusal.js';
import type { ObservedRequest, RequestObserver } from '../observability/request-observer.js';

/** The most refusals that are recorded between two flushes, and kept while the store is unavailable. */
const most = 200;

/**
 * Takes a sample of refused requests, and of answers that a token is inactive: the first 200 between two flushes. A 404
 * is recorded only for a realm that does not exist.
 */
export class RefusalSampler implements RequestObserver {
  private taken: Refusal[] = [];
  /** Those that could not be stored. */
  private kept: readonly Refusal[] = [];

  /** @param unrecorded templates of the routes that are no services, such as health checks */
  constructor(
    private readonly clock: Clock,
    private readonly unrecorded: ReadonlySet<string>,
  ) {}

  observe(request: ObservedRequest): void {
    const { route, status } = request;
    if (route === undefined || status === undefined) return;
    const { details } = request;
    if (status < 400 && details.reason === undefined) return;
    if (status === 404 && details.reason !== 'no_such_realm') return;
    if (this.taken.length >= most || this.unrecorded.has(route)) return;
    this.taken.push({
      id: request.correlationId,
      at: this.clock.now(),
      route,
      method: request.method,
      status,
      realm: details.realm ?? '',
      client: details.clientId ?? '',
      reason: details.reason,
      error: details.error,
      detail: details.detail,
      tokenId: details.tokenId?.(),
    });
  }

  /**
   * Stores the sample. It must not be called again before it is done.
   * @throws StoreUnavailable when it could not be stored; the newest 200 refusals are kept for the next call
   */
  async flush(log: RefusalLog): Promise<void> {
    const refusals = [...this.kept, ...this.taken].slice(-most);
    this.taken = [];
    if (refusals.length === 0) return;
    this.kept = refusals;
    await log.add(refusals);
    this.kept = [];
  }
}
