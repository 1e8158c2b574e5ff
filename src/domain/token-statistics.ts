/** How a token store is doing. */
export interface TokenStatistics {
  /** For how long the row that the purge should have removed first is overdue, in milliseconds; 0 for none. */
  readonly overdueMs: number;
  /** How many access tokens are stored, expired and revoked ones included; undefined where it is not known. */
  readonly accessTokens?: number;
}

/** Looks at a token store as a whole, at the cost of a few rows. */
export abstract class TokenStatisticsSource {
  /**
   * @param now milliseconds since 1970
   * @throws StoreUnavailable when the store cannot be reached
   */
  abstract statistics(now: number): Promise<TokenStatistics>;
}
