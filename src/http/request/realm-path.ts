import { isRealmName, isRealmPath, rootRealm } from '../../domain/realm.js';
import type { Parameters } from './parameters.js';

/** A path below `/oauth2`, told apart into the realm that it names and the endpoint. */
export interface OAuth2Path {
  /** `/oauth2/…` with the realm taken out: the one path that each endpoint is routed by. */
  readonly endpoint: string;
  /** The realm's path, where the URL's path names one. */
  readonly realm?: string;
  /** Whether it is named by `/realms/…`, which beats `?realm=`; the short form does not. */
  readonly explicit: boolean;
}

/**
 * Reads ForgeRock's realm forms: `/oauth2/realms/root/realms/alpha/X`, `/oauth2/realms/alpha/X`,
 * `/oauth2/alpha/X` and `/oauth2/X`, each with or without the deployment prefix.
 * @param path as it came, without the query
 * @param basePrefix `/am`, or empty for none
 * @returns undefined for a path that is not below `/oauth2`, or names a realm that cannot be
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

/** Takes `realms/root/realms/a/realms/b` off the front: [a, b]; undefined when a name cannot be a realm's. */
function takeRealms(segments: string[]): string[] | undefined {
  const names: string[] = [];
  for (let first = true; segments[0] === 'realms'; first = false) {
    const [, segment] = segments.splice(0, 2);
    if (first && segment === 'root') continue;
    const name = realmName(segment);
    if (name === undefined) return undefined;
    names.push(name);
  }
  return names;
}

/** Takes `a/b` off the front, as far as the names can be realms': an endpoint's cannot. */
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
 * @returns its path; undefined when none is named; null when what is named can be no realm
 * @throws OAuthError `invalid_request` for a repeated `realm`
 */
export function namedRealm(path: OAuth2Path, query: Parameters): string | undefined | null {
  const asked = query.one('realm');
  if (path.explicit || asked === undefined) return path.realm;
  const realm = asked.startsWith('/') ? asked : `/${asked}`;
  return isRealmPath(realm) ? realm : null;
}
