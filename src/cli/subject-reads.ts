import { type Command, Option } from 'commander';
import type { SubjectKind } from '../domain/audit.js';
import { grantTypes } from '../domain/grant-type.js';
import { rootRealm } from '../domain/realm.js';
import { refuseLongTable } from './long-table.js';
import { wholeNumber } from './numbers.js';
import { readRealm } from './admin-token.js';
import { addRealmOption, nameArguments, subjectName } from './subject-kinds.js';
import type { Cell } from './table.js';
import { print, printable, printPart, showsColours } from './terminal.js';

interface ListOptions {
  readonly realm?: string;
  readonly under?: string;
  readonly prefix?: string;
  readonly enabled?: true;
  readonly disabled?: true;
  readonly grantType?: string;
  readonly after?: string;
  readonly limit: number;
  readonly json?: true;
}

interface ShowOptions {
  readonly realm?: string;
  readonly json?: true;
}

const maxListed = 10_000_000;

/** Adds `list` and `show` to the command of a kind. */
export function addSubjectReads(command: Command, kind: SubjectKind): void {
  const list = addRealmOption(
    command.command('list').description(`list ${kind}s in the order of names`),
    kind,
  );
  if (kind === 'realm') list.option('--under <path>', 'this realm and those below it', readRealm, rootRealm);
  if (kind === 'client') {
    list.addOption(new Option('--grant-type <type>', 'those that may use this grant').choices(grantTypes));
  }
  list
    .option('--prefix <text>', 'those whose names begin so')
    .addOption(new Option('--enabled', 'enabled ones alone').conflicts('disabled'))
    .option('--disabled', 'disabled ones alone')
    .option('--after <name>', 'go on behind this name')
    .option('--limit <number>', `how many, 1 to ${maxListed}`, wholeNumber(1, maxListed), 50)
    .option('--json', `print a line of JSON for each ${kind}`)
    .action((options: ListOptions) => listSubjects(kind, options));
  addRealmOption(command.command('show').description(`show a ${kind}, as a configuration file has it`), kind)
    .argument(...nameArguments[kind])
    .option('--json', 'print one line of JSON')
    .action((name: string, options: ShowOptions) => showSubject(kind, name, options));
}

async function listSubjects(kind: SubjectKind, options: ListOptions): Promise<void> {
  const { realm = options.under ?? rootRealm, prefix, grantType, after, limit, json } = options;
  refuseLongTable(limit, json);
  const enabled = options.enabled ?? (options.disabled ? false : undefined);
  // Nest and TypeORM are slow to load.
  const { eachSubject } = await import('./subjects-application.js');
  const { subjectJson, subjectRow, subjectTable } = await import('./subjects.presenter.js');
  const rows: (readonly Cell[])[] = [];
  const query = { realm, prefix, enabled, grantType, after, limit };
  const last = await eachSubject(kind, query, async (records) => {
    if (!json) rows.push(...records.map((record) => subjectRow(kind, record)));
    else for (const record of records) await printPart(`${subjectJson(kind, record)}\n`);
  });
  if (!json) print(subjectTable(kind, rows, showsColours()));
  if (last !== undefined) {
    process.stderr.write(
      `symbolon: others may follow: go on with --after ${JSON.stringify(printable(last))}\n`,
    );
  }
}

async function showSubject(kind: SubjectKind, name: string, { realm, json }: ShowOptions): Promise<void> {
  const { findSubject } = await import('./subjects-application.js');
  const { subjectJson, subjectLines } = await import('./subjects.presenter.js');
  const record = await findSubject(kind, subjectName(kind, name, realm));
  if (json) print(subjectJson(kind, record));
  else subjectLines(kind, record).forEach(print);
}
