import { randomUUID } from 'node:crypto';
import type { MetricsLabel } from '../../src/config/operations-config.js';
import { HttpMetrics } from '../../src/monitoring/http-metrics.js';
import { written } from '../../src/monitoring/snapshot.js';
import type { ObservedRequest } from '../../src/observability/request-observer.js';
import { MetricsText } from '../support/metrics-text.js';
import { labelled } from './metrics-contract.js';

function request(fields: Partial<ObservedRequest> = {}): ObservedRequest {
  return {
    method: 'GET',
    route: '/oauth2/tokeninfo',
    status: 200,
    complete: true,
    failed: false,
    takenAt: 1000,
    endedAt: 1001,
    correlationId: randomUUID(),
    details: { realm: '/', clientId: 'app' },
    ...fields,
  };
}

class Observed {
  readonly metrics: HttpMetrics;

  constructor(labels: MetricsLabel[] = []) {
    this.metrics = new HttpMetrics(labels);
  }

  observe(fields: Partial<ObservedRequest>): void {
    this.metrics.observe(request(fields));
  }

  async page(): Promise<MetricsText> {
    return new MetricsText(await written(this.metrics.metrics()));
  }
}

const duration = 'http_server_request_duration_seconds';

it('a duration is in the bucket of its own bound, and in all above', async () => {
  const observed = new Observed();
  for (const ms of [0.1, 0.2, 5, 5.1, 10_001]) observed.observe({ takenAt: 0, endedAt: ms });
  const page = await observed.page();
  const buckets = page.samples(`${duration}_bucket`).map(({ labels, value }) => [labels.le, value]);
  expect(buckets).toEqual([
    ...[
      ['0.0001', 1],
      ['0.00025', 2],
      ['0.0005', 2],
      ['0.001', 2],
      ['0.0025', 2],
      ['0.005', 3],
    ],
    ...[
      ['0.01', 4],
      ['0.025', 4],
      ['0.05', 4],
      ['0.1', 4],
      ['0.25', 4],
      ['0.5', 4],
      ['1', 4],
    ],
    ...[
      ['2.5', 4],
      ['5', 4],
      ['10', 4],
      ['+Inf', 5],
    ],
  ]);
  expect(page.value(`${duration}_count`)).toBe(5);
  expect(page.value(`${duration}_sum`)).toBeCloseTo(10.0114, 6);
});

it('a caller that left before the answer has a duration without a status, and no outcome', async () => {
  const observed = new Observed();
  observed.observe({ status: undefined, complete: false, details: {} });
  const page = await observed.page();
  expect(page.value(`${duration}_count`, { http_response_status_code: '' })).toBe(1);
  expect(page.samples('symbolon_inspections_total')).toEqual([]);
});

it('an unavailable store is counted on every route', async () => {
  const observed = new Observed();
  const details = { error: 'temporarily_unavailable', reason: 'store_unavailable' } as const;
  observed.observe({ status: 503, details });
  observed.observe({ status: 503, details, route: '/oauth2/token', operation: 'password', method: 'POST' });
  observed.observe({ status: 503, details, route: '/admin/v1/nodes' });
  const page = await observed.page();
  expect(page.value('symbolon_store_unavailable_total')).toBe(3);
  expect(page.value('symbolon_inspections_total', { outcome: 'store_unavailable' })).toBe(1);
  expect(page.value('symbolon_token_requests_total', { result: 'temporarily_unavailable' })).toBe(1);
});

it('10,000 invented paths, methods and names add no series', async () => {
  const observed = new Observed();
  observed.observe({ route: undefined, status: 404, details: {} });
  observed.observe({ route: undefined, status: 404, details: {}, method: 'BREW' });
  observed.observe({ status: 401, details: { error: 'invalid_token', reason: 'foreign_form' } });
  const before = (await observed.page()).size;
  for (let index = 0; index < 10_000; index += 1) {
    observed.observe({ route: undefined, status: 404, details: {} });
    observed.observe({ route: undefined, status: 404, details: {}, method: `BREW${index}` });
    observed.observe({ status: 401, details: { error: 'invalid_token', reason: 'foreign_form' } });
    observed.observe({ details: { realm: '/', clientId: `client-${index}` }, status: 401 });
  }
  // What the last ones add is the one series of refusals without a reason.
  expect((await observed.page()).size).toBe(before + 1);
});

describe('METRICS_LABELS', () => {
  it.each<[MetricsLabel[], Record<string, string>]>([
    [['realm'], { realm: '/alpha' }],
    [['client'], { client: 'app' }],
    [['realm', 'client'], { realm: '/alpha', client: 'app' }],
  ])('%j adds just these labels', async (labels, expected) => {
    const observed = new Observed(labels);
    const details = { realm: '/alpha', clientId: 'app' };
    observed.observe({ details });
    observed.observe({ details: { ...details, revoked: true }, route: '/oauth2/revoke' });
    observed.observe({
      details: { ...details, reason: 'refresh_reuse' },
      route: '/oauth2/token',
      status: 400,
    });
    const page = await observed.page();
    const named = Object.keys(expected);
    const widened = [...page.metrics.values()].filter(({ samples }) =>
      samples.some((sample) => named.every((label) => label in sample.labels)),
    );
    expect(widened.map(({ name }) => name).sort()).toEqual(labelled);
    const labelsOf = (name: string) => page.samples(name).map((sample) => sample.labels);
    expect(labelsOf('symbolon_revocations_total')).toEqual([expected]);
    expect(labelsOf('symbolon_refresh_reuse_total')).toEqual([expected]);
    expect(labelsOf('symbolon_inspections_total')).toEqual([
      { flavour: 'forgerock', outcome: 'live', ...expected },
    ]);
    expect(labelsOf('symbolon_token_requests_total')).toMatchObject([expected]);
  });

  it('have 200 values, and those that come later are "other"', async () => {
    const observed = new Observed(['realm', 'client']);
    for (const round of [1, 2]) {
      for (let index = 0; index < 1000; index += 1) {
        observed.observe({ details: { realm: `/${index % 10}`, clientId: `client-${index}` } });
      }
      const samples = (await observed.page()).samples('symbolon_inspections_total');
      expect(samples).toHaveLength(201);
      const others = samples.filter(({ labels }) => labels.client === 'other' && labels.realm === 'other');
      expect(others.map(({ value }) => value)).toEqual([800 * round]);
    }
  });
});
