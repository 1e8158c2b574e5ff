import { isRealmPath } from '../domain/realm.js';
import type { Caller } from './admin-authenticator.js';
import { requireWithin } from './admin.guard.js';
import type { AdminQuery } from './admin-query.js';
import { badParameter } from './problem.js';

/**
 * The parameter `realm`: entries of this realm alone. An empty one means entries of no realm.
 * @returns undefined when it was not sent: entries of the caller's realm and of those below it
 * @throws Problem 400 for anything but a path, 404 for a realm that is neither the caller's nor below it
 */
export function realmFilter(query: AdminQuery, caller: Caller): string | undefined {
  const path = query.text('realm');
  if (path === undefined) return undefined;
  if (path !== '' && !isRealmPath(path)) throw badParameter('realm', 'not the path of a realm');
  requireWithin(path, caller);
  return path;
}
