import { workersMetric } from '../monitoring/metrics.js';
import { added, rising, type Snapshot } from '../monitoring/snapshot.js';
import { within } from '../observability/within.js';
import {
  isMetrics,
  isMetricsSumWanted,
  type MetricsMessage,
  type MetricsSumMessage,
  type MetricsWantedMessage,
} from './worker-messages.js';

/** How long the workers have to answer, in milliseconds. */
const answerMs = 1_000;

/** A worker that serves, as far as its metrics are concerned. */
export interface ReportingWorker {
  send(message: MetricsWantedMessage | MetricsSumMessage): void;
  /** Calls the listener for every message of the worker. */
  receive(listener: (message: unknown) => void): void;
  /** Resolves after its last message. */
  readonly exited: Promise<unknown>;
}

/** What is known of a worker's metrics. */
interface Report {
  /** Its last metrics; none before its first answer. */
  snapshot: Snapshot;
  /** The question that it has not answered yet. It is asked no other one meanwhile, or its questions would pile up. */
  unanswered?: number;
}

/**
 * The metrics of all workers together, as the primary adds them up. A counter never falls: of a worker that does not
 * answer, its last metrics count, and of one that has ended, its last counters and histograms.
 */
export class WorkerMetrics {
  private readonly reports = new Map<ReportingWorker, Report>();
  /** The counters and histograms of all workers that have ended, in one sum, which does not grow with their number. */
  private ended: Snapshot = [];
  private questions = 0;
  /** The workers that the round under way waits for. */
  private awaited = new Set<ReportingWorker>();
  private allAnswered = () => {};
  private round?: Promise<Snapshot>;

  /** Includes a worker that has begun to serve, until it ends. */
  add(worker: ReportingWorker): void {
    const report: Report = { snapshot: [] };
    this.reports.set(worker, report);
    worker.receive((message) => {
      if (isMetrics(message)) this.receive(worker, report, message);
      else if (isMetricsSumWanted(message)) void this.answer(worker, message.id);
    });
    void worker.exited.then(() => {
      this.reports.delete(worker);
      this.ended = added([this.ended, rising(report.snapshot)]);
      this.settle(worker);
    });
  }

  /** The sum, within `answerMs`. Scrapes that come during a round of questions get its sum. */
  collect(): Promise<Snapshot> {
    this.round ??= this.ask().finally(() => (this.round = undefined));
    return this.round;
  }

  private async answer(worker: ReportingWorker, id: number): Promise<void> {
    worker.send({ type: 'metrics_sum', id, snapshot: await this.collect() });
  }

  private async ask(): Promise<Snapshot> {
    this.awaited = new Set(this.reports.keys());
    if (this.awaited.size > 0) {
      const allAnswered = new Promise<void>((resolve) => (this.allAnswered = resolve));
      this.reports.forEach((report, worker) => this.question(worker, report));
      await within(answerMs, allAnswered);
    }
    const silent = this.awaited.size;
    this.awaited = new Set();
    const snapshots = [...this.reports.values()].map(({ snapshot }) => snapshot);
    return added([...snapshots, this.ended, [workersMetric(this.reports.size - silent, silent)]]);
  }

  private question(worker: ReportingWorker, report: Report): void {
    if (report.unanswered !== undefined) return;
    this.questions += 1;
    report.unanswered = this.questions;
    worker.send({ type: 'metrics_wanted', id: this.questions });
  }

  private receive(worker: ReportingWorker, report: Report, { id, snapshot }: MetricsMessage): void {
    if (id === report.unanswered) report.unanswered = undefined;
    // One that could not read its metrics counts as silent.
    if (!snapshot) return;
    report.snapshot = snapshot;
    this.settle(worker);
  }

  private settle(worker: ReportingWorker): void {
    if (this.awaited.delete(worker) && this.awaited.size === 0) this.allAnswered();
  }
}
