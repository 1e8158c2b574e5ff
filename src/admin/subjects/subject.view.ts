import type { SubjectKind } from '../../domain/audit.js';
import { type SubjectRecord, versionOf } from '../../domain/subject-records.js';
import { type Members, toMembers } from '../../domain/members.js';
import { isoTime } from '../iso-time.js';

/**
 * A subject as the wire has it: its members by their names in `symbolon.yaml`, its realm, times and version. Never a hash.
 * @param secret the client secret that was generated for it, which is shown this once
 */
export function subjectView<Kind extends SubjectKind>(
  kind: Kind,
  record: SubjectRecord<Kind>,
  secret?: string,
): Members {
  const { subject, createdAt, updatedAt } = record;
  return new Map<string, unknown>([
    ['realm', 'realm' in subject ? subject.realm : undefined],
    ...toMembers(kind, subject),
    ['client_secret', secret],
    ['created_at', isoTime(createdAt)],
    ['updated_at', isoTime(updatedAt)],
    ['version', versionOf(record)],
  ]);
}
