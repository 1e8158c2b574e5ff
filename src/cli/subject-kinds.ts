import type { Command } from 'commander';
import type { AuditedSubject, SubjectKind } from '../domain/audit.js';
import { isRealmPath, rootRealm } from '../domain/realm.js';
import { CommandError } from './command-error.js';
import { readRealm } from './admin-token.js';

/** An option that sets a member of a subject: a text, or a list of texts with commas between them. */
export interface MemberOption {
  readonly flags: string;
  readonly description: string;
  readonly member: string;
  readonly list?: true;
}

const clientOptions: readonly MemberOption[] = [
  { flags: '--name <text>', description: 'display name', member: 'client_name' },
  { flags: '--type <type>', description: 'confidential or public', member: 'client_type' },
  {
    flags: '--grant-types <list>',
    description: 'such as password,refresh_token',
    member: 'grant_types',
    list: true,
  },
  {
    flags: '--redirect-uris <list>',
    description: 'where codes may be sent',
    member: 'redirect_uris',
    list: true,
  },
  { flags: '--scopes <list>', description: 'scope tokens that it may request', member: 'scopes', list: true },
  {
    flags: '--default-scopes <list>',
    description: 'scope tokens that it gets when it requests none',
    member: 'default_scopes',
    list: true,
  },
];

/** The options of each kind; all other members are set by --set. */
export const memberOptions: Readonly<Record<SubjectKind, readonly MemberOption[]>> = {
  realm: [],
  client: clientOptions,
  user: [],
};

/** The argument that names a subject of a kind. */
export const nameArguments: Readonly<Record<SubjectKind, readonly [name: string, description: string]>> = {
  realm: ['<PATH>', 'path of the realm, such as /alpha'],
  client: ['<CLIENT_ID>', 'identifier of the client'],
  user: ['<USERNAME>', 'name of the user'],
};

/** Adds `--realm` to a command about clients or users. */
export function addRealmOption(command: Command, kind: SubjectKind): Command {
  if (kind === 'realm') return command;
  return command.option('--realm <path>', `realm of the ${kind}`, readRealm, rootRealm);
}

/** The subject that an argument and `--realm` name. @throws CommandError for a realm that is no path */
export function subjectName(kind: SubjectKind, name: string, realm: string = rootRealm): AuditedSubject {
  if (kind !== 'realm') return { realm, name };
  if (isRealmPath(name)) return { realm: name };
  throw new CommandError('usage', 'not the path of a realm, such as / or /alpha');
}

/** `client app of realm /alpha`, or `realm /alpha`. */
export function subjectText(kind: SubjectKind, { realm, name }: AuditedSubject): string {
  return name === undefined ? `realm ${realm}` : `${kind} ${name} of realm ${realm}`;
}
