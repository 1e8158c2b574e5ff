const sameDay = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const sameYear = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const anyTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/**
 * A time in the reader's zone, as short as it can be: `12:03:41` today, `27 Nov, 12:03` this year.
 * @param iso ISO 8601
 * @param now milliseconds since 1970
 */
export function localTime(iso: string, now: number): string {
  const time = new Date(iso);
  const today = new Date(now);
  if (time.toDateString() === today.toDateString()) return sameDay.format(time);
  return (time.getFullYear() === today.getFullYear() ? sameYear : anyTime).format(time);
}

const utcDay = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });

/** A day in UTC: `27 Nov 2026`. */
export function dayInUtc(iso: string): string {
  return utcDay.format(new Date(iso));
}

/** A time in UTC, to the second: `2026-11-27 12:03:41 UTC`. */
export function utcTime(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
