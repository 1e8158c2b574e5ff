/** The end of the year 9999, the last one of four digits, in milliseconds since 1970. */
const endOfTime = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

const isoForm = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3])(:[0-5]\d){1,2}([.,]\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Parses a time: a text in ISO 8601 with a zone, or a number of seconds since 1970.
 * @returns milliseconds since 1970; undefined for anything else, a day that does not exist, and a time before
 *   1970 or after the year 9999
 */
export function parseTime(value: unknown): number | undefined {
  const time = typeof value === 'number' ? Math.floor(value * 1000) : isoTime(value);
  return time >= 0 && time <= endOfTime ? time : undefined;
}

/** Milliseconds since 1970; NaN where the value is not a valid text in ISO 8601. */
function isoTime(value: unknown): number {
  const day = typeof value === 'string' ? isoForm.exec(value)?.[1] : undefined;
  // `Date` would read the 30th of February as a day in March.
  if (day === undefined || !new Date(`${day}T00:00Z`).toJSON()?.startsWith(day)) return NaN;
  return Date.parse((value as string).replace(',', '.'));
}
