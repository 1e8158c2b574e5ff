import cluster from 'node:cluster';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { AdminPort } from './admin-port.js';
import {
  forkWorker,
  reporting,
  requestReload,
  requestStop,
  whenServing,
  workerArgument,
  type WorkerHandle,
} from './worker-handle.js';
import { WorkerMetrics } from './worker-metrics.js';

/** The program of every worker. The primary's own may be the command line. */
const serverProgram = fileURLToPath(new URL('../main.js', import.meta.url));

/** Workers stop within 9.5 s; one that does not is killed after this many milliseconds. */
const stopMs = 10_000;

/** A worker that lived for less than this is replaced after a pause, in milliseconds. */
const shortLifeMs = 30_000;
/** The pause doubles with each short life, from the shortest to the longest, in milliseconds. */
const shortestPauseMs = 1_000;
const longestPauseMs = 30_000;

/** The workers, as the primary manages them: processes that serve on one port, each a complete node. */
export class Workers {
  private readonly running = new Set<WorkerHandle>();
  private readonly metrics = new WorkerMetrics();
  private stopping = false;

  constructor(
    private readonly count: number,
    private readonly log: Logger,
    /** Gets each worker that takes requests; undefined where the operator's listener is off. */
    private readonly admin: AdminPort | undefined,
  ) {
    cluster.setupPrimary({ exec: serverProgram, args: [workerArgument] });
  }

  /**
   * Starts the workers, and from then on replaces each one that ends.
   * @returns the port, when all take requests
   * @throws StartFailed when one ends instead; none is left then
   */
  async start(): Promise<number> {
    try {
      // The first worker migrates the schema and applies the configuration file alone: several at once would
      // make each other plan again until one gives up.
      const workers = [this.fork()];
      const port = await whenServing(workers[0]);
      while (workers.length < this.count && !this.stopping) workers.push(this.fork());
      await Promise.all(workers.map(whenServing));
      for (const worker of workers) void this.supervise(worker);
      return port;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Asks all workers to take up renewed TLS files. */
  reloadTls(): void {
    for (const worker of this.running) requestReload(worker);
  }

  /** Asks all workers to stop as a single process does, and replaces none. */
  async stop(): Promise<void> {
    this.stopping = true;
    const running = [...this.running];
    running.forEach(requestStop);
    const deadline = setTimeout(() => running.forEach((worker) => this.kill(worker)), stopMs);
    await Promise.all(running.map(({ exited }) => exited));
    clearTimeout(deadline);
  }

  /** Replaces a worker whenever it ends, and its replacements, too. */
  private async supervise(worker: WorkerHandle): Promise<void> {
    for (let pauseMs = 0; ; worker = this.fork()) {
      const exit = await worker.exited;
      if (this.stopping) return;
      const short = performance.now() - worker.forkedAt < shortLifeMs;
      pauseMs = short ? Math.min(Math.max(2 * pauseMs, shortestPauseMs), longestPauseMs) : 0;
      this.log.warn({ ...exit, pauseMs }, 'worker ended');
      await delay(pauseMs);
      if (this.stopping) return;
    }
  }

  private fork(): WorkerHandle {
    const handle = forkWorker();
    const pid = handle.worker?.process.pid;
    this.running.add(handle);
    void handle.serving.then(() => {
      if (handle.worker) this.admin?.add(handle.worker);
      this.log.info({ pid }, 'worker started');
      this.metrics.add(reporting(handle));
      if (this.stopping) requestStop(handle); // The first request may have come too early for it.
    });
    void handle.exited.then(() => this.running.delete(handle));
    return handle;
  }

  private kill(handle: WorkerHandle): void {
    if (!this.running.has(handle)) return;
    this.log.warn({ pid: handle.worker?.process.pid }, 'worker did not stop in time');
    handle.worker?.process.kill('SIGKILL');
  }
}
