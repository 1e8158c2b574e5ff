import { orderedJson } from '../admin/ordered-json.js';
import { subjectView } from '../admin/subjects/subject.view.js';
import type { SubjectKind } from '../domain/audit.js';
import type { SubjectRecord, SubjectTypes } from '../domain/subject-records.js';
import { toMembers } from '../domain/members.js';
import { memberLines } from '../provisioning/written-members.js';
import { type Cell, type Column, tableLines } from './table.js';
import { escaped, printable } from './terminal.js';

/** A subject as a line of JSON, as the operator's listener has it. @param secret that was generated for it */
export function subjectJson<Kind extends SubjectKind>(
  kind: Kind,
  record: SubjectRecord<Kind>,
  secret?: string,
): string {
  return escaped(orderedJson(subjectView(kind, record, secret)));
}

/** A subject as lines of a configuration file. */
export function subjectLines<Kind extends SubjectKind>(kind: Kind, record: SubjectRecord<Kind>): string[] {
  const { subject, createdAt, updatedAt } = record;
  const realm = 'realm' in subject ? `, realm ${subject.realm}` : '';
  const comment = `# created ${timeText(createdAt)}, changed ${timeText(updatedAt)}${realm}`;
  return [comment, ...memberLines(toMembers(kind, subject)).split('\n').map(printable)];
}

function timeText(time: number | undefined): string {
  return time === undefined ? '-' : new Date(time).toISOString();
}

interface Table<Subject> {
  readonly columns: readonly Column[];
  row(subject: Subject): readonly Cell[];
}

const tables: { readonly [Kind in SubjectKind]: Table<SubjectTypes[Kind]> } = {
  realm: {
    columns: [
      { title: 'realm' },
      { title: 'state' },
      { title: 'auth level', number: true },
      { title: 'usernames' },
    ],
    row: ({ path, enabled, authLevel, usernames }) => [path, state(enabled), String(authLevel), usernames],
  },
  client: {
    columns: ['client', 'state', 'type', 'grant types', 'scopes', 'name'].map((title) => ({ title })),
    row: ({ clientId, enabled, type, grantTypes, scopes, name = '' }) => [
      printable(clientId),
      state(enabled),
      type,
      shortened(grantTypes.join(' ')),
      shortened(scopes.join(' ')),
      shortened(printable(name)),
    ],
  },
  user: {
    columns: ['user', 'state', 'attributes'].map((title) => ({ title })),
    row: ({ username, enabled, attributes }) => [
      printable(username),
      state(enabled),
      shortened(printable([...attributes.keys()].join(' '))),
    ],
  },
};

/** A row of the table of subjects of a kind. */
export function subjectRow<Kind extends SubjectKind>(
  kind: Kind,
  { subject }: SubjectRecord<Kind>,
): readonly Cell[] {
  return tables[kind].row(subject);
}

/** A table with a line for each subject. */
export function subjectTable(
  kind: SubjectKind,
  rows: readonly (readonly Cell[])[],
  coloured: boolean,
): string {
  if (rows.length === 0) return `no ${kind}s`;
  return tableLines(tables[kind].columns, rows, coloured).join('\n');
}

function state(enabled: boolean): Cell {
  return enabled ? 'enabled' : { text: 'disabled', colour: 'yellow' };
}

/** Longest text of a cell, in characters: `show` has all of it. */
const longest = 50;

function shortened(text: string): string {
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join('')}…`;
}
