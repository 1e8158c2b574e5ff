import { auditEventMembers } from '../admin/audit-view.js';
import type { AuditEvent } from '../domain/audit.js';
import type { Effect } from '../domain/directory-writer.js';
import type { FilePlan, PlannedChange } from '../provisioning/file-plan.js';
import { changeText } from './audit.presenter.js';
import { styled } from './table.js';
import { printable, printableJson } from './terminal.js';

/** How an effect is marked, and its colour in ANSI's "select graphic rendition". */
const marks: Readonly<Record<Effect, readonly [mark: string, colour: number]>> = {
  add: ['+', 32],
  update: ['~', 33],
  endTokens: ['~', 33],
  remove: ['-', 31],
};

/** Lines for people: a line for each subject, and below it what changes, and what of other changes is overruled. */
export function planLines({ changes }: FilePlan, coloured: boolean): string[] {
  return changes.flatMap((change) => {
    const { effect, kind, subject } = change;
    const [mark, colour] = marks[effect];
    const name = printable(subject.name === undefined ? '' : ` ${subject.name}`);
    const ends = effect === 'endTokens' || effect === 'remove' ? ' (its tokens end)' : '';
    const title = `${mark} ${kind.padEnd(6)} ${subject.realm}${name}${ends}`;
    return [coloured ? styled(title, colour) : title, ...memberLines(change), ...overruledLines(change)];
  });
}

/** The members of a new subject stand in the file, and need no lines. */
function memberLines({ effect, changes }: PlannedChange): string[] {
  if (effect === 'add') return [];
  return Object.entries(changes).map(([member, value]) => printable(`    ${member}: ${changeText(value)}`));
}

function overruledLines({ overruled }: PlannedChange): string[] {
  return overruled.map(
    ({ action, actor, at }) =>
      `    overrules ${action} by ${actorText(actor)} at ${new Date(at).toISOString()}`,
  );
}

function actorText({ kind, name }: AuditEvent['actor']): string {
  return printable(`${kind} ${name}`).trimEnd();
}

/** A line of JSON for each subject that would change. */
export function planJsonLines({ changes }: FilePlan): string[] {
  return changes.map(({ effect, kind, subject, changes: members, overruled }) =>
    printableJson({
      effect: effect === 'endTokens' ? 'update' : effect,
      ends_tokens: effect === 'endTokens' || effect === 'remove',
      kind,
      realm: subject.realm,
      name: subject.name,
      changes: members,
      overrules: overruled.map(auditEventMembers),
    }),
  );
}

/** `1 to add, 2 to update, 0 to remove, 5 unchanged`, or that nothing would be done. */
export function planSummary({ skipped, counts, changes }: FilePlan): string {
  if (skipped) return 'applied before, nothing would change';
  const { added, updated, removed, unchanged } = counts;
  const summary = `${added} to add, ${updated} to update, ${removed} to remove, ${unchanged} unchanged`;
  const overruled = changes.filter((change) => change.overruled.length > 0).length;
  return overruled === 0 ? summary : `${summary}; later changes of ${overruled} would be overruled`;
}
