import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import type { AuditedSubject, SubjectKind } from '../../domain/audit.js';
import type { SubjectQuery, SubjectTypes } from '../../domain/subject-records.js';
import { endOfPrefix, inBytes } from './byte-order.js';
import { ClientEntity, RealmEntity, ResourceOwnerEntity } from './entities/subjects.js';
import { toClient, toRealm, toResourceOwner } from './subject-rows.js';
import { milliseconds } from './table.js';

interface Entities {
  readonly realm: RealmEntity;
  readonly client: ClientEntity;
  readonly user: ResourceOwnerEntity;
}

interface SubjectTable<Kind extends SubjectKind> {
  readonly entity: new () => Entities[Kind];
  /** The property by which subjects are listed. */
  readonly name: string;
  readonly toSubject: (row: Entities[Kind]) => SubjectTypes[Kind];
}

const tables: { readonly [Kind in SubjectKind]: SubjectTable<Kind> } = {
  realm: { entity: RealmEntity, name: 'path', toSubject: toRealm },
  client: { entity: ClientEntity, name: 'clientId', toSubject: toClient },
  user: { entity: ResourceOwnerEntity, name: 'username', toSubject: toResourceOwner },
};

/** How many rows are looked at for a part of a list. */
export const mostLookedAt = 10_000;

/** A query of subjects; `subject` is their table. */
type Query<Kind extends SubjectKind> = SelectQueryBuilder<Entities[Kind]>;

/** What else is read of a subject: in numbers, for how PostgreSQL writes a time depends on its settings. */
export interface RawTimes {
  readonly createdTime: string | null;
  readonly updatedTime: string | null;
}

/** The subject of this name, with its times. */
export function subjectQuery<Kind extends SubjectKind>(
  manager: EntityManager,
  kind: Kind,
  { realm, name }: AuditedSubject,
): Query<Kind> {
  const query = withTimes(subjectsOf(manager, kind));
  if (kind === 'realm') return query.where('subject.path = :realm', { realm });
  return query.where(`subject.realm = :realm AND subject.${tables[kind].name} = :name`, { realm, name });
}

/**
 * The subjects of a list, with their times, and one more than its limit.
 * @param upTo the last name that is looked at; undefined for all
 */
export function listQuery<Kind extends SubjectKind>(
  manager: EntityManager,
  kind: Kind,
  query: SubjectQuery,
  upTo?: string,
): Query<Kind> {
  const { enabled, grantType, descending, limit } = query;
  const listed = withTimes(inOrder(manager, kind, query)).limit(limit + 1);
  if (enabled !== undefined) listed.andWhere('subject.enabled = :enabled', { enabled });
  if (isByGrantType(kind, query)) listed.andWhere(':grantType = ANY (subject.grantTypes)', { grantType });
  if (kind === 'realm') {
    listed.andWhere(`(subject.path = :realm OR starts_with(subject.path, :below))`, { below: below(query) });
  }
  if (upTo !== undefined) {
    listed.andWhere(`${nameOf(kind)} ${descending ? '>=' : '<='} :upTo`, { upTo });
  }
  return listed;
}

/** The last name, as `name`, that is looked at for a part of a list; no row where fewer follow. */
export function boundaryQuery<Kind extends SubjectKind>(
  manager: EntityManager,
  kind: Kind,
  query: SubjectQuery,
): Query<Kind> {
  return inOrder(manager, kind, query)
    .select(`subject.${tables[kind].name}`, 'name')
    .offset(mostLookedAt - 1)
    .limit(1);
}

/** Whether rows may be looked at that do not belong to a list. */
export function leavesRowsOut(kind: SubjectKind, query: SubjectQuery): boolean {
  // A realm `/a-b` stands between `/a` and `/a/b`.
  const between = kind === 'realm' && query.realm !== '/';
  return between || query.enabled !== undefined || isByGrantType(kind, query);
}

export function toSubject<Kind extends SubjectKind>(kind: Kind, row: Entities[Kind]): SubjectTypes[Kind] {
  return tables[kind].toSubject(row);
}

/** The name of a row, by which it is listed. */
export function listedName<Kind extends SubjectKind>(kind: Kind, row: Entities[Kind]): string {
  return row[tables[kind].name as keyof Entities[Kind]] as string;
}

function subjectsOf<Kind extends SubjectKind>(manager: EntityManager, kind: Kind): Query<Kind> {
  return manager.createQueryBuilder(tables[kind].entity, 'subject');
}

/** The rows that are looked at for a list, in its order: a range of an index. */
function inOrder<Kind extends SubjectKind>(
  manager: EntityManager,
  kind: Kind,
  query: SubjectQuery,
): Query<Kind> {
  const { realm, prefix, descending, after } = query;
  const name = nameOf(kind);
  const rows = subjectsOf(manager, kind).orderBy(name, descending ? 'DESC' : 'ASC');
  if (kind === 'realm') {
    rows.where(`${name} >= :realm AND ${name} < :beyond`, { realm, beyond: endOfPrefix(below(query)) });
  } else {
    rows.where('subject.realm = :realm', { realm });
  }
  if (prefix !== undefined) {
    rows.andWhere(`${name} >= :prefix AND ${name} < :end`, { prefix, end: endOfPrefix(prefix) });
  }
  if (after !== undefined) rows.andWhere(`${name} ${descending ? '<' : '>'} :after`, { after });
  return rows;
}

function withTimes<Entity extends object>(query: SelectQueryBuilder<Entity>): SelectQueryBuilder<Entity> {
  return query
    .addSelect(milliseconds('subject.createdAt'), 'createdTime')
    .addSelect(milliseconds('subject.updatedAt'), 'updatedTime');
}

function nameOf(kind: SubjectKind): string {
  return `subject.${tables[kind].name} ${inBytes}`;
}

/** How the paths of the realms below one begin. */
function below({ realm }: SubjectQuery): string {
  return realm === '/' ? realm : `${realm}/`;
}

function isByGrantType(kind: SubjectKind, { grantType }: SubjectQuery): boolean {
  return kind === 'client' && grantType !== undefined;
}
