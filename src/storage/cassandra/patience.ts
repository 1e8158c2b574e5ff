import { setTimeout as delay } from 'node:timers/promises';
import { ClusterUnavailable } from './cluster-errors.js';
import type { Deadline } from './deadline.js';

/** Pause between two attempts, in milliseconds. */
const pauseMs = 250;

/**
 * Does some work, and does it again while the cluster is unavailable, until the deadline.
 * @param work may be done any number of times
 */
export async function untilAvailable<Result>(
  deadline: Deadline,
  work: () => Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ClusterUnavailable) || deadline.left === 0) throw error;
      await delay(Math.min(deadline.left, pauseMs));
    }
  }
}
