import type { Command } from 'commander';
import type { AuditedSubject, SubjectKind } from '../domain/audit.js';
import { CommandError } from './command-error.js';
import { askPassword } from './password-prompt.js';
import { addRealmOption, nameArguments, subjectName, subjectText } from './subject-kinds.js';
import { addMemberOptions, gather, type MemberValues, membersOf } from './subject-members.js';
import { isInteractive, print, printable, printableJson, Questions } from './terminal.js';

interface ChangeOptions extends MemberValues {
  readonly realm?: string;
  readonly yes?: true;
  readonly recursive?: boolean;
  readonly json?: true;
}

type Action = (name: AuditedSubject, options: ChangeOptions) => Promise<void>;

const createHelp: Readonly<Record<SubjectKind, string>> = {
  realm: '',
  client: `
A confidential client without client_secret and client_secret_hash in --file gets a generated secret, which is printed this once.`,
  user: `
Without password and password_hash in --file, the password is asked for; where standard input is no terminal, it is one line of
it.`,
};

const memberHelp = `
Members and values are those of symbolon.yaml: --set enabled=false --set 'attributes={mail: ann@example.com}'`;

/** Adds what changes a subject to the command of its kind. */
export function addSubjectChanges(command: Command, kind: SubjectKind): void {
  const add = (verb: string, description: string, action: Action) =>
    addRealmOption(command.command(verb).description(description), kind)
      .argument(...nameArguments[kind])
      .option('--json', 'print one line of JSON')
      .action((name: string, options: ChangeOptions) =>
        action(subjectName(kind, name, options.realm), options),
      );
  addMemberOptions(
    add('create', `add a ${kind}`, (name, options) => create(kind, name, options)),
    kind,
  ).addHelpText('after', memberHelp + createHelp[kind]);
  addMemberOptions(
    add('edit', `change members of a ${kind}`, (name, options) => edit(kind, name, options)),
    kind,
  )
    .option('--unset <member>', 'give a member its default again; repeatable', gather)
    .addHelpText(
      'after',
      `${memberHelp}\nMembers that are not named stay as they are. Passwords and secrets do, too.`,
    );
  const removing = add('delete', `remove a ${kind}; its tokens end`, (name, options) =>
    remove(kind, name, options),
  );
  removing.option('--yes', 'without asking');
  if (kind === 'realm') removing.option('--recursive', 'with its clients and users');
  add('disable', `disable a ${kind}; its tokens end`, (name, options) =>
    setEnabled(kind, name, false, options),
  );
  add('enable', `enable a ${kind}`, (name, options) => setEnabled(kind, name, true, options));
  add('revoke', `end all tokens of a ${kind}, which stays as it is`, (name, options) =>
    revoke(kind, name, options),
  );
  if (kind === 'user') {
    add('password', "change a user's password; the user's tokens end", setPassword).addHelpText(
      'after',
      '\nThe password is asked for; where standard input is no terminal, it is one line of it.',
    );
  }
}

async function create(kind: SubjectKind, name: AuditedSubject, options: ChangeOptions): Promise<void> {
  const { commandConfig } = await import('./application.js');
  const members = new Map(await membersOf(kind, options, commandConfig().environment));
  if (kind === 'user' && !members.has('password') && !members.has('password_hash')) {
    members.set('password', await askPassword());
  }
  members.set({ realm: 'name', client: 'client_id', user: 'username' }[kind], name.name ?? name.realm);
  const { createSubject } = await import('./subjects-application.js');
  const { subjectJson } = await import('./subjects.presenter.js');
  const { record, secret, database } = await createSubject(kind, name, members);
  if (options.json) print(subjectJson(kind, record, secret));
  else report('created', kind, name, database, secret);
}

async function edit(kind: SubjectKind, name: AuditedSubject, options: ChangeOptions): Promise<void> {
  const { commandConfig } = await import('./application.js');
  const patch = await membersOf(kind, options, commandConfig().environment);
  if (patch.size === 0)
    throw new CommandError('usage', 'nothing is to be changed: give --set, --unset or --file');
  await change('changed', kind, name, patch, options);
}

function setEnabled(
  kind: SubjectKind,
  name: AuditedSubject,
  enabled: boolean,
  options: ChangeOptions,
): Promise<void> {
  return change(enabled ? 'enabled' : 'disabled', kind, name, new Map([['enabled', enabled]]), options);
}

async function change(
  done: string,
  kind: SubjectKind,
  name: AuditedSubject,
  patch: ReadonlyMap<string, unknown>,
  { json }: ChangeOptions,
): Promise<void> {
  const { editSubject } = await import('./subjects-application.js');
  const { subjectJson } = await import('./subjects.presenter.js');
  const { record, secret, database } = await editSubject(kind, name, patch);
  if (json) print(subjectJson(kind, record, secret));
  else report(done, kind, name, database, secret);
}

async function revoke(kind: SubjectKind, name: AuditedSubject, { json }: ChangeOptions): Promise<void> {
  const { endTokensOf } = await import('./subjects-application.js');
  const { subjectJson } = await import('./subjects.presenter.js');
  const { record, database } = await endTokensOf(kind, name);
  if (json) print(subjectJson(kind, record));
  else report('tokens ended', kind, name, database);
}

async function setPassword(name: AuditedSubject, { json }: ChangeOptions): Promise<void> {
  const password = await askPassword();
  const { changePassword } = await import('./subjects-application.js');
  const { subjectJson } = await import('./subjects.presenter.js');
  const { record, database } = await changePassword(name, password);
  if (json) print(subjectJson('user', record));
  else report('password changed', 'user', name, database);
}

async function remove(
  kind: SubjectKind,
  name: AuditedSubject,
  { yes, recursive = false, json }: ChangeOptions,
): Promise<void> {
  if (!yes) await confirm(kind, name);
  const { deleteSubject } = await import('./subjects-application.js');
  const { database } = await deleteSubject(kind, name, recursive);
  if (json) print(printableJson({ deleted: kind, ...name }));
  else report('deleted', kind, name, database);
}

/** @throws CommandError unless a person at a terminal types the subject's name */
async function confirm(kind: SubjectKind, { realm, name = realm }: AuditedSubject): Promise<void> {
  if (!isInteractive()) {
    throw new CommandError('usage', `delete needs --yes where standard input is no terminal`);
  }
  const questions = new Questions();
  try {
    const typed = await questions.ask(`Name of the ${kind}, to delete it`);
    if (typed !== name) throw new CommandError('usage', 'that is another name: nothing was deleted');
  } finally {
    questions.close();
  }
}

/** @param secret of a client, which was generated */
function report(
  done: string,
  kind: SubjectKind,
  name: AuditedSubject,
  database: string,
  secret?: string,
): void {
  print(printable(`${subjectText(kind, name)}: ${done} in ${database}`));
  if (secret !== undefined) print(`client_secret: ${secret}`);
}
