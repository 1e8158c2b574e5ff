import type { RealmFilter } from '../../../domain/token.service.js';
import type { AdditionalParameters } from './selectors/additional-parameters.js';
import type { TokenSource } from './selectors/token-source.js';

/** Settings of Axway's token information. */
export abstract class AxwaySettings {
  /** The realms whose tokens it answers for. */
  abstract readonly realms: RealmFilter;
  /** Whether a GET is answered; its URL holds the token. */
  abstract readonly get: boolean;
  /** *Where to get access token from*. */
  abstract readonly tokenSource: TokenSource;
  /** *Additional access token parameters*. */
  abstract readonly additionalParameters: AdditionalParameters;
}
