import type { CheckStatus } from '../domain/doctor/check.js';
import type { Examination, NamedFinding } from '../domain/doctor/doctor.js';
import { tableLines } from './table.js';
import { printable } from './terminal.js';

const colours = { ok: 'green', warn: 'yellow', fail: 'red' } as const satisfies Record<CheckStatus, string>;

const columns = ['status', 'check', 'found'].map((title) => ({ title }));

/** A table with a line for each check, and below it what to do about those that are not well. */
export function doctorTable({ checks }: Examination, coloured: boolean): string {
  const rows = checks.map(({ status, name, found }) => [
    { text: status, colour: colours[status] },
    name,
    printable(found),
  ]);
  const advice = checks.flatMap(adviceLines);
  return [...tableLines(columns, rows, coloured), ...(advice.length > 0 ? ['', ...advice] : [])].join('\n');
}

function adviceLines({ name, advice }: NamedFinding): string[] {
  return advice === undefined ? [] : [`${name}: ${advice}`];
}

/** Such as `2 of 19 checks fail, 1 warns`. */
export function doctorSummary({ checks }: Examination): string {
  const number = (status: CheckStatus) => checks.filter((check) => check.status === status).length;
  return `${number('fail')} of ${checks.length} checks failed, ${number('warn')} with a warning`;
}
