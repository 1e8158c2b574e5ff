import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { DataSource } from 'typeorm';
import { parse } from 'yaml';
import { TestApp } from '../support/app.js';
import { meteredRequests, meteredTraffic } from '../support/metered-traffic.js';
import { hasPrometheus, Prometheus, promtool, Scrapes } from '../support/prometheus.js';
import { counted, scrape } from '../support/scrape.js';
import { lifeConfiguration } from '../support/token-life.js';

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

interface Board {
  readonly schemaVersion: number;
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition: string }[] };
  readonly panels: readonly Panel[];
}

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

function read(path: string): string {
  return readFileSync(new URL(`../../ops/${path}`, import.meta.url), 'utf8');
}

const board = JSON.parse(read('grafana/dashboards/symbolon.json')) as Board;
const queries = board.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => [title, expr] as const),
);
const { groups } = parse(read('prometheus/alerts.yml')) as {
  groups: { rules: Rule[] }[];
};
const alerts = groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => [alert, expr] as const));

const requestCount = 'http_server_request_duration_seconds_count';

/** A process that has not collected garbage since the first scrape has nothing to tell of it. */
const mayBeEmpty = new Set(['Garbage collection']);

/** What stands for metrics in an expression: names of ours and of the runtime that are not labels. */
function metricsIn(expression: string): string[] {
  const withoutLabels = expression.replace(/by \([^)]*\)|\{[^}]*\}/g, '');
  return withoutLabels.match(/\b(?:symbolon|http|db|process|nodejs)_\w+/g) ?? [];
}

/** A histogram's lines have names of their own. */
function withoutSuffix(name: string): string {
  return name.replace(/_(bucket|sum|count)$/, '');
}

describe('the alerts', () => {
  const needed = ['Down', 'ServerErrors', 'SlowTokenInfo', 'FeedNotCurrent', 'PoolWaiting', 'PurgeBacklog'];
  needed.push('RefreshReuse', 'ForgedTokens', 'HashWaiting', 'WorkerSilent', 'MonitoringDropped');

  it('are these, and each is tested to fire and not to fire', () => {
    expect(alerts.map(([name]) => name)).toEqual(needed.map((name) => `Symbolon${name}`));
    const { tests } = parse(read('prometheus/alerts.test.yml')) as { tests: { name: string }[] };
    for (const [alert] of alerts) {
      expect(tests.filter(({ name }) => name.startsWith(`${alert} fires`))).not.toEqual([]);
      expect(tests.filter(({ name }) => name.startsWith(`${alert} does not fire`))).not.toEqual([]);
    }
  });

  it('are explained in docs/metrics.md, where each points to its own section', () => {
    const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
    const headings = [...page.matchAll(/^### (\w+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(alerts.map(([name]) => name));
    for (const { alert, labels, annotations } of groups.flatMap(({ rules }) => rules)) {
      expect(annotations).toEqual({
        summary: expect.any(String),
        description: expect.any(String),
        runbook: `docs/metrics.md#${alert.toLowerCase()}`,
      });
      expect(labels).toEqual({ severity: expect.stringMatching(/^(critical|warning)$/) });
    }
  });

  (hasPrometheus ? it : it.skip).each<[string[]]>([
    [['check', 'config', 'prometheus.yml']],
    [['check', 'rules', 'alerts.yml']],
    [['test', 'rules', 'alerts.test.yml']],
  ])('pass promtool %j', (command) => {
    expect(promtool(...command)).toEqual({ status: 0, output: expect.stringContaining('SUCCESS') });
  });
});

(hasPrometheus ? describe : describe.skip)('a Prometheus that has scraped a server', () => {
  let app: TestApp;
  let scrapes: Scrapes;
  let prometheus: Prometheus;

  beforeAll(async () => {
    app = await TestApp.start({ configuration: lifeConfiguration() });
    await counted(app, meteredRequests, () => meteredTraffic(app));
    await app.nest.get(DataSource).query('ANALYZE access_token');
    const admin = await app.admin();
    scrapes = new Scrapes(admin.nest.getHttpServer() as Server);
    prometheus = await Prometheus.start(scrapes.target);
    await scrapes.stored();
    await counted(app, meteredRequests, () => meteredTraffic(app));
    await scrapes.stored();
  });
  afterAll(async () => {
    await prometheus?.stop();
    await app?.stop();
  });

  it.each(queries)('answers the board’s query of "%s": %s', async (title, expression) => {
    const query = expression.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*');
    expect(query).not.toContain('$');
    const series = await prometheus.query(query);
    if (!mayBeEmpty.has(title)) expect(series).not.toEqual([]);
  });

  it('sees the rate of what was asked', async () => {
    const [{ value }] = await prometheus.query(
      'sum(rate(symbolon_inspections_total{outcome="live"}[1m])) > 0',
    );
    expect(Number((value as string[])[1])).toBeGreaterThan(0);
  });

  it('sees the requests of the operator’s listener, by the templates of its routes', async () => {
    const series = await prometheus.query(`${requestCount}{http_route="/metrics"}`);
    expect(series).toMatchObject([
      { metric: { http_request_method: 'GET', http_response_status_code: '200' } },
    ]);
  });

  it('fills the menu of instances', async () => {
    const [{ name, definition }] = board.templating.list;
    expect(name).toBe('instance');
    const [, selector, label] = /^label_values\((.+), (\w+)\)$/.exec(definition) ?? [];
    expect(await prometheus.labelValues(label, selector)).toEqual([scrapes.target]);
  });

  it('evaluates every alert, and none of its metrics is missing', async () => {
    const rules = await prometheus.rules();
    expect(rules.map(({ name }) => name)).toEqual(alerts.map(([name]) => name));
    for (const rule of rules) expect(rule).not.toHaveProperty('lastError');
    expect(rules.map(({ health }) => health)).toEqual(rules.map(() => 'ok'));
    const { metrics } = await scrape(app);
    const named = [...alerts, ...queries].flatMap(([, expression]) => metricsIn(expression));
    expect(named.length).toBeGreaterThan(alerts.length + queries.length);
    expect(named.filter((name) => !metrics.has(name) && !metrics.has(withoutSuffix(name)))).toEqual([]);
  });

  it.each(alerts)('answers the expression of %s', async (_, expression) => {
    await expect(prometheus.query(expression)).resolves.toBeDefined();
  });
});
