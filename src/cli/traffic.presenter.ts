import type { TrafficCounts, TrafficDimension, TrafficGroup } from '../domain/traffic.js';
import { type Cell, type Column, tableLines } from './table.js';
import { printable, printableJson } from './terminal.js';

/** Traffic to show: groups, busiest first, and the sum of all messages, which may be of more groups. */
export interface Traffic {
  readonly groups: readonly TrafficGroup[];
  /** Undefined where there were no messages. */
  readonly total: TrafficCounts | undefined;
}

const countColumns: readonly Column[] = [
  ...['messages', 'successes', 'failures', 'exceptions'],
  ...['min ms', 'avg ms', 'max ms'],
].map((title) => ({ title, number: true }));

/**
 * A table with a line for each group, and one for the total.
 * @param by the dimensions of the groups
 * @param window name of the window, for the case that there were no messages
 */
export function trafficTable(
  { groups, total }: Traffic,
  by: readonly TrafficDimension[],
  window: string,
  coloured: boolean,
): string {
  if (!total) return `no messages in the last ${window}`;
  const columns = [...by.map((title) => ({ title })), ...countColumns];
  const rows = groups.map((group) => [...by.map((name) => named(group[name])), ...countCells(group)]);
  const sum = [...by.map((_, index) => (index === 0 ? 'total' : '')), ...countCells(total)];
  return tableLines(columns, [...rows, sum], coloured).join('\n');
}

/** One line of JSON for each group; times in milliseconds. */
export function trafficLines({ groups }: Traffic, by: readonly TrafficDimension[]): string[] {
  return groups.map((group) =>
    printableJson({
      ...Object.fromEntries(by.map((name) => [name, group[name]])),
      messages: group.messages,
      successes: group.successes,
      failures: group.failures,
      exceptions: group.exceptions,
      min_ms: group.timeMin / 1000,
      avg_ms: Math.round(group.timeSum / group.messages) / 1000,
      max_ms: group.timeMax / 1000,
    }),
  );
}

/** The realm or client of a message may be none. */
function named(text: string | undefined): string {
  return printable(text ?? '') || '-';
}

function countCells(counts: TrafficCounts): Cell[] {
  const { messages, successes, failures, exceptions, timeSum, timeMin, timeMax } = counts;
  return [
    whole(messages),
    whole(successes),
    failures > 0 ? { text: whole(failures), colour: 'yellow' } : whole(failures),
    exceptions > 0 ? { text: whole(exceptions), colour: 'red' } : whole(exceptions),
    ...[timeMin, timeSum / messages, timeMax].map(milliseconds),
  ];
}

function whole(count: number): string {
  return count.toLocaleString('en');
}

function milliseconds(microseconds: number): string {
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return (microseconds / 1000).toLocaleString('en', digits);
}
