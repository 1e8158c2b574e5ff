import { type ProcessMetrics, workersMetric } from './metrics.js';
import { gauges, type Snapshot, written } from './snapshot.js';

/** The page that Prometheus scrapes. */
export abstract class MetricsPage {
  /** Value of `Content-Type`: Prometheus' text format. */
  static readonly contentType = 'text/plain; version=0.0.4; charset=utf-8';

  /** The page of all processes of this server, within 2 s. */
  abstract text(): Promise<string>;
}

/** The workers of this server, where it has some. */
export interface WorkersTogether {
  /** The metrics of all workers, this one included, added up; undefined where the primary does not answer in time. */
  collect(): Promise<Snapshot | undefined>;
}

/** The page of a server that is one process. */
export class SingleMetricsPage extends MetricsPage {
  constructor(private readonly own: ProcessMetrics) {
    super();
  }

  async text(): Promise<string> {
    return written([...(await this.own.snapshot()), workersMetric(1, 0)]);
  }
}

/** The page of a server with workers, as any of them answers it. */
export class WorkersMetricsPage extends MetricsPage {
  constructor(
    private readonly own: ProcessMetrics,
    private readonly workers: WorkersTogether,
  ) {
    super();
  }

  async text(): Promise<string> {
    // Without the primary, this worker's own counters would look as if those of all workers had been reset.
    return written((await this.workers.collect()) ?? gauges(await this.own.snapshot()));
  }
}
