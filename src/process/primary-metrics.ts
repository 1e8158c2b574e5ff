import cluster from 'node:cluster';
import type { Logger } from 'pino';
import type { ProcessMetrics } from '../monitoring/metrics.js';
import type { WorkersTogether } from '../monitoring/metrics-page.js';
import type { Snapshot } from '../monitoring/snapshot.js';
import { logFault } from '../observability/fault.js';
import { within } from '../observability/within.js';
import {
  isMetricsSum,
  isMetricsWanted,
  type MetricsMessage,
  type MetricsSumWantedMessage,
} from './worker-messages.js';

/** How long a scrape waits for the primary, in milliseconds: the primary itself waits 1 s for the workers. */
const answerMs = 1_500;

/** How long a worker that ends tries to tell its last metrics, in milliseconds. */
const lastMs = 250;

/** A worker's connection to its primary. */
export interface PrimaryChannel {
  /** Resolves when the message was passed on, or cannot be. Never rejects. */
  send(message: MetricsMessage | MetricsSumWantedMessage): Promise<void>;
  /** Calls the listener for every message of the primary. */
  receive(listener: (message: unknown) => void): void;
}

/** The channel of this process, which must be a worker. */
export function primaryChannel(): PrimaryChannel {
  const { worker } = cluster;
  return {
    // A primary that is gone needs no metrics; the worker is told of its end by `disconnect`.
    send: (message) => new Promise((resolve) => worker?.send(message, () => resolve())),
    receive: (listener) => void worker?.on('message', listener),
  };
}

/** What a worker and its primary tell each other of metrics, on the worker's side. */
export class PrimaryMetrics implements WorkersTogether {
  private readonly own: Promise<ProcessMetrics>;
  private provideOwn!: (metrics: ProcessMetrics) => void;
  private questions = 0;
  /** The question that the primary has not answered yet. There is only one, or they would pile up. */
  private asking?: Promise<Snapshot>;
  private answer: (id: number, snapshot: Snapshot) => void = () => {};

  constructor(
    private readonly channel: PrimaryChannel,
    private readonly log: Logger,
  ) {
    // The primary may ask before this worker's own metrics are there; it is answered as soon as they are.
    this.own = new Promise((resolve) => (this.provideOwn = resolve));
    channel.receive((message) => {
      if (isMetricsWanted(message)) void this.tell(message.id);
      else if (isMetricsSum(message)) this.answer(message.id, message.snapshot);
    });
  }

  /** From now on the primary's questions are answered. */
  report(metrics: ProcessMetrics): void {
    this.provideOwn(metrics);
  }

  collect(): Promise<Snapshot | undefined> {
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    return within(answerMs, this.asking);
  }

  /** Tells the primary the last metrics of this worker, which is about to end. */
  async tellLast(metrics: ProcessMetrics): Promise<void> {
    const told = metrics.lastSnapshot().then((snapshot) => this.channel.send({ type: 'metrics', snapshot }));
    await within(lastMs, told);
  }

  private ask(): Promise<Snapshot> {
    this.questions += 1;
    const id = this.questions;
    return new Promise((resolve) => {
      this.answer = (answered, snapshot) => {
        if (answered === id) resolve(snapshot);
      };
      void this.channel.send({ type: 'metrics_sum_wanted', id });
    });
  }

  private async tell(id: number): Promise<void> {
    const own = await this.own;
    try {
      await this.channel.send({ type: 'metrics', id, snapshot: await own.snapshot() });
    } catch (error) {
      logFault(this.log, error);
      await this.channel.send({ type: 'metrics', id });
    }
  }
}
