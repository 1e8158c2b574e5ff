import cluster from 'node:cluster';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { readSource } from './configuration-source.js';
import { loadServer } from './load-server.js';
import { PrimaryMetrics, primaryChannel } from './primary-metrics.js';
import { workerArgument } from './worker-handle.js';
import { onReload } from './hangup.js';
import {
  isReloadTlsMessage,
  isStopMessage,
  type ServingMessage,
  type StartFailedMessage,
} from './worker-messages.js';

/** Whether this process is a worker of ours; a process of somebody else's cluster is not. */
export const isWorker = cluster.isWorker && process.argv[2] === workerArgument;

/** Whether it is the worker that starts before all others. */
const isFirstWorker = isWorker && cluster.worker?.id === 1;

/**
 * Serves as one of the workers, until the primary or a signal asks it to stop. The first worker prepares the
 * server for all; the later ones, and replacements, find that done.
 */
export async function runWorker(config: Config, log: Logger, signal: Promise<NodeJS.Signals>): Promise<void> {
  const asked = stopRequested();
  const workers = new PrimaryMetrics(primaryChannel(), log);
  const preparation = isFirstWorker ? { source: readSource(config) } : undefined;
  const { serve, takeFromPrimary } = await loadServer();
  const server = await serve({ config, log, workers }, preparation, takeFromPrimary);
  workers.report(server.metrics);
  onReload(config, () => server.reloadTls());
  cluster.worker?.on('message', (message) => {
    if (isReloadTlsMessage(message)) server.reloadTls();
  });
  await report({ type: 'serving', port: server.port });
  await untilStop(signal, asked);
  await server.stop();
  await workers.tellLast(server.metrics);
}

/** Tells the primary why this worker's start failed. */
export function reportStartFailure(reason: string): Promise<void> {
  return report({ type: 'start_failed', reason });
}

/** Sends a message to the primary. One that is gone need not get it. */
function report(message: ServingMessage | StartFailedMessage): Promise<void> {
  return new Promise((resolve) => cluster.worker?.send(message, () => resolve()));
}

/** Resolves when the primary asks this worker to stop. */
function stopRequested(): Promise<void> {
  const { worker } = cluster;
  // A message to a primary that is gone fails; the disconnect follows.
  worker?.on('error', () => {});
  return new Promise((resolve) => {
    worker?.on('message', (message) => {
      if (isStopMessage(message)) resolve();
    });
  });
}

/**
 * Resolves when a worker that serves must stop: for one of these reasons, or because the primary has ended.
 * Before and afterwards Node itself ends a worker at once when its primary has ended.
 */
async function untilStop(...reasons: Promise<unknown>[]): Promise<void> {
  const { worker } = cluster;
  let outlive = () => {};
  const gone = new Promise<void>((resolve) => {
    outlive = () => {
      if (worker) worker.exitedAfterDisconnect = true; // Node checks this, and does not end the worker.
      resolve();
    };
    worker?.once('disconnect', outlive);
  });
  await Promise.race([...reasons, gone]);
  worker?.off('disconnect', outlive);
}
