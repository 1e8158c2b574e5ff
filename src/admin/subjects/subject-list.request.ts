import type { SubjectKind } from '../../domain/audit.js';
import { grantTypes } from '../../domain/grant-type.js';
import type { SubjectQuery } from '../../domain/subject-records.js';
import { AdminQuery } from '../admin-query.js';
import { type AdminRequest, callerOf } from '../admin.guard.js';
import type { ListView } from '../cursor.js';
import { pageParameters } from '../pager.js';
import { realmOf } from './subject-target.js';

/** Names of the query's parameters besides those of every list. */
const filters = {
  realm: ['under', 'prefix', 'enabled'],
  client: ['realm', 'prefix', 'enabled', 'grant_type'],
  user: ['realm', 'prefix', 'enabled'],
} as const satisfies Record<SubjectKind, readonly string[]>;

/** The orders of a list: by name, ascending or descending. */
const orders = ['name', '-name'] as const;

/** What a request wants to see of a list of subjects. */
export interface SubjectListRequest {
  readonly query: AdminQuery;
  readonly wanted: Omit<SubjectQuery, 'after' | 'limit'>;
  readonly view: ListView;
}

/** @throws Problem */
export function subjectListRequest(kind: SubjectKind, request: AdminRequest): SubjectListRequest {
  const query = new AdminQuery(request, [...pageParameters, 'sort', ...filters[kind]]);
  const caller = callerOf(request);
  const realm = realmOf(query, kind === 'realm' ? 'under' : 'realm', caller);
  const sort = query.oneOf('sort', orders, 'name');
  const enabled = optional(query, 'enabled', ['true', 'false']);
  const grantType = optional(query, 'grant_type', grantTypes);
  const prefix = query.text('prefix');
  return {
    query,
    wanted: {
      realm,
      prefix,
      enabled: enabled === undefined ? undefined : enabled === 'true',
      grantType,
      descending: sort === '-name',
    },
    view: { list: `${kind}s`, filters: { within: caller.realm, realm, prefix, enabled, grantType, sort } },
  };
}

function optional<Value extends string>(
  query: AdminQuery,
  name: string,
  values: readonly Value[],
): Value | undefined {
  return query.text(name) === undefined ? undefined : query.oneOf(name, values, values[0]);
}
