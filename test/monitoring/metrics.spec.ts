import { readFileSync } from 'node:fs';
import { DataSource } from 'typeorm';
import { ServerCounters } from '../../src/observability/counters.js';
import { TestApp } from '../support/app.js';
import { meteredRequests, meteredTraffic } from '../support/metered-traffic.js';
import type { MetricsText } from '../support/metrics-text.js';
import { counted, scrape } from '../support/scrape.js';
import { lifeConfiguration } from '../support/token-life.js';
import { contract, labelled } from './metrics-contract.js';

describe('the metrics after known traffic', () => {
  let app: TestApp;
  let page: MetricsText;
  /** How many access tokens are stored. */
  let stored: number;

  beforeAll(async () => {
    app = await TestApp.start({
      configuration: lifeConfiguration(),
      settings: { CACHE_SUBJECTS: '7000' },
    });
    await counted(app, meteredRequests, () => meteredTraffic(app));
    const database = app.nest.get(DataSource);
    await database.query('ANALYZE access_token');
    stored = (await database.query<unknown[]>('SELECT FROM access_token')).length;
    page = await scrape(app);
  });
  afterAll(() => app.stop());

  it('docs/metrics.md lists every metric with its type and labels', () => {
    const text = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
    const rows = [...text.matchAll(/^\| `(\w+)` +\| (\w+) +\| ([^|]*)\|/gm)];
    const listed = rows.map(([, name, type, labels]) => {
      return { name, type, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label) };
    });
    expect(listed).toEqual(contract.map(({ name, type, labels }) => ({ name, type, labels })));
    const more = rows.filter(([, , , labels]) => labels.includes('°')).map(([, name]) => name);
    expect(more.sort()).toEqual(labelled);
  });

  it.each(contract)('$name is a $type with its labels and buckets', ({ name, type, labels, bounds }) => {
    const metric = page.metric(name);
    expect(metric.type).toBe(type);
    expect(metric.help).toMatch(/^[A-Z1].*\.$/);
    // A metric of one series has no labels, and is there from the start.
    const samples = metric.samples.filter((sample) => !sample.name.endsWith('_bucket'));
    expect(samples.length).toBeGreaterThan(0);
    for (const sample of samples) expect(Object.keys(sample.labels).sort()).toEqual([...labels].sort());
    if (!bounds) return;
    const buckets = metric.samples.filter((sample) => sample.name === `${name}_bucket`);
    const written = [...new Set(buckets.map((bucket) => bucket.labels.le))];
    expect(written).toEqual([...bounds.map(String), '+Inf']);
  });

  it('has no other metrics but those of the runtime', () => {
    const names = contract.map(({ name }) => name);
    const others = [...page.metrics.keys()].filter((name) => !names.includes(name));
    expect(others.filter((name) => !/^(process|nodejs)_/.test(name))).toEqual([]);
    expect(others).toEqual(
      expect.arrayContaining([
        'process_cpu_seconds_total',
        'process_resident_memory_bytes',
        'process_start_time_seconds',
        'nodejs_eventloop_lag_p99_seconds',
        'nodejs_gc_duration_seconds',
      ]),
    );
  });

  it.each([
    ['/api/oauth/tokeninfo', 'GET', '200', 1],
    ['/api/oauth/tokeninfo', 'POST', '200', 1],
    ['/api/oauth/tokeninfo', 'GET', '400', 2],
    ['/oauth2/tokeninfo', 'GET', '200', 1],
    ['/oauth2/tokeninfo', 'GET', '401', 1],
    ['/oauth2/tokeninfo', 'DELETE', '405', 1],
    ['/oauth2/introspect', 'POST', '200', 1],
    ['/oauth2/introspect', 'POST', '401', 1],
    ['/oauth2/token/revoke', 'POST', '200', 2],
    ['none', 'GET', '404', 1],
    ['none', '_OTHER', '404', 1],
  ])('counts requests to %s by %s that got %s', (http_route, http_request_method, status, count) => {
    const labels = { http_route, http_request_method, http_response_status_code: status };
    expect(page.value('http_server_request_duration_seconds_count', labels)).toBe(count);
    const all = page.value('http_server_request_duration_seconds_bucket', { ...labels, le: '+Inf' });
    expect(all).toBe(count);
    expect(page.value('http_server_request_duration_seconds_sum', labels)).toBeGreaterThan(0);
  });

  it.each([
    ['axway', 'live', 2],
    ['axway', 'foreign_form', 1],
    ['axway', 'no_token', 1],
    ['forgerock', 'live', 1],
    ['forgerock', 'forged', 1],
    ['forgerock', 'method', 1],
    ['rfc7662', 'live', 1],
    ['rfc7662', 'refused', 1],
  ])('counts inspections in the flavour %s that came to %s', (flavour, outcome, count) => {
    expect(page.value('symbolon_inspections_total', { flavour, outcome })).toBe(count);
  });

  it.each([
    ['password', 'issued', 2],
    ['refresh_token', 'issued', 1],
    ['refresh_token', 'invalid_grant', 1],
    ['client_credentials', 'invalid_client', 1],
    ['other', 'unsupported_grant_type', 1],
  ])('counts token requests of the grant %s with the result %s', (grant_type, result, count) => {
    expect(page.value('symbolon_token_requests_total', { grant_type, result })).toBe(count);
  });

  it('counts reuse, revocations, and no unavailable store', () => {
    expect(page.value('symbolon_refresh_reuse_total')).toBe(1);
    expect(page.value('symbolon_revocations_total')).toBe(1);
    expect(page.value('symbolon_store_unavailable_total')).toBe(0);
  });

  it('counts lookups in the caches, and what they hold', () => {
    const lookups = (cache: string, result: string) =>
      page.value('symbolon_cache_lookups_total', { cache, result });
    // Axway's first question reads the token; its second one, ForgeRock's and one of RFC 7662 find it cached.
    // Later, with keys that are old by then, each of two revocations reads a token that is not cached.
    expect(lookups('access_token', 'miss')).toBe(3);
    expect(lookups('access_token', 'hit')).toBe(3);
    expect(lookups('access_token', 'joined')).toBe(0);
    for (const cache of ['realm', 'client', 'resource_owner']) {
      expect(lookups(cache, 'miss')).toBeGreaterThan(0);
      expect(lookups(cache, 'hit')).toBeGreaterThan(0);
      expect(page.value('symbolon_cache_entries', { cache })).toBeGreaterThan(0);
    }
    expect(page.value('symbolon_cache_entries_max', { cache: 'access_token' })).toBe(100_000);
    for (const cache of ['realm', 'client', 'resource_owner'])
      expect(page.value('symbolon_cache_entries_max', { cache })).toBe(7_000);
  });

  it('measures statements by their names, and hashes', () => {
    const count = (name: string) =>
      page.value('db_client_operation_duration_seconds_count', { db_operation_name: name });
    expect(count('find_access_tokens')).toBe(3);
    expect(count('begin_token_family')).toBe(2);
    expect(count('use_refresh_token')).toBe(1);
    expect(count('revoke_token_family')).toBe(1);
    expect(count('revoke_access_token')).toBe(1);
    const hashes = (operation: string) => page.value('symbolon_hash_duration_seconds_count', { operation });
    expect(hashes('hash')).toBeGreaterThan(0);
    expect(hashes('verify')).toBeGreaterThan(2);
    expect(page.value('symbolon_hash_waiting')).toBe(0);
  });

  it('shows the pool, the feed and the build', () => {
    const used = page.value('db_client_connection_count', { db_client_connection_state: 'used' }) ?? NaN;
    const idle = page.value('db_client_connection_count', { db_client_connection_state: 'idle' }) ?? NaN;
    expect(used + idle).toBeGreaterThan(0);
    expect(used + idle).toBeLessThanOrEqual(page.value('db_client_connection_max') ?? 0);
    expect(page.value('db_client_connection_pending_requests')).toBe(0);
    expect(page.value('symbolon_build_info')).toBe(1);
    expect(page.samples('symbolon_build_info')[0].labels).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      node: process.version,
    });
    expect(page.value('symbolon_workers', { state: 'serving' })).toBe(1);
    expect(page.value('symbolon_workers', { state: 'silent' })).toBe(0);
  });

  it('estimates the stored tokens, and asks the database no more often than once a minute', async () => {
    expect(page.value('symbolon_access_tokens_estimate')).toBe(stored);
    expect(page.value('symbolon_purge_backlog_seconds')).toBe(0);
    app.clock.advance(59_999);
    const asked = (text: MetricsText) =>
      text.value('db_client_operation_duration_seconds_count', { db_operation_name: 'token_statistics' });
    expect(asked(await scrape(app))).toBe(1);
    app.clock.advance(1);
    await scrape(app);
    expect(asked(await scrape(app))).toBe(2);
  });

  it('shows what other parts of the server count', async () => {
    const counters = app.nest.get(ServerCounters);
    Object.assign(counters, { monitoringDropped: 3, purgedRows: 4, changeFeedLosses: 5 });
    const text = await scrape(app);
    expect(text.value('symbolon_monitoring_dropped_total')).toBe(3);
    expect(text.value('symbolon_purged_rows_total')).toBe(4);
    expect(text.value('symbolon_change_feed_losses_total')).toBe(5);
  });
});
