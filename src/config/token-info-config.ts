import { isRealmPath } from '../domain/realm.js';
import type { SettingReader } from './setting-reader.js';

/** The settings of the two tokeninfo flavours. */
export interface TokenInfoConfig {
  readonly realms: 'named' | 'root-any' | 'any';
  readonly errors: 'modern' | 'openam12';
  /** Paths of realms; undefined for every realm. */
  readonly axwayRealms?: readonly string[];
  readonly axwayGet: boolean;
  readonly axwayTokenSource: { readonly parameter: string } | { readonly selector: string };
  readonly axwayAdditionalParameters: readonly { readonly name: string; readonly value: string }[];
  /** The variables that `${env.NAME}` may read, and their values. */
  readonly selectorEnvironment: ReadonlyMap<string, string>;
}

/** Reads the settings of both flavours; the reader collects the problems with them. */
export function readTokenInfo(reader: SettingReader): TokenInfoConfig {
  const axwayRealms = reader.list('AXWAY_REALMS');
  const everyRealm = axwayRealms.length === 1 && axwayRealms[0] === '*';
  if (!everyRealm && !axwayRealms.every(isRealmPath)) {
    reader.refuse('AXWAY_REALMS', 'neither * nor a comma-separated list of realms such as /,/alpha');
  }
  const methods = reader.list('AXWAY_TOKENINFO_METHODS').sort().join(',');
  if (methods !== 'POST' && methods !== 'GET,POST') {
    reader.refuse('AXWAY_TOKENINFO_METHODS', 'neither GET,POST nor POST');
  }
  const selector = reader.text('AXWAY_TOKEN_SELECTOR');
  const parameter = reader.text('AXWAY_TOKEN_PARAMETER') ?? '';
  return {
    realms: reader.oneOf('TOKENINFO_REALMS', ['named', 'root-any', 'any']),
    errors: reader.oneOf('TOKENINFO_ERRORS', ['modern', 'openam12']),
    axwayRealms: everyRealm ? undefined : axwayRealms,
    axwayGet: methods !== 'POST',
    axwayTokenSource: selector === undefined ? { parameter } : { selector },
    axwayAdditionalParameters: reader.rows('AXWAY_ADDITIONAL_PARAMETERS'),
    selectorEnvironment: new Map(
      reader.list('SELECTOR_ENV').flatMap((name) => {
        const value = reader.variable(name, 'SELECTOR_ENV');
        return value === undefined ? [] : [[name, value] as const];
      }),
    ),
  };
}
