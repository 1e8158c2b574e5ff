import { setImmediate as othersTurn } from 'node:timers/promises';

/** How many entries of a list are written in one go: less than a millisecond's work. */
const atATime = 10;

/**
 * The results of some work for each entry of a list. Requests of the public listener, which the same thread answers, have
 * their turn after every few entries, so that an operator's long list does not make them late.
 */
export async function unhurried<Entry, Result>(
  entries: readonly Entry[],
  work: (entry: Entry) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const entry of entries) {
    if (results.length > 0 && results.length % atATime === 0) await othersTurn();
    results.push(work(entry));
  }
  return results;
}
