import type { AuditChanges, AuditEvent } from '../domain/audit.js';
import { tableLines } from './table.js';
import { printable } from './terminal.js';

/** Longest text of an event's changes in a table, in characters: JSON has all of them. */
const longestChanges = 100;

const columns = ['time', 'actor', 'action', 'realm', 'name', 'changes'].map((title) => ({ title }));

/** A table with a line for each event. */
export function auditTable(events: readonly AuditEvent[], coloured: boolean): string {
  if (events.length === 0) return 'no events';
  const rows = events.map(({ at, actor, action, realm, name, changes }) => [
    new Date(at).toISOString(),
    printable(`${actor.kind} ${actor.name}`).trimEnd(),
    action,
    printable(realm ?? '') || '-',
    printable(name ?? '') || '-',
    shortened(printable(changesText(changes))),
  ]);
  return tableLines(columns, rows, coloured).join('\n');
}

/** `scopes: ["read"] → ["read","write"], attributes: changed` */
function changesText(changes: AuditChanges): string {
  const texts = Object.entries(changes).map(([member, value]) => `${member}: ${changeText(value)}`);
  return texts.join(', ');
}

/** `"old" → "new"`, or what a new subject has, or `changed`. */
export function changeText(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('new' in value)) return valueText(value);
  return 'old' in value ? `${valueText(value.old)} → ${valueText(value.new)}` : valueText(value.new);
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function shortened(text: string): string {
  const characters = [...text];
  return characters.length <= longestChanges ? text : `${characters.slice(0, longestChanges - 1).join('')}…`;
}
