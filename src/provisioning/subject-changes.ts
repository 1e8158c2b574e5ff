import type { AuditedSubject, SubjectKind } from '../domain/audit.js';
import type { DirectoryChange } from '../domain/directory-writer.js';
import type { SubjectTypes } from '../domain/subject-records.js';
import type { EntryTypes } from './member-reader.js';
import type { Step, SubjectPlanner } from './subject-planner.js';

// What depends on the kind of a subject, for code that treats all kinds alike.

/** The name of a subject that has these members. */
export function nameOf<Kind extends SubjectKind>(
  kind: Kind,
  realm: string,
  entry: EntryTypes[Kind],
): AuditedSubject {
  return names[kind](realm, entry);
}

/** Plans the change of one subject. Problems are those of its kind's key. */
export async function planStep<Kind extends SubjectKind>(
  kind: Kind,
  planner: SubjectPlanner,
  realm: string,
  entry: EntryTypes[Kind],
  stored: SubjectTypes[Kind] | undefined,
): Promise<Step> {
  return plans[kind](planner, realm, entry, stored);
}

/** The change that removes a subject, a realm perhaps only if it is empty. */
export function removalOf<Kind extends SubjectKind>(
  kind: Kind,
  subject: SubjectTypes[Kind],
  ifEmpty: boolean,
): DirectoryChange {
  const change = changes[kind]('remove', subject);
  return 'realm' in change ? { ...change, ifEmpty } : change;
}

/** The change that ends all tokens of a subject, and leaves the subject as it is. */
export function endOfTokens<Kind extends SubjectKind>(
  kind: Kind,
  subject: SubjectTypes[Kind],
): DirectoryChange {
  return changes[kind]('endTokens', subject);
}

const names: {
  readonly [Kind in SubjectKind]: (realm: string, entry: EntryTypes[Kind]) => AuditedSubject;
} = {
  realm: (_, { name }) => ({ realm: name }),
  client: (realm, { client_id }) => ({ realm, name: client_id }),
  user: (realm, { username }) => ({ realm, name: username }),
};

const plans: {
  readonly [Kind in SubjectKind]: (
    planner: SubjectPlanner,
    realm: string,
    entry: EntryTypes[Kind],
    stored: SubjectTypes[Kind] | undefined,
  ) => Step | Promise<Step>;
} = {
  realm: (planner, _, entry, stored) => planner.planRealm(entry, stored),
  client: (planner, realm, entry, stored) => planner.planClient(realm, entry, stored, 'client'),
  user: (planner, realm, entry, stored) => planner.planUser(realm, entry, stored, 'user'),
};

const changes: {
  readonly [Kind in SubjectKind]: (
    effect: 'remove' | 'endTokens',
    subject: SubjectTypes[Kind],
  ) => DirectoryChange;
} = {
  realm: (effect, before) => ({ effect, realm: before, before }),
  client: (effect, before) => ({ effect, client: before, before }),
  user: (effect, before) => ({ effect, resourceOwner: before, before }),
};
