/**
 * A realm: a name space of clients and resource owners, as ForgeRock AM has it. Realms nest by name alone;
 * what is set for `/a` says nothing about `/a/b`.
 */
export interface Realm {
  /** `/` for the root realm, else `/a` or `/a/b`: a leading slash, no trailing one, case-sensitive. */
  readonly path: string;
  /** Authentication level that a resource owner of this realm reaches by a password; an integer, 0 or more. */
  readonly authLevel: number;
  readonly enabled: boolean;
  /** Changes whenever every token issued so far in this realm must end. */
  readonly epoch: number;
}

/** The root realm, which always exists. */
export const rootRealm = '/';

const realmName = /^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,100}$/;

/** Names that the paths below `/oauth2` need for themselves. */
const reservedNames = new Set([
  'realms',
  'root',
  'access_token',
  'token',
  'tokeninfo',
  'introspect',
  'revoke',
]);

/** Whether one segment of a realm's path is a name that a realm may bear: unreserved characters of RFC 3986 §2.3. */
export function isRealmName(name: string): boolean {
  return realmName.test(name) && !reservedNames.has(name);
}

/** Whether a text is the path of a realm: `/`, or slash-separated names. */
export function isRealmPath(path: string): boolean {
  return path === rootRealm || (path.startsWith('/') && path.slice(1).split('/').every(isRealmName));
}
