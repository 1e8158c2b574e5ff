import type { AuditedSubject, SubjectKind } from '../../domain/audit.js';
import {
  type FoundSubject,
  type SubjectPart,
  type SubjectQuery,
  type SubjectRecord,
  SubjectRecords,
} from '../../domain/subject-records.js';
import type { Database, WorkOptions } from './database.js';
import {
  boundaryQuery,
  leavesRowsOut,
  listedName,
  listQuery,
  type RawTimes,
  subjectQuery,
  toSubject,
} from './subject-list.js';
import { searchSubjects } from './subject-search.js';

const reading: WorkOptions = { purpose: 'read' };

/** Realms, clients and users as PostgreSQL has them. */
export class PostgresSubjectRecords extends SubjectRecords {
  constructor(private readonly database: Database) {
    super();
  }

  find<Kind extends SubjectKind>(kind: Kind, name: AuditedSubject): Promise<SubjectRecord<Kind> | undefined> {
    return this.database.run(async ({ manager }) => {
      const { entities, raw } = await subjectQuery(manager, kind, name).getRawAndEntities<RawTimes>();
      return entities.length === 0
        ? undefined
        : { subject: toSubject(kind, entities[0]), ...toTimes(raw[0]) };
    }, reading);
  }

  list<Kind extends SubjectKind>(kind: Kind, query: SubjectQuery): Promise<SubjectPart<Kind>> {
    const { limit } = query;
    return this.database.run(async ({ manager }) => {
      // It is read before the list: a row that is removed meanwhile would move it behind one that was not looked at.
      const boundary = leavesRowsOut(kind, query)
        ? await boundaryQuery(manager, kind, query).getRawOne<{ name: string }>()
        : undefined;
      const found = listQuery(manager, kind, query, boundary?.name);
      const { entities, raw } = await found.getRawAndEntities<RawTimes>();
      return {
        records: entities
          .slice(0, limit)
          .map((entity, index) => ({ subject: toSubject(kind, entity), ...toTimes(raw[index]) })),
        last: entities.length > limit ? listedName(kind, entities[limit - 1]) : boundary?.name,
      };
    }, reading);
  }

  search(text: string, within: string, limit: number): Promise<FoundSubject[]> {
    return searchSubjects(this.database, { text, top: within, limit });
  }
}

function toTimes({ createdTime, updatedTime }: RawTimes): Pick<SubjectRecord, 'createdAt' | 'updatedAt'> {
  return { createdAt: toTime(createdTime), updatedAt: toTime(updatedTime) };
}

function toTime(milliseconds: string | null): number | undefined {
  return milliseconds === null ? undefined : Number(milliseconds);
}
