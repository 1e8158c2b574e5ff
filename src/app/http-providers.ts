import type { FactoryProvider } from '@nestjs/common';
import type { Logger } from 'pino';
import { builtFrom, type Config } from '../config/config.js';
import type { MonitoringConfig } from '../config/operations-config.js';
import { AuthorizationServer } from '../domain/authorization-server.js';
import { Clock } from '../domain/clock.js';
import { Directory } from '../domain/directory.js';
import { TokenRecords } from '../domain/token-record.js';
import { BrowserCookies } from '../http/authorize/browser-cookies.js';
import { Readiness } from '../http/health/readiness.js';
import { Issuer } from '../http/metadata/issuer.js';
import { IssuerPaths } from '../http/metadata/issuer-paths.js';
import { ServerMetadata } from '../http/metadata/server-metadata.js';
import { CallerAddresses } from '../http/request/caller-address.js';
import { ClientFormReader } from '../http/request/client-form.js';
import { RealmResolver } from '../http/request/realm-resolver.js';
import { CrossOrigin } from '../http/response/cross-origin.js';
import { AxwaySettings } from '../http/tokeninfo/axway/axway.settings.js';
import { AdditionalParameters } from '../http/tokeninfo/axway/selectors/additional-parameters.js';
import type { SelectorEnvironment } from '../http/tokeninfo/axway/selectors/selector-scope.js';
import { tokenSource } from '../http/tokeninfo/axway/selectors/token-source.js';
import { MonitoredClient, monitoredClient, noMonitoredClient } from '../http/tokeninfo/monitored-client.js';
import { ForgeRockSettings } from '../http/tokeninfo/forgerock/forgerock.settings.js';
import { Faults } from '../observability/faults.js';
import { Database } from '../storage/postgres/database.js';
import { DatabaseCheck } from '../storage/postgres/database-check.js';
import { construct, provide } from './providers.js';

/** No token has this hash: asking for it shows that the token store answers. */
const noHash = Buffer.alloc(32);

/** Behind a proxy that is not named, everybody has its address, and one who guesses hinders all others. */
const unheededProxy =
  'a request says by Forwarded or X-Forwarded-For where it comes from, but TRUSTED_PROXIES does not name its sender: if that is your proxy, name it';

/** What the controllers of the public listener need besides the domain. */
export function httpProviders(config: Config, log: Logger): FactoryProvider[] {
  const { basePrefix, tokenInfo, login, operations, amQueryParameters } = config;
  return [
    provide(
      ServerMetadata,
      [Issuer, AuthorizationServer],
      (root, { grantTypes }) => new ServerMetadata(root, grantTypes),
    ),
    provide(IssuerPaths, [Issuer], (root) => new IssuerPaths(root, basePrefix)),
    construct(RealmResolver, Directory),
    construct(CrossOrigin, Directory),
    provide(BrowserCookies, [], () => new BrowserCookies(config.issuer)),
    provide(
      CallerAddresses,
      [],
      () => new CallerAddresses(login.trustedProxies, () => log.warn(unheededProxy)),
    ),
    provide(
      ClientFormReader,
      [RealmResolver, CallerAddresses],
      (realms, addresses) => new ClientFormReader(realms, addresses, amQueryParameters),
    ),
    construct(DatabaseCheck, Database),
    provide(
      Readiness,
      [DatabaseCheck, TokenRecords, Clock],
      (database, tokens, clock) =>
        new Readiness(async () => (await database.problem()) ?? (await readsTokens(tokens)), clock, log),
    ),
    provide(
      Faults,
      [Readiness, Clock],
      (readiness, clock) => new Faults(log, clock, () => readiness.isReady()),
    ),
    provide(ForgeRockSettings, [], () => forgeRockSettings(tokenInfo)),
    provide(AxwaySettings, [], () => axwaySettings(tokenInfo, log)),
    provide(MonitoredClient, [], () =>
      monitored(operations.monitoring.client, tokenInfo.selectorEnvironment),
    ),
  ];
}

/** Asks the token store, which may be another one than the database. @throws StoreUnavailable */
async function readsTokens(tokens: TokenRecords): Promise<undefined> {
  await tokens.findAccessToken(noHash);
  return undefined;
}

/** @throws SettingsError for a selector that does not compile */
function monitored(client: MonitoringConfig['client'], env: SelectorEnvironment): MonitoredClient {
  if (typeof client === 'string') return noMonitoredClient;
  return builtFrom('MONITORING_CLIENT', () => monitoredClient(client.selector, env));
}

export function forgeRockSettings({ realms, errors }: Config['tokenInfo']): ForgeRockSettings {
  return { realms, inactiveTokens: errors };
}

/** @throws SettingsError for a selector or an additional parameter that cannot be used */
export function axwaySettings(tokenInfo: Config['tokenInfo'], log: Logger): AxwaySettings {
  const { axwayRealms, axwayGet, axwayTokenSource, axwayAdditionalParameters, selectorEnvironment } =
    tokenInfo;
  return {
    realms: (path) => axwayRealms?.includes(path) ?? true,
    get: axwayGet,
    tokenSource: builtFrom('AXWAY_TOKEN_SELECTOR', () => tokenSource(axwayTokenSource, selectorEnvironment)),
    additionalParameters: builtFrom(
      'AXWAY_ADDITIONAL_PARAMETERS',
      () => new AdditionalParameters(axwayAdditionalParameters, selectorEnvironment, log),
    ),
  };
}
