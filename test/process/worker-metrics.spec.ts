import { jest } from '@jest/globals';
import { counter, gauge, type Sample, type Snapshot, written } from '../../src/monitoring/snapshot.js';
import { type ReportingWorker, WorkerMetrics } from '../../src/process/worker-metrics.js';
import { MetricsText } from '../support/metrics-text.js';

type Sent = Parameters<ReportingWorker['send']>[0];

/** A worker that answers, is silent, or ends when the test says so. */
class Worker implements ReportingWorker {
  readonly sent: Sent[] = [];
  requests = 0;
  current = 1;
  silent = false;
  readonly exited: Promise<void>;
  end!: () => void;
  tell: (message: unknown) => void = () => {};

  constructor() {
    this.exited = new Promise((resolve) => (this.end = resolve));
  }

  send(message: Sent): void {
    this.sent.push(message);
    if (message.type === 'metrics_wanted' && !this.silent) this.answer(message.id);
  }

  receive(listener: (message: unknown) => void): void {
    this.tell = listener;
  }

  answer(id?: number): void {
    this.tell({ type: 'metrics', id, snapshot: this.snapshot });
  }

  get snapshot(): Snapshot {
    const values = (value: number): Sample[] => [{ labels: {}, value }];
    return [
      counter('requests_total', 'Requests.', values(this.requests)),
      gauge('current', 'Current.', 'min', values(this.current)),
      gauge('memory', 'Memory.', 'sum', values(10)),
    ];
  }

  get questions(): number {
    return this.sent.filter(({ type }) => type === 'metrics_wanted').length;
  }
}

const serving = { state: 'serving' };
const silent = { state: 'silent' };

describe('the metrics of all workers', () => {
  let metrics: WorkerMetrics;
  let workers: Worker[];

  beforeEach(() => {
    jest.useFakeTimers();
    metrics = new WorkerMetrics();
    workers = [1, 20, 300].map((requests) => Object.assign(new Worker(), { requests }));
    for (const worker of workers) metrics.add(worker);
  });
  afterEach(() => jest.useRealTimers());

  /** What a scrape gets when this many milliseconds have passed. */
  async function scraped(afterMs = 0): Promise<MetricsText> {
    const sum = metrics.collect();
    await jest.advanceTimersByTimeAsync(afterMs);
    return new MetricsText(await written(await sum));
  }

  it('are added up, each metric by its aggregator, and no timer is left', async () => {
    workers[1].current = 0;
    const page = await scraped();
    expect(page.value('requests_total')).toBe(321);
    expect(page.value('current')).toBe(0);
    expect(page.value('memory')).toBe(30);
    expect(page.value('symbolon_workers', serving)).toBe(3);
    expect(page.value('symbolon_workers', silent)).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('hold the last ones of a worker that does not answer within a second', async () => {
    await scraped();
    workers[0].requests = 2;
    workers[2].silent = true;
    workers[2].requests = 999;
    const sum = metrics.collect();
    const over = jest.fn();
    void sum.then(over);
    await jest.advanceTimersByTimeAsync(999);
    expect(over).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(over).toHaveBeenCalled();
    const page = new MetricsText(await written(await sum));
    expect(page.value('requests_total')).toBe(2 + 20 + 300);
    expect(page.value('symbolon_workers', serving)).toBe(2);
    expect(page.value('symbolon_workers', silent)).toBe(1);
  });

  it('do not ask a silent worker again before it has answered, and count it again when it does', async () => {
    workers[2].silent = true;
    for (let scrape = 0; scrape < 5; scrape += 1) await scraped(1000);
    expect(workers[2].questions).toBe(1);
    expect(workers[0].questions).toBe(5);
    workers[2].answer(workers[2].sent.find(({ type }) => type === 'metrics_wanted')?.id);
    workers[2].silent = false;
    const page = await scraped();
    expect(workers[2].questions).toBe(2);
    expect(page.value('symbolon_workers', silent)).toBe(0);
  });

  it('hold the counters, and not the gauges, of workers that have ended', async () => {
    await scraped();
    workers[2].end();
    const page = await scraped();
    expect(page.value('requests_total')).toBe(321);
    expect(page.value('memory')).toBe(20);
    expect(page.value('symbolon_workers', serving)).toBe(2);
  });

  it('hold what a worker that stops has told last', async () => {
    workers[2].requests = 301;
    workers[2].answer();
    workers[2].end();
    expect((await scraped()).value('requests_total')).toBe(322);
  });

  it('do not wait for a worker that ends meanwhile', async () => {
    workers[2].silent = true;
    const sum = metrics.collect();
    workers[2].end();
    const page = new MetricsText(await written(await sum));
    expect(page.value('symbolon_workers', serving)).toBe(2);
    expect(page.value('symbolon_workers', silent)).toBe(0);
  });

  it('grow neither with the workers that have ended nor with time', async () => {
    const before = (await scraped()).size;
    for (let generation = 0; generation < 100; generation += 1) {
      const worker = Object.assign(new Worker(), { requests: 1 });
      metrics.add(worker);
      worker.answer();
      worker.end();
    }
    const page = await scraped();
    expect(page.size).toBe(before);
    expect(page.value('requests_total')).toBe(421);
  });

  it('never fall while workers end, are silent, answer late and are replaced', async () => {
    let last = 0;
    for (let step = 0; step < 60; step += 1) {
      const worker = workers[step % 3];
      for (const each of workers) each.requests += 1;
      if (step % 7 === 0) worker.silent = !worker.silent;
      if (step % 11 === 0) {
        worker.end();
        workers[step % 3] = new Worker();
        metrics.add(workers[step % 3]);
      }
      const value = (await scraped(1000)).value('requests_total') ?? 0;
      expect(value).toBeGreaterThanOrEqual(last);
      last = value;
    }
    expect(last).toBeGreaterThan(321);
  });

  it('are asked for once for scrapes at the same time, each of which is answered under its own number', async () => {
    workers[2].silent = true;
    workers[0].tell({ type: 'metrics_sum_wanted', id: 7 });
    workers[1].tell({ type: 'metrics_sum_wanted', id: 8 });
    await jest.advanceTimersByTimeAsync(1000);
    expect(workers.map(({ questions }) => questions)).toEqual([1, 1, 1]);
    const answers = workers.map(({ sent }) => sent.filter(({ type }) => type === 'metrics_sum'));
    expect(answers.map((each) => each.map(({ id }) => id))).toEqual([[7], [8], []]);
  });

  it('hold the last ones of a worker that could not read its own, which counts as silent', async () => {
    await scraped();
    workers[2].silent = true;
    const sum = metrics.collect();
    workers[2].tell({ type: 'metrics', id: workers[2].sent.at(-1)?.id });
    await jest.advanceTimersByTimeAsync(1000);
    const page = new MetricsText(await written(await sum));
    expect(page.value('requests_total')).toBe(321);
    expect(page.value('symbolon_workers', silent)).toBe(1);
    workers[2].silent = false;
    expect((await scraped()).value('symbolon_workers', silent)).toBe(0);
  });

  it('ignore messages of other kinds', async () => {
    workers[0].tell({ type: 'metrics', id: 1, snapshot: 'text' });
    workers[0].tell(undefined);
    expect((await scraped()).value('requests_total')).toBe(321);
  });
});
