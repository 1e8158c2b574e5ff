import cluster, { type Worker } from 'node:cluster';
import { StartFailed } from '../app/start-error.js';
import {
  isServingMessage,
  isStartFailedMessage,
  type ReloadTlsMessage,
  type StopMessage,
} from './worker-messages.js';
import type { ReportingWorker } from './worker-metrics.js';

/** The first command-line argument of a worker, by which it knows what it is. */
export const workerArgument = 'worker';

/** How a worker ended: its exit status or the signal, and the reason it gave. */
export interface WorkerExit {
  readonly pid?: number;
  readonly status?: number;
  readonly signal?: string;
  readonly reason?: string;
}

/** A worker, from its fork to its end, as the primary sees it. */
export interface WorkerHandle {
  /** Undefined when `cluster.fork` threw. */
  readonly worker?: Worker;
  /** Resolves with the public port when the worker takes requests. */
  readonly serving: Promise<number>;
  /** Resolves when the worker has ended. Never rejects. */
  readonly exited: Promise<WorkerExit>;
  /** When it was forked, in milliseconds of the monotonic clock. */
  readonly forkedAt: number;
}

export function forkWorker(): WorkerHandle {
  const forkedAt = performance.now();
  try {
    const worker = cluster.fork();
    return { worker, serving: portOf(worker), exited: exitOf(worker), forkedAt };
  } catch (error) {
    return { serving: new Promise(() => {}), exited: Promise.resolve(notForked(error)), forkedAt };
  }
}

/**
 * Waits until a worker takes requests.
 * @returns the port
 * @throws StartFailed when the worker ends instead
 */
export async function whenServing({ serving, exited }: WorkerHandle): Promise<number> {
  const failed = exited.then(({ reason, signal, status }) => {
    throw new StartFailed(
      reason ?? `a worker ended during the start (${signal ?? `status ${status}`})`,
      status === 3,
    );
  });
  return Promise.race([serving, failed]);
}

/**
 * Asks a worker to stop. By a message: a second signal, after a terminal's own, would end the worker at once.
 */
export function requestStop({ worker }: WorkerHandle): void {
  const message: StopMessage = { type: 'stop' };
  worker?.send(message, () => {}); // A worker that has just ended need not get it.
}

/** Asks a worker to take up renewed TLS files. One that has not opened its ports yet reads them anyway. */
export function requestReload({ worker }: WorkerHandle): void {
  const message: ReloadTlsMessage = { type: 'reload_tls' };
  worker?.send(message, () => {}); // A worker that has just ended need not get it.
}

/** A worker as a source of metrics. */
export function reporting({ worker, exited }: WorkerHandle): ReportingWorker {
  return {
    send: (message) => worker?.send(message, () => {}), // A worker that has just ended need not get it.
    receive: (listener) => void worker?.on('message', listener),
    exited,
  };
}

/** Not Node's `listening`, which the first of several listeners of a worker would cause. */
function portOf(worker: Worker): Promise<number> {
  return new Promise((resolve) => {
    worker.on('message', (message) => {
      if (isServingMessage(message)) resolve(message.port);
    });
  });
}

function exitOf(worker: Worker): Promise<WorkerExit> {
  const { pid } = worker.process;
  return new Promise((resolve) => {
    let reason: string | undefined;
    worker.on('message', (message) => {
      if (isStartFailedMessage(message)) reason = message.reason;
    });
    // Not `exit`, which may come before the last message.
    worker.process.once('close', (status, signal) =>
      resolve({ pid, status: status ?? undefined, signal: signal ?? undefined, reason }),
    );
    worker.on('error', (error) => {
      // With a process, this only means that a message did not reach it; `close` reports its end.
      if (pid === undefined) resolve(notForked(error));
    });
  });
}

function notForked(error: unknown): WorkerExit {
  return { reason: `a worker could not be forked (${(error as NodeJS.ErrnoException).code})` };
}
