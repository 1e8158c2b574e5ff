/** How long a row is kept after it has ended, in seconds: servers' clocks differ. */
const keptBeyondEnd = 600;

/** As above, for a mark that must not end before the row that it marks. */
const markKeptBeyondEnd = 2 * keptBeyondEnd;

/** Whatever ends later than this, in seconds, is kept without an end. */
const longest = 10 * 365 * 24 * 3600;

/** Cassandra refuses a row that would end later (2038-01-19); a day is for clocks that differ. */
const lastEnd = Date.UTC(2038, 0, 18);

/** The TTL of a row, in whole seconds; 0 for none. @param end and `now` are milliseconds since 1970 */
export function timeToLive(end: number, now: number): number {
  return secondsUntil(end, now, keptBeyondEnd);
}

/** The TTL of a mark on a row that ends then, in whole seconds; 0 for none. */
export function markTimeToLive(end: number, now: number): number {
  return secondsUntil(end, now, markKeptBeyondEnd);
}

function secondsUntil(end: number, now: number, beyond: number): number {
  const seconds = Math.ceil(Math.max(0, end - now) / 1000) + beyond;
  return seconds > longest || now + seconds * 1000 > lastEnd ? 0 : seconds;
}
