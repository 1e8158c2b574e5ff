import type { AuditedSubject, SubjectKind } from '../../domain/audit.js';
import { isRealmPath } from '../../domain/realm.js';
import type { Caller } from '../admin-authenticator.js';
import type { AdminQuery } from '../admin-query.js';
import { requireWithin } from '../admin.guard.js';
import { badParameter, notFound } from '../problem.js';

/** The longest name of a client or user, in characters, as in `symbolon.yaml`. */
const maxNameLength = 255;

/**
 * The subject that a path names; of clients and users, the parameter `realm` names the realm, by default the caller's.
 * @param name the path's last segment, percent-decoded once
 * @throws Problem 404 for what cannot be a name, and for a realm that is neither the caller's nor below it
 */
export function targetOf(kind: SubjectKind, name: string, query: AdminQuery, caller: Caller): AuditedSubject {
  if (kind !== 'realm') return { realm: realmOf(query, 'realm', caller), name: storableName(name) };
  if (!isRealmPath(name)) throw notFound();
  requireWithin(name, caller);
  return { realm: name };
}

/**
 * A realm that a parameter names, by default the caller's.
 * @throws Problem 400 for anything but a path, 404 for a realm that is neither the caller's nor below it
 */
export function realmOf(query: AdminQuery, parameter: string, caller: Caller): string {
  const path = query.text(parameter) ?? caller.realm;
  if (!isRealmPath(path)) throw badParameter(parameter, 'not the path of a realm');
  requireWithin(path, caller);
  return path;
}

function storableName(name: string): string {
  if (name.length > maxNameLength || /[\0\p{Surrogate}]/u.test(name)) throw notFound();
  return name;
}
