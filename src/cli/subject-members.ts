import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { SubjectKind } from '../domain/audit.js';
import type { Environment } from '../config/setting-reader.js';
import { readMemberDocument, readMemberValue } from '../provisioning/member-document.js';
import type { Members } from '../domain/members.js';
import { ConfigurationFileError } from '../provisioning/problems.js';
import { CommandError } from './command-error.js';
import { memberOptions } from './subject-kinds.js';

/** The options that say what members a subject gets. */
export interface MemberValues {
  readonly file?: string;
  readonly set?: readonly string[];
  readonly unset?: readonly string[];
  readonly enabled?: boolean;
  readonly [option: string]: unknown;
}

/** Members that hold a secret: on a command line, other users of the machine can see them. */
const secretMembers = ['password', 'client_secret'];

/** Adds the options of `MemberValues`. */
export function addMemberOptions(command: Command, kind: SubjectKind): Command {
  for (const { flags, description } of memberOptions[kind]) command.option(flags, description);
  return command
    .option('--set <member=value>', 'set a member to a value, as symbolon.yaml has both; repeatable', gather)
    .option('--file <FILE>', 'members as YAML or JSON, as symbolon.yaml has them; - for standard input');
}

/** Collects the values of an option that may be repeated. */
export function gather(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/**
 * The members that options give: those of the file first, then those of options of their own, then those of `--set`. A member
 * to unset is null.
 * @param env what `${NAME}` in the file stands for
 * @throws CommandError
 */
export async function membersOf(kind: SubjectKind, values: MemberValues, env: Environment): Promise<Members> {
  try {
    const members = new Map(values.file === undefined ? [] : await membersOfFile(values.file, env));
    for (const { flags, member, list } of memberOptions[kind]) {
      const value = values[optionName(flags)];
      if (typeof value === 'string') members.set(member, list ? itemsOf(value) : value);
    }
    for (const pair of values.set ?? []) members.set(...memberOf(pair));
    for (const member of values.unset ?? []) members.set(member, null);
    return members;
  } catch (error) {
    if (error instanceof ConfigurationFileError) throw new CommandError('usage', error.message);
    throw error;
  }
}

async function membersOfFile(file: string, env: Environment): Promise<Members> {
  if (file === '-') return readMemberDocument('standard input', await text(process.stdin), env, '.');
  try {
    return readMemberDocument(file, await readFile(file, 'utf8'), env, dirname(file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new CommandError('usage', `the file cannot be read (${code})`);
  }
}

function memberOf(pair: string): [name: string, value: unknown] {
  const equals = pair.indexOf('=');
  if (equals < 1) throw new CommandError('usage', '--set takes member=value');
  const name = pair.slice(0, equals);
  if (secretMembers.includes(name)) {
    throw new CommandError('usage', `--set ${name}: a command line can be seen by others; use --file`);
  }
  return [name, readMemberValue(`--set ${name}`, pair.slice(equals + 1))];
}

function itemsOf(list: string): string[] {
  return list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** `grantTypes` of `--grant-types <list>`, as Commander names it. */
function optionName(flags: string): string {
  return flags.replace(/^--| .*$/g, '').replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
