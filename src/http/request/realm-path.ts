import { isRealmName, isRealmPath, isRootKeyword, rootRealm } from '../../domain/realm.js';
import type { FormParameters } from './parameters.js';

/** A path below `/oauth2`, split into the realm that it names and the endpoint. */
export interface OAuth2Path {
  /** `/oauth2/…` without the realm: the path that the endpoint is routed by. */
  readonly endpoint: string;
  /** The realm's path, where the URL's path names one. */
  readonly realm?: string;
  /** Whether the realm is named by `/realms/…`, which beats `?realm=`; the short form does not. */
  readonly explicit: boolean;
}

/**
 * Reads ForgeRock's realm forms: `/oauth2/realms/root/realms/alpha/X`, `/oauth2/realms/alpha/X`,
 * `/oauth2/alpha/X` and `/oauth2/X`, each with or without the deployment prefix.
 * @param path as received, without the query
 * @param basePrefix `/am`, or empty for none
 * @returns undefined for a path that is not below `/oauth2`, or holds an invalid realm name
 */
export function parseOAuth2Path(path: string, basePrefix: string): OAuth2Path | undefined {
  const bare = basePrefix !== '' && path.startsWith(`${basePrefix}/`) ? path.slice(basePrefix.length) : path;
  if (!bare.startsWith('/oauth2/')) return undefined;
  const segments = bare.slice('/oauth2/'.length).split('/');
  const explicit = segments[0] === 'realms';
  const names = explicit ? takeRealms(segments) : takeNames(segments);
  if (!names) return undefined;
  const named = explicit || names.length > 0;
  return {
    endpoint: `/oauth2/${segments.join('/')}`,
    realm: named ? rootRealm + names.join('/') : undefined,
    explicit,
  };
}

/** Removes a leading `realms/root/realms/a/realms/b`, `root` in any case: [a, b]; undefined for an invalid name. */
function takeRealms(segments: string[]): string[] | undefined {
  const names: string[] = [];
  for (let first = true; segments[0] === 'realms'; first = false) {
    const [, segment] = segments.splice(0, 2);
    if (first && isRootKeyword(segment)) continue;
    const name = realmName(segment);
    if (name === undefined) return undefined;
    names.push(name);
  }
  return names;
}

/** Removes the leading valid realm names and returns them; an endpoint's name is not a valid one. */
function takeNames(segments: string[]): string[] {
  const names: string[] = [];
  for (let name = realmName(segments[0]); name !== undefined; name = realmName(segments[0])) {
    names.push(name);
    segments.shift();
  }
  return names;
}

function realmName(segment: string | undefined): string | undefined {
  if (segment === undefined) return undefined;
  try {
    const name = decodeURIComponent(segment);
    return isRealmName(name) ? name : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The realm that a request names: a `/realms/…` path beats `?realm=`, which beats the short path.
 * @returns the realm's path; undefined when none is named; null when the path is not valid for a realm
 * @throws OAuthError `invalid_request` for a repeated `realm`
 */
export function namedRealm(path: OAuth2Path, query: FormParameters): string | undefined | null {
  const asked = query.one('realm');
  if (path.explicit || asked === undefined) return path.realm;
  const absolute = asked.startsWith('/') ? asked : `/${asked}`;
  // AM's clients may end the name in a slash.
  const realm = absolute.replace(/(?<=[^/])\/$/, '');
  return isRealmPath(realm) ? realm : null;
}
