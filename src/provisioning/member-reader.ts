import { validateSync } from 'class-validator';
import type { SubjectKind } from '../domain/audit.js';
import type { PasswordForms } from '../domain/password-forms.js';
import { checkClient, checkUser } from './consistency.js';
import type { ClientEntry, RealmEntry, UserEntry } from './entries.js';
import { EntryReader } from './entry-reader.js';
import { addFlaws, validation } from './flaws.js';
import { MemberProblems } from './member-problems.js';
import type { Members } from '../domain/members.js';

/** The entries of the kinds of subject. */
export interface EntryTypes {
  readonly realm: RealmEntry;
  readonly client: ClientEntry;
  readonly user: UserEntry;
}

/** The member that a subject is named by. */
export const nameMembers = { realm: 'name', client: 'client_id', user: 'username' } as const;

/** Members of the file that a subject by itself does not have, and why. */
const foreignMembers: Readonly<Record<string, string>> = {
  state: 'cannot be set: a subject is removed by a request of its own',
  clients: 'cannot be set here: each client is added by itself',
  users: 'cannot be set here: each user is added by itself',
};

/**
 * Reads the members of one subject, with the checks of a configuration file.
 * @param members mappings are Maps
 * @throws ChangeRefused with every problem
 */
export function readMembers<Kind extends SubjectKind>(
  kind: Kind,
  members: Members,
  forms: PasswordForms,
): EntryTypes[Kind] {
  const problems = new MemberProblems();
  const own = new Map(members);
  for (const [name, reason] of Object.entries(foreignMembers)) {
    if (own.delete(name) && (name === 'state' || kind === 'realm')) problems.add(`${kind}.${name}`, reason);
    else if (members.has(name)) problems.addUnknown(kind);
  }
  const entry = readers[kind](new EntryReader(problems), own);
  addFlaws(validateSync(entry, validation), kind, problems);
  if (kind === 'client') checkClient(entry as ClientEntry, kind, forms, problems);
  if (kind === 'user') checkUser(entry as UserEntry, kind, forms, problems);
  problems.throwIfAny();
  return entry;
}

/**
 * Reads the members of a user with another password.
 * @param members without a password
 * @param credential one of `password` and `password_hash`
 * @throws ChangeRefused with every problem
 */
export function readCredential(members: Members, credential: Members, forms: PasswordForms): UserEntry {
  const problems = new MemberProblems();
  for (const name of credential.keys()) {
    if (name !== 'password' && name !== 'password_hash') problems.addUnknown('user');
  }
  if (credential.size === 0) problems.add('user.password', 'is missing: give password or password_hash');
  problems.throwIfAny();
  return readMembers('user', new Map([...members, ...credential]), forms);
}

const readers: {
  readonly [Kind in SubjectKind]: (reader: EntryReader, members: Members) => EntryTypes[Kind];
} = {
  realm: (reader, members) => reader.readRealm(members, 'realm'),
  client: (reader, members) => reader.readClient(members, 'client'),
  user: (reader, members) => reader.readUser(members, 'user'),
};
