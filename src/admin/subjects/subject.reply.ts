import type { AuditedSubject, SubjectKind } from '../../domain/audit.js';
import { type SubjectRecord, type SubjectTypes, versionOf } from '../../domain/subject-records.js';
import type { Reply } from '../../http/response/reply.js';
import { type AdminRequest, callerOf } from '../admin.guard.js';
import { entityTag } from '../entity-tag.js';
import { orderedJson } from '../ordered-json.js';
import type { ListPage } from '../pager.js';
import { unhurried } from '../unhurried.js';
import { subjectView } from './subject.view.js';

/** The answer that shows a subject, with its version as `ETag`. */
export function subjectReply<Kind extends SubjectKind>(
  request: AdminRequest,
  kind: Kind,
  record: SubjectRecord<Kind>,
  secret?: string,
): Reply {
  const body = orderedJson(subjectView(kind, record, secret));
  return reply(request, 200, { ETag: entityTag(versionOf(record)) }, body);
}

/** The answer to a request that has added a subject (RFC 9110 §15.3.2). */
export function createdReply<Kind extends SubjectKind>(
  request: AdminRequest,
  kind: Kind,
  record: SubjectRecord<Kind>,
  secret?: string,
): Reply {
  const shown = subjectReply(request, kind, record, secret);
  return { ...shown, status: 201, headers: { ...shown.headers, Location: locationOf(kind, record.subject) } };
}

/** The answer that shows a page of a list. */
export async function subjectListReply<Kind extends SubjectKind>(
  request: AdminRequest,
  kind: Kind,
  { items, next }: ListPage<SubjectRecord<Kind>>,
): Promise<Reply> {
  const written = await unhurried(items, (record) => orderedJson(subjectView(kind, record)));
  const further = next === undefined ? '' : `,"next":${JSON.stringify(next)}`;
  return reply(request, 200, {}, `{"items":[${written.join(',')}]${further}}`);
}

/** The answer to a request that has removed a subject. */
export function removedReply(request: AdminRequest): Reply {
  const { realm, clientId } = callerOf(request);
  return { status: 204, headers: {}, body: '', details: { realm, clientId } };
}

function reply(
  request: AdminRequest,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): Reply {
  const { realm, clientId } = callerOf(request);
  return {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
    details: { realm, clientId },
  };
}

/** Where a subject is shown. */
function locationOf(kind: SubjectKind, subject: SubjectTypes[SubjectKind]): string {
  const { realm, name } = named(subject);
  if (name === undefined) return `/admin/v1/realms/${encodeURIComponent(realm)}`;
  return `/admin/v1/${kind}s/${encodeURIComponent(name)}?realm=${encodeURIComponent(realm)}`;
}

function named(subject: SubjectTypes[SubjectKind]): AuditedSubject {
  if ('path' in subject) return { realm: subject.path };
  return { realm: subject.realm, name: 'clientId' in subject ? subject.clientId : subject.username };
}
