/**
 * How a realm finds the user name that a request presents. `exact`: code point by code point. `fold`: letter case does not
 * count, as in ForgeRock AM, nor does it whether an accent is a character of its own.
 */
export type UsernameRule = 'exact' | 'fold';

/** What a scope token stands for, for a person, by language. */
export interface ScopeText {
  readonly en?: string;
  readonly de?: string;
}

/** How a realm's pages look; each member has a default. */
export interface RealmPages {
  /** The name that users know the service by. */
  readonly name?: string;
  /** A colour, `#rrggbb`. */
  readonly accent?: string;
  /** What scope tokens stand for, by scope token. */
  readonly scopes: ReadonlyMap<string, ScopeText>;
}

/** The pages of a realm that has not set them. */
export const plainPages: RealmPages = { scopes: new Map() };

/**
 * A realm: a name space of clients and resource owners, as in ForgeRock AM. Realms nest by name alone: `/a/b`
 * inherits nothing from `/a`.
 */
export interface Realm {
  /** `/` for the root realm, else `/a` or `/a/b`: a leading slash, no trailing one, case-sensitive. */
  readonly path: string;
  /** Authentication level that a resource owner of this realm reaches by password; an integer, 0 or more. */
  readonly authLevel: number;
  readonly usernames: UsernameRule;
  readonly pages: RealmPages;
  readonly enabled: boolean;
  /** Changes when all tokens issued in this realm so far must become inactive. */
  readonly epoch: number;
}

/** The root realm, which always exists. */
export const rootRealm = '/';

const realmName = /^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,100}$/;

/** Names that would clash with the paths below `/oauth2`. */
const reservedNames = new Set([
  '.well-known',
  'realms',
  'access_token',
  'token',
  'tokeninfo',
  'introspect',
  'revoke',
  'authorize',
  'logout',
  'par',
  'device',
]);

/** Whether a path's segment is AM's keyword for the root realm, which is read in any letter case. */
export function isRootKeyword(segment: string | undefined): boolean {
  return segment?.toLowerCase() === 'root';
}

/**
 * Whether one segment of a realm's path is a valid name: 1 to 100 unreserved characters (RFC 3986 §2.3), but
 * not `.`, `..`, a reserved name or the root realm's keyword.
 */
export function isRealmName(name: string): boolean {
  return realmName.test(name) && !reservedNames.has(name) && !isRootKeyword(name);
}

/** Whether a text is the path of a realm: `/`, or slash-separated names. */
export function isRealmPath(path: string): boolean {
  return path === rootRealm || (path.startsWith('/') && path.slice(1).split('/').every(isRealmName));
}

/** The paths of realms as the source of a regular expression, for documents. */
export const realmPathPattern = (() => {
  const reserved = [...reservedNames].map((name) => name.replace('.', '\\.')).join('|');
  const name = `(?!(?:\\.{1,2}|${reserved}|[Rr][Oo][Oo][Tt])(?:/|$))[A-Za-z0-9._~-]{1,100}`;
  return `^/(?:${name}(?:/${name})*)?$`;
})();
