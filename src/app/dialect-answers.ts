import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { type Client, mayIntrospect } from '../domain/client.js';
import { invalidClient } from '../domain/client-authenticator.js';
import {
  type DialectAnswer,
  type DialectAnswers,
  DialectPresenters,
  type PresentedToken,
} from '../domain/explanation.js';
import { inactive } from '../domain/inactive.js';
import type { Inspection, RealmFilter } from '../domain/token.service.js';
import { introspectionReply } from '../http/introspection/introspection.presenter.js';
import type { Issuer } from '../http/metadata/issuer.js';
import { FormParameters } from '../http/request/parameters.js';
import type { RequestView } from '../http/request/request-view.js';
import { NotFound, notFound, oauthRefusal } from '../http/response/refusal.js';
import type { Reply } from '../http/response/reply.js';
import { axwayTokenInfo } from '../http/tokeninfo/axway/axway.presenter.js';
import type { AxwaySettings } from '../http/tokeninfo/axway/axway.settings.js';
import { forgeRockTokenInfo } from '../http/tokeninfo/forgerock/forgerock.presenter.js';
import { type ForgeRockSettings, realmsServed } from '../http/tokeninfo/forgerock/forgerock.settings.js';
import { axwaySettings, forgeRockSettings } from './http-providers.js';

/** What the token of an inspection is, for the realms that a dialect serves. */
type Inspect = (inRealms: RealmFilter) => Inspection;

/** Answers by the presenters of the public listener, with its settings. */
export class HttpDialectPresenters extends DialectPresenters {
  private readonly axwaySettings: AxwaySettings;
  private readonly forgeRockSettings: ForgeRockSettings;

  /** @throws SettingsError for a selector or an additional parameter that cannot be used */
  constructor(
    { tokenInfo }: Config,
    private readonly issuer: Issuer,
    log: Logger,
  ) {
    super();
    // A selector that reads a request's headers does not resolve here, which is no reason for a warning.
    this.axwaySettings = axwaySettings(tokenInfo, log.child({}, { level: 'silent' }));
    this.forgeRockSettings = forgeRockSettings(tokenInfo);
  }

  answers(inspect: Inspect, presented: PresentedToken): DialectAnswers {
    return {
      axway: answerOf(this.axway(inspect, presented)),
      forgerock: answerOf(this.forgeRock(inspect, presented)),
      rfc7662: answerOf(this.introspection(inspect, presented)),
    };
  }

  private axway(inspect: Inspect, { masked }: PresentedToken): Reply {
    const { realms, additionalParameters } = this.axwaySettings;
    const asked = { view: plainGet('/api/oauth/tokeninfo'), token: masked };
    return axwayTokenInfo(inspect(realms), asked, additionalParameters);
  }

  private forgeRock(inspect: Inspect, { masked, realm }: PresentedToken): Reply {
    if (realm && !realm.exists) return notFound(new NotFound('realm'));
    const { realms, inactiveTokens } = this.forgeRockSettings;
    const view = plainGet('/oauth2/tokeninfo');
    const asked = { view, token: masked, unreadable: false, realm: realm?.path };
    return forgeRockTokenInfo(inspect(realmsServed(realms, realm?.path)), asked, inactiveTokens);
  }

  private introspection(inspect: Inspect, { masked, caller }: PresentedToken): Reply {
    if (caller && !caller.realm.exists) return notFound(new NotFound('realm'));
    if (caller && !caller.client) return oauthRefusal(invalidClient('not authenticated'), caller.realm.path);
    const inspection = inspect(() => true);
    const permitted = isPermitted(inspection, caller?.client);
    return introspectionReply(permitted ? inspection : inactive.not_permitted, this.issuer, nobody, masked);
  }
}

/** Stands for the client that introspects, which observers are told of, and no one else. */
const nobody = { realm: '/', clientId: '' };

function isPermitted(inspection: Inspection, caller: Client | undefined): boolean {
  return !caller || inspection.status !== 'active' || mayIntrospect(caller, inspection.token);
}

/** A GET without headers and query. */
function plainGet(path: string): RequestView {
  return { method: 'GET', path, query: new FormParameters(''), rawHeaders: [] };
}

function answerOf({ status, headers, body, details }: Reply): DialectAnswer {
  return { status, headers, body: JSON.parse(body) as unknown, reason: details?.reason };
}
