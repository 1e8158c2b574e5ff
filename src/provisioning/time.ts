/** Milliseconds since 1970 of the last moment that four digits can name the year of. */
const endOfTime = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

const isoForm = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3])(:[0-5]\d){1,2}([.,]\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/**
 * A moment, in milliseconds since 1970: of a text in ISO 8601 with a zone, or of a number of seconds since 1970.
 * @returns undefined for anything else, a day that no calendar has, and what is before 1970 or beyond the year 9999
 */
export function parseTime(value: unknown): number | undefined {
  const time = typeof value === 'number' ? Math.floor(value * 1000) : isoTime(value);
  return time >= 0 && time <= endOfTime ? time : undefined;
}

/** NaN for what is none. */
function isoTime(value: unknown): number {
  const day = typeof value === 'string' ? isoForm.exec(value)?.[1] : undefined;
  // The 30th of February would be read as a day in March.
  if (day === undefined || !new Date(`${day}T00:00Z`).toJSON()?.startsWith(day)) return NaN;
  return Date.parse((value as string).replace(',', '.'));
}
