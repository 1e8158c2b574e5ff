import { rootRealm } from '../../../domain/realm.js';
import type { RealmFilter } from '../../../domain/token.service.js';

/** AM's answer for an inactive token: that of current versions, or that of versions 12 to 13.0. */
export type InactiveTokenStyle = 'modern' | 'openam12';

/**
 * Whose tokens a request is answered for. One that names no realm is answered for every realm; `named`: one that names a
 * realm for that realm alone; `root-any`: the root realm counts as none, which is Ping's canonical spelling; `any`: every
 * request for every realm.
 */
export type RealmRule = 'named' | 'root-any' | 'any';

/** Settings of ForgeRock's tokeninfo. */
export abstract class ForgeRockSettings {
  abstract readonly realms: RealmRule;
  abstract readonly inactiveTokens: InactiveTokenStyle;
}

/**
 * The realms for whose tokens a request is answered.
 * @param named path of the realm that it names; undefined when it names none
 */
export function realmsServed(rule: RealmRule, named: string | undefined): RealmFilter {
  if (named === undefined || rule === 'any' || (rule === 'root-any' && named === rootRealm))
    return () => true;
  return (path) => path === named;
}
