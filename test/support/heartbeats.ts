import { jest } from '@jest/globals';

/** The time between two heartbeats of a node, in milliseconds. */
const beatEveryMs = 2_000;

/** What jest would fake besides intervals. */
const everythingButIntervals = [
  'Date',
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setTimeout',
  'clearTimeout',
] as const;

/** From now on no interval fires by itself, and nodes send heartbeats only when `beat` is called. */
export function stopHeartbeats(): void {
  jest.useFakeTimers({ doNotFake: [...everythingButIntervals] });
}

/** Makes every node of this process send its next heartbeat. */
export function beat(): void {
  jest.advanceTimersByTime(beatEveryMs);
}

/** The number of intervals that are set. */
export function repeating(): number {
  return jest.getTimerCount();
}

/** Undoes `stopHeartbeats`. */
export function restoreHeartbeats(): void {
  jest.useRealTimers();
}
