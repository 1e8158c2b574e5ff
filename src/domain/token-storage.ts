import type { AccessTokenStore } from './access-token.js';
import type { RefreshTokenStore } from './refresh-token.js';
import type { TokenImporter } from './token-import.js';
import type { TokenPurger } from './token-purge.js';
import type { TokenRecords } from './token-record.js';
import type { TokenStatisticsSource } from './token-statistics.js';

/** Everything that a technology provides in order to store tokens: each exports one such bundle. */
export abstract class TokenStorage {
  abstract readonly accessTokens: AccessTokenStore;
  abstract readonly refreshTokens: RefreshTokenStore;
  abstract readonly importer: TokenImporter;
  abstract readonly purger: TokenPurger;
  abstract readonly records: TokenRecords;
  abstract readonly statistics: TokenStatisticsSource;
}
