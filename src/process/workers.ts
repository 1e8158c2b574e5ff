import cluster, { type Worker } from 'node:cluster';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { StartFailed } from '../app/start-error.js';

/** What a worker's command line says; one process of somebody else's cluster is none of ours. */
const mark = 'worker';

/** Whether this process is a worker. */
export const isWorker = cluster.isWorker && process.argv[2] === mark;

/** Whether it is the one that starts before all others. */
export const isFirstWorker = isWorker && cluster.worker?.id === 1;

/** Workers stop within 9.5 s; one that does not is ended after this many milliseconds. */
const stopMs = 10_000;

/** Who lived for less than this is replaced after a pause that grows from the shortest to the longest, in milliseconds. */
const shortLifeMs = 30_000;
const shortestPauseMs = 1_000;
const longestPauseMs = 30_000;

/** How a worker ended: its exit status or the signal, and what it had to say. */
interface Ending {
  readonly pid?: number;
  readonly status?: number;
  readonly signal?: string;
  readonly reason?: string;
}

/** A worker, from its fork to its end. */
interface Life {
  /** Undefined when there was no process to be had. */
  readonly worker?: Worker;
  /** Resolves with the port when it takes requests. */
  readonly listening: Promise<number>;
  readonly ended: Promise<Ending>;
  /** When it was forked, by the monotonic clock in milliseconds. */
  readonly begun: number;
}

/** The primary's side: processes that serve behind one port, each a whole node of its own. */
export class Workers {
  private readonly running = new Set<Life>();
  private stopping = false;

  constructor(
    private readonly count: number,
    private readonly log: Logger,
  ) {
    cluster.setupPrimary({ args: [mark] });
  }

  /**
   * Starts them, and from then on replaces each one that ends.
   * @returns the port, when all take requests
   * @throws StartFailed when one ends instead; none is left then
   */
  async start(): Promise<number> {
    try {
      // The first one migrates the schema and applies the configuration file by itself: many at once would make
      // each other plan anew until one gives up.
      const lives = [this.fork()];
      const port = await served(lives[0]);
      while (lives.length < this.count && !this.stopping) lives.push(this.fork());
      await Promise.all(lives.map(served));
      for (const life of lives) void this.keep(life);
      return port;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Lets all of them stop as a single process does, and replaces none. */
  async stop(): Promise<void> {
    this.stopping = true;
    const running = [...this.running];
    running.forEach(tellToStop);
    const impatient = setTimeout(() => running.forEach((life) => this.kill(life)), stopMs);
    await Promise.all(running.map(({ ended }) => ended));
    clearTimeout(impatient);
  }

  /** Fills a worker's place whenever it falls vacant. */
  private async keep(life: Life): Promise<void> {
    for (let pauseMs = 0; ; life = this.fork()) {
      const ending = await life.ended;
      if (this.stopping) return;
      const short = performance.now() - life.begun < shortLifeMs;
      pauseMs = short ? Math.min(Math.max(2 * pauseMs, shortestPauseMs), longestPauseMs) : 0;
      this.log.warn({ ...ending, pauseMs }, 'worker ended');
      await delay(pauseMs);
      if (this.stopping) return;
    }
  }

  private fork(): Life {
    const life = begin();
    const pid = life.worker?.process.pid;
    this.running.add(life);
    void life.listening.then(() => {
      this.log.info({ pid }, 'worker started');
      if (this.stopping) tellToStop(life); // It may have been too young to hear it the first time.
    });
    void life.ended.then(() => this.running.delete(life));
    return life;
  }

  private kill(life: Life): void {
    if (!this.running.has(life)) return;
    this.log.warn({ pid: life.worker?.process.pid }, 'worker did not stop in time');
    life.worker?.process.kill('SIGKILL');
  }
}

/** By a message: whom a terminal's signal has reached, too, would take another for a command to end at once. */
function tellToStop({ worker }: Life): void {
  worker?.send('stop', () => {}); // One that has just ended need not hear it.
}

function begin(): Life {
  const begun = performance.now();
  try {
    const worker = cluster.fork();
    const listening = new Promise<number>((resolve) => worker.once('listening', ({ port }) => resolve(port)));
    return { worker, listening, ended: endOf(worker), begun };
  } catch (error) {
    return { listening: new Promise(() => {}), ended: Promise.resolve(notForked(error)), begun };
  }
}

/** The port of a worker that takes requests. */
async function served({ listening, ended }: Life): Promise<number> {
  const failed = ended.then(({ reason, signal, status }) => {
    throw new StartFailed(reason ?? `a worker ended during the start (${signal ?? `status ${status}`})`);
  });
  return Promise.race([listening, failed]);
}

function endOf(worker: Worker): Promise<Ending> {
  const { pid } = worker.process;
  return new Promise((resolve) => {
    let reason: string | undefined;
    worker.on('message', (sentence: string) => (reason = sentence));
    // Not `exit`, which may come before the last message.
    worker.process.once('close', (status, signal) =>
      resolve({ pid, status: status ?? undefined, signal: signal ?? undefined, reason }),
    );
    worker.on('error', (error) => {
      // Of a process that is, it says that a message no longer found it; what else there is to say comes at its end.
      if (pid === undefined) resolve(notForked(error));
    });
  });
}

function notForked(error: unknown): Ending {
  return { reason: `a worker could not be forked (${(error as NodeJS.ErrnoException).code})` };
}

/** A worker's last words, about why its start failed: the primary says them to the operator. */
export function tellPrimary(sentence: string): Promise<void> {
  return new Promise((resolve) => cluster.worker?.send(sentence, () => resolve()));
}

/** Resolves when the primary tells this worker to stop. */
export function toldToStop(): Promise<void> {
  // A message to a primary that is gone; the disconnect follows.
  cluster.worker?.on('error', () => {});
  return new Promise((resolve) => cluster.worker?.once('message', () => resolve()));
}

/**
 * Resolves when a worker that serves is to stop: for one of these reasons, or because the primary is gone. Before and
 * afterwards Node itself ends a worker that has lost its primary, at once.
 */
export async function untilStop(...reasons: Promise<unknown>[]): Promise<void> {
  const { worker } = cluster;
  let outlive = () => {};
  const gone = new Promise<void>((resolve) => {
    outlive = () => {
      if (worker) worker.exitedAfterDisconnect = true; // What Node looks at.
      resolve();
    };
    worker?.once('disconnect', outlive);
  });
  await Promise.race([...reasons, gone]);
  worker?.off('disconnect', outlive);
}
