import type { Actor, AuditedSubject, SubjectKind } from '../domain/audit.js';
import { isWithin } from '../domain/page.js';
import { rootRealm } from '../domain/realm.js';
import type { SubjectTypes } from '../domain/subject-records.js';
import { ChangeRefused } from './change-refused.js';
import { ClientEntry } from './entries.js';
import type { EntryTypes } from './member-reader.js';

/** Who changes a subject. */
export interface Administrator {
  /** For the audit events. */
  readonly actor: Actor;
  /** Path of the realm that they administer, with those below it. */
  readonly realm: string;
}

/**
 * Refuses what reaches beyond the realms of who asks: a subject outside them, or a client that may introspect the tokens of
 * all realms. One that may already stays so, unless its type changes: that would get it another secret.
 * @throws ChangeRefused `not_allowed`
 */
export function refuseReach(
  name: AuditedSubject,
  entry: EntryTypes[SubjectKind],
  stored: SubjectTypes[SubjectKind] | undefined,
  { realm }: Administrator,
): void {
  if (!isWithin(name.realm, realm)) {
    throw refused('/name', 'must be the path of your realm, or one below it');
  }
  if (realm === rootRealm || !(entry instanceof ClientEntry) || entry.introspect !== 'all') return;
  const same = stored !== undefined && 'introspect' in stored && stored.type === entry.client_type;
  if (!same || stored.introspect !== 'all')
    throw refused('/introspect', 'all can be given in the root realm alone');
}

function refused(pointer: string, reason: string): ChangeRefused {
  return new ChangeRefused('not_allowed', { problems: [{ pointer, reason }] });
}
