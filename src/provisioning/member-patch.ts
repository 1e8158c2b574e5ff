import type { SubjectKind } from '../domain/audit.js';
import { ClientEntry, RealmEntry, UserEntry } from './entries.js';
import { MemberProblems } from './member-problems.js';
import { nameMembers } from './member-reader.js';
import type { Members } from '../domain/members.js';

/** Why a patch cannot have a member that replaces a password or secret. */
const secretReasons: Readonly<Record<string, string>> = {
  client_secret: 'cannot be changed here: use the secrets of the client',
  client_secret_hash: 'cannot be changed here: use the secrets of the client',
  password: 'cannot be changed here: use the password of the user',
  password_hash: 'cannot be changed here: use the password of the user',
};

/**
 * Applies a merge patch (RFC 7396) to the members of a subject: a null removes a member, which then has its default.
 * @param patch mappings are Maps
 * @throws ChangeRefused where the patch has an unknown member, another name, a password or a secret
 */
export function patchMembers(kind: SubjectKind, members: Members, patch: Members): Members {
  const problems = new MemberProblems();
  const known = { realm: RealmEntry, client: ClientEntry, user: UserEntry }[kind];
  const entry = new known();
  for (const [member, value] of patch) {
    const key = `${kind}.${member}`;
    if (!Object.hasOwn(entry, member)) problems.addUnknown(kind);
    else if (Object.hasOwn(secretReasons, member)) problems.add(key, secretReasons[member]);
    else if (member === nameMembers[kind] && value !== members.get(member)) {
      problems.add(key, 'cannot be changed');
    }
  }
  problems.throwIfAny();
  return mergePatch(members, patch);
}

/** A mapping is merged into a mapping; any other value replaces the whole one. */
function mergePatch(members: Members, patch: Members): Members {
  const merged = new Map(members);
  for (const [name, value] of patch) {
    if (value === null) merged.delete(name);
    else if (value instanceof Map) merged.set(name, mergePatch(mapping(members.get(name)), value));
    else merged.set(name, value);
  }
  return merged;
}

/** What is no mapping is replaced by an empty one. */
function mapping(value: unknown): Members {
  return value instanceof Map ? (value as Members) : new Map();
}
