import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { StoreUnavailable } from '../domain/oauth-error.js';
import { RefusalLog } from '../domain/refusal.js';
import { Faults } from '../observability/faults.js';
import { LOGGER } from '../observability/log.js';
import { NodeReporter } from './node-reporter.js';
import { RefusalSampler } from './refusal-sampler.js';
import { TrafficRecorder } from './traffic-recorder.js';

/** Stores what this process has counted and recorded: whenever it is asked to, and once more when the server stops. */
@Injectable()
export class MonitoringFlush implements OnApplicationShutdown {
  /** The flush that is under way, or was last. It never rejects. */
  private last = Promise.resolve();
  private failing = false;

  constructor(
    private readonly traffic: TrafficRecorder,
    private readonly refusals: RefusalSampler,
    private readonly nodes: NodeReporter,
    @Inject(LOGGER) private readonly log: Logger,
    private readonly refusalLog: RefusalLog,
    private readonly faults: Faults,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.flush();
  }

  /** Stores everything that was counted before; one flush at a time. A fault is logged. */
  flush(): Promise<void> {
    this.last = this.last.then(() => this.flushNow());
    return this.last;
  }

  /** A store may be unavailable for hours: the log says only when that begins, and when it ends. A mistake is logged each time. */
  private async flushNow(): Promise<void> {
    const fault = await this.store();
    const ours = fault && !(fault.error instanceof StoreUnavailable);
    if (fault && (ours || !this.failing)) this.faults.note(fault.error);
    if (!fault && this.failing) this.log.info('monitoring is stored again');
    this.failing = fault !== undefined;
  }

  /** @returns the last fault; where the store is unavailable, nothing more is tried */
  private async store(): Promise<{ readonly error: unknown } | undefined> {
    let fault: { readonly error: unknown } | undefined;
    for (const store of [
      () => this.traffic.flush(),
      () => this.refusals.flush(this.refusalLog),
      () => this.nodes.report(),
    ]) {
      try {
        await store();
      } catch (error) {
        fault = { error };
        if (error instanceof StoreUnavailable) break;
      }
    }
    return fault;
  }
}
