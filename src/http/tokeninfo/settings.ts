import type { RealmFilter } from '../../domain/token.service.js';
import type { AdditionalParameters } from './axway/selectors/additional-parameters.js';
import type { DeadTokenStyle } from './forgerock/forgerock.presenter.js';
import type { TokenSource } from './axway/selectors/token-source.js';

/** How the two tokeninfo flavours are set. */
export abstract class TokenInfoSettings {
  /** ForgeRock: whether a request that names a realm is answered for that realm's tokens alone. */
  abstract readonly namedRealmOnly: boolean;
  /** ForgeRock: how dead tokens are answered. */
  abstract readonly forgeRockErrors: DeadTokenStyle;
  /** Axway: the realms whose tokens it answers for. */
  abstract readonly axwayRealms: RealmFilter;
  /** Axway: whether a GET is answered, which leaves the token in the URL. */
  abstract readonly axwayGet: boolean;
  /** Axway: *where to get access token from*. */
  abstract readonly axwayTokenSource: TokenSource;
  /** Axway: *additional access token parameters*. */
  abstract readonly axwayAdditionalParameters: AdditionalParameters;
}
