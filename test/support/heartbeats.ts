import { jest } from '@jest/globals';

/** How often a node sends a sign of life, in milliseconds. */
const beatEveryMs = 2_000;

/** What jest would stop besides. */
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

/** From now on nothing that repeats happens by itself, and a node sends signs of life when it is told to. */
export function stopHeartbeats(): void {
  jest.useFakeTimers({ doNotFake: [...everythingButIntervals] });
}

/** Lets every node of this process send the sign of life that is due next. */
export function beat(): void {
  jest.advanceTimersByTime(beatEveryMs);
}

/** How many things would repeat. */
export function repeating(): number {
  return jest.getTimerCount();
}

/** Ends what `stopHeartbeats` began. */
export function restoreHeartbeats(): void {
  jest.useRealTimers();
}
