import type { TrafficKey, TrafficRow } from '../../src/domain/traffic.js';

/** A row of one successful message that took 100 µs, except as stated. */
export function aRow(fields: Partial<TrafficRow> = {}): TrafficRow {
  return {
    service: '/oauth2/tokeninfo',
    method: 'GET header',
    realm: '/',
    client: 'app',
    messages: 1,
    successes: 1,
    failures: 0,
    exceptions: 0,
    timeSum: 100,
    timeMin: 100,
    timeMax: 100,
    ...fields,
  };
}

/** One row for each of this many clients. */
export function clientRows(count: number, fields: Partial<TrafficRow> = {}): TrafficRow[] {
  return Array.from({ length: count }, (_, index) => aRow({ client: `client-${index}`, ...fields }));
}

/** The sum of a count over all rows. */
export function total(
  rows: readonly Pick<TrafficRow, 'messages' | 'timeSum'>[],
  count: 'messages' | 'timeSum' = 'messages',
): number {
  return rows.reduce((sum, row) => sum + row[count], 0);
}

/** The rows of the realms and clients beyond the limit. */
export function beyond<Row extends Partial<TrafficKey>>(rows: readonly Row[]): Row[] {
  return rows.filter(({ realm, client }) => realm === '*' || client === '*');
}
