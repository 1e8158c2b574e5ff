import type { MetricsLabel } from '../config/operations-config.js';
import type { RefusalReason } from '../domain/inactive.js';
import { Histogram } from '../observability/histogram.js';
import type { ObservedRequest, RequestObserver } from '../observability/request-observer.js';
import { knownMethods } from './known-methods.js';
import { newCell, Series } from './series.js';
import { counter, histograms, type Labels, type Metric, type Sample, single } from './snapshot.js';
import { SubjectLabels } from './subject-labels.js';

/** Upper bounds of the buckets, in seconds. Those of OpenTelemetry begin at 5 ms, where most answers are over. */
const bounds = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** The label of every other method, as OpenTelemetry has it. */
const otherMethod = '_OTHER';

/** The routes that say what a token is worth, and the flavour of each. */
const flavours = new Map([
  ['/api/oauth/tokeninfo', 'axway'],
  ['/oauth2/tokeninfo', 'forgerock'],
  ['/oauth2/introspect', 'rfc7662'],
]);

const tokenRoutes = new Set(['/oauth2/access_token', '/oauth2/token', '/api/oauth/token']);

/** What the inspection of a token came to: `live`, the reason against it, or `refused` where there is no reason. */
type InspectionOutcome = 'live' | 'refused' | RefusalReason;

/**
 * Counts the requests of every listener, in memory of a fixed size: no label holds a text of a caller. The hot path
 * finds its numbers in nested maps; prom-client is called for a scrape alone.
 */
export class HttpMetrics implements RequestObserver {
  private readonly durations = new Series<string, string, number | undefined, Histogram>(
    () => new Histogram(bounds),
  );
  private readonly inspections = new Series<string, InspectionOutcome, Labels, { value: number }>(newCell);
  private readonly tokenRequests = new Series<string, string, Labels, { value: number }>(newCell);
  /** Events by their metrics. */
  private readonly events = new Series<'refresh_reuse' | 'revocations', '', Labels, { value: number }>(
    newCell,
  );
  private storeUnavailable = 0;
  private readonly throttled = { address: 0, user: 0 };
  private readonly subjects: SubjectLabels;

  /** @param labels those of METRICS_LABELS */
  constructor(labels: readonly MetricsLabel[]) {
    this.subjects = new SubjectLabels(labels);
    // A counter must be there, as 0, before the first event: `increase` does not see the step from nothing to 1.
    if (labels.length > 0) return;
    this.events.at('refresh_reuse', '', this.subjects.of({}));
    this.events.at('revocations', '', this.subjects.of({}));
  }

  observe(request: ObservedRequest): void {
    const { route = 'none', method, status } = request;
    const seconds = (request.endedAt - request.takenAt) / 1000;
    this.durations.at(route, knownMethods.has(method) ? method : otherMethod, status).observe(seconds);
    // A caller that left before the answer learnt nothing.
    if (status !== undefined) this.count(route, status, request);
  }

  metrics(): Metric[] {
    return [
      histograms(
        'http_server_request_duration_seconds',
        'Time from taking a request to the end of its answer, by route template and status.',
        [...this.durations].map(([route, method, status, histogram]) => [
          {
            http_request_method: method,
            http_route: route,
            // Empty where the caller left before the answer.
            http_response_status_code: status ?? '',
          },
          histogram,
        ]),
      ),
      counter(
        'symbolon_inspections_total',
        'Tokens whose worth was asked, by flavour: live, or the reason why not.',
        samples(this.inspections, (flavour, outcome) => ({ flavour, outcome })),
      ),
      counter(
        'symbolon_token_requests_total',
        'Requests to the token endpoint, by grant type: issued, or the error code.',
        samples(this.tokenRequests, (grant_type, result) => ({ grant_type, result })),
      ),
      counter(
        'symbolon_refresh_reuse_total',
        'Used refresh tokens that were presented again, which revoked their families.',
        this.eventSamples('refresh_reuse'),
      ),
      counter(
        'symbolon_revocations_total',
        'Requests that have revoked a token or a family.',
        this.eventSamples('revocations'),
      ),
      counter(
        'symbolon_store_unavailable_total',
        'Requests that were refused because the store was unavailable.',
        single(this.storeUnavailable),
      ),
      counter(
        'symbolon_throttled_total',
        'Requests that were refused after too many wrong passwords or secrets: of their address, or of the user.',
        [
          { labels: { limit: 'address' }, value: this.throttled.address },
          { labels: { limit: 'user' }, value: this.throttled.user },
        ],
      ),
    ];
  }

  private count(route: string, status: number, request: ObservedRequest): void {
    const { details } = request;
    const { reason } = details;
    const flavour = flavours.get(route);
    if (flavour !== undefined) {
      const outcome = reason ?? (status < 400 ? 'live' : 'refused');
      this.inspections.at(flavour, outcome, this.subjects.of(details)).value += 1;
    } else if (tokenRoutes.has(route)) {
      const result = status < 400 ? 'issued' : (details.error ?? 'refused');
      this.tokenRequests.at(request.operation ?? 'other', result, this.subjects.of(details)).value += 1;
    }
    if (reason === 'store_unavailable') this.storeUnavailable += 1;
    if (reason === 'throttled_address') this.throttled.address += 1;
    if (reason === 'throttled_user') this.throttled.user += 1;
    if (reason === 'refresh_reuse') this.events.at(reason, '', this.subjects.of(details)).value += 1;
    if (details.revoked) this.events.at('revocations', '', this.subjects.of(details)).value += 1;
  }

  private eventSamples(event: 'refresh_reuse' | 'revocations'): Sample[] {
    const all = [...this.events].filter(([name]) => name === event);
    return all.map(([, , labels, { value }]) => ({ labels, value }));
  }
}

function samples<First, Second>(
  series: Iterable<readonly [First, Second, Labels, { readonly value: number }]>,
  labelsOf: (first: First, second: Second) => Labels,
): Sample[] {
  return [...series].map(([first, second, labels, { value }]) => ({
    labels: { ...labelsOf(first, second), ...labels },
    value,
  }));
}
