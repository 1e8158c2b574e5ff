import { withQuery } from '../../api/client.js';
import type { Kind } from './kinds.js';

/** Which subject. */
export interface SubjectName {
  readonly kind: Kind;
  readonly name: string;
  /** The realm of a client or user; by default the caller's. A realm is named by its path alone. */
  readonly realm?: string;
}

/** The route of a subject, or of something below it. */
export function routeOf({ kind, name, realm }: SubjectName, below = ''): string {
  return withQuery(`${listRoute(kind)}/${encodeURIComponent(name)}${below}`, scopeOf(kind, realm));
}

/** The route that adds a subject to a realm. */
export function addRoute(kind: Kind, realm: string | undefined): string {
  return withQuery(listRoute(kind), scopeOf(kind, realm));
}

/** The route of the list of a kind. */
export function listRoute({ path }: Kind): string {
  return `/admin/v1${path}`;
}

function scopeOf({ kind }: Kind, realm: string | undefined): Readonly<Record<string, string | undefined>> {
  return kind === 'realm' ? {} : { realm };
}
