import { jest } from '@jest/globals';
import { type ProcessMetrics, workersMetric } from '../../src/monitoring/metrics.js';
import { WorkersMetricsPage } from '../../src/monitoring/metrics-page.js';
import { counter, gauge, type Snapshot, single } from '../../src/monitoring/snapshot.js';
import { createLog } from '../../src/observability/log.js';
import { type PrimaryChannel, PrimaryMetrics } from '../../src/process/primary-metrics.js';
import { MetricsText } from '../support/metrics-text.js';

type Sent = Parameters<PrimaryChannel['send']>[0];

/** A primary that answers when the test says so. */
class Primary implements PrimaryChannel {
  readonly sent: Sent[] = [];
  tell: (message: unknown) => void = () => {};
  /** Whether messages get stuck on their way. */
  stuck = false;

  send(message: Sent): Promise<void> {
    this.sent.push(message);
    return this.stuck ? new Promise(() => {}) : Promise.resolve();
  }

  receive(listener: (message: unknown) => void): void {
    this.tell = listener;
  }
}

const own: Snapshot = [
  counter('requests_total', 'Requests.', single(3)),
  gauge('memory', 'Memory.', 'sum', single(10)),
];
const last: Snapshot = [counter('requests_total', 'Requests.', single(4))];
const sum: Snapshot = [counter('requests_total', 'Requests.', single(30)), workersMetric(3, 0)];

describe('a worker', () => {
  let primary: Primary;
  let logged: string[];
  let metrics: PrimaryMetrics;
  let process: Pick<ProcessMetrics, 'snapshot' | 'lastSnapshot'>;

  beforeEach(() => {
    jest.useFakeTimers();
    primary = new Primary();
    logged = [];
    metrics = new PrimaryMetrics(primary, createLog('info', { write: (line) => void logged.push(line) }));
    process = { snapshot: async () => own, lastSnapshot: async () => last };
  });
  afterEach(() => jest.useRealTimers());

  const asProcess = () => process as ProcessMetrics;
  const settled = () => jest.advanceTimersByTimeAsync(0);

  it('answers with the sum of all workers, which the primary has told', async () => {
    const page = new WorkersMetricsPage(asProcess(), metrics).text();
    expect(primary.sent).toEqual([{ type: 'metrics_sum_wanted', id: 1 }]);
    primary.tell({ type: 'metrics_sum', id: 1, snapshot: sum });
    expect(new MetricsText(await page).value('requests_total')).toBe(30);
  });

  it('answers without the primary after 1.5 s, with gauges alone, so that no counter falls', async () => {
    const page = new WorkersMetricsPage(asProcess(), metrics).text();
    await jest.advanceTimersByTimeAsync(1500);
    const text = new MetricsText(await page);
    expect(text.value('memory')).toBe(10);
    expect([...text.rising.keys()]).toEqual([]);
  });

  it('asks a silent primary only once, and uses its answer when it comes', async () => {
    for (let scrape = 0; scrape < 3; scrape += 1) {
      const collected = metrics.collect();
      await jest.advanceTimersByTimeAsync(1500);
      expect(await collected).toBeUndefined();
    }
    expect(primary.sent).toHaveLength(1);
    const collected = metrics.collect();
    primary.tell({ type: 'metrics_sum', id: 1, snapshot: sum });
    expect(await collected).toEqual(sum);
    void metrics.collect();
    expect(primary.sent).toHaveLength(2);
  });

  it('takes no answer to another question', async () => {
    const collected = metrics.collect();
    primary.tell({ type: 'metrics_sum', id: 2, snapshot: sum });
    primary.tell({ type: 'metrics_sum', id: 1, snapshot: 'text' });
    await jest.advanceTimersByTimeAsync(1500);
    expect(await collected).toBeUndefined();
  });

  it('tells its metrics when it is asked, also when it was asked before it had any', async () => {
    primary.tell({ type: 'metrics_wanted', id: 5 });
    await settled();
    expect(primary.sent).toEqual([]);
    metrics.report(asProcess());
    await settled();
    primary.tell({ type: 'metrics_wanted', id: 6 });
    await settled();
    expect(primary.sent).toEqual([
      { type: 'metrics', id: 5, snapshot: own },
      { type: 'metrics', id: 6, snapshot: own },
    ]);
  });

  it('says so when it cannot read its metrics, and logs why', async () => {
    process.snapshot = () => Promise.reject(new TypeError('secret'));
    metrics.report(asProcess());
    primary.tell({ type: 'metrics_wanted', id: 5 });
    await settled();
    expect(primary.sent).toEqual([{ type: 'metrics', id: 5 }]);
    expect(logged.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ fault: 'TypeError' }]);
  });

  it('tells its last metrics before it ends, and does not wait for long', async () => {
    await metrics.tellLast(asProcess());
    expect(primary.sent).toEqual([{ type: 'metrics', snapshot: last }]);
    primary.stuck = true;
    const told = metrics.tellLast(asProcess());
    await jest.advanceTimersByTimeAsync(250);
    await told;
  });
});
