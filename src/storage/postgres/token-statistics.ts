import { type TokenStatistics, TokenStatisticsSource } from '../../domain/token-statistics.js';
import type { Database } from './database.js';
import type { Statement } from './statement.js';
import { milliseconds } from './table.js';
import { keptBeyondEndMs } from './token-purger.js';

/** A family with a stored access token need not be purged yet. So many are looked at, from the oldest on. */
const maxFamilies = 100;

/**
 * Reads the first rows of each index by expiry. `reltuples` is what PostgreSQL counted at its last ANALYZE or VACUUM,
 * and -1 before the first one.
 */
export const readStatistics: Statement = {
  name: 'token_statistics',
  text: `SELECT
      (SELECT ${milliseconds('expires_at')} FROM access_token WHERE expires_at <= $2 ORDER BY expires_at LIMIT 1) AS "accessToken",
      (SELECT ${milliseconds('min(expires_at)')}
        FROM (SELECT id, expires_at FROM token_family WHERE expires_at <= $1
          ORDER BY expires_at LIMIT ${maxFamilies}) AS oldest
        WHERE NOT EXISTS (SELECT FROM access_token WHERE family = oldest.id OFFSET 0)) AS family,
      (SELECT reltuples::numeric FROM pg_class WHERE oid = 'access_token'::regclass) AS tuples`,
};

interface StatisticsRow {
  readonly accessToken: string | null;
  readonly family: string | null;
  readonly tuples: string;
}

/** The statistics of PostgreSQL's token tables. */
export class PostgresTokenStatistics extends TokenStatisticsSource {
  constructor(private readonly database: Database) {
    super();
  }

  async statistics(now: number): Promise<TokenStatistics> {
    const familiesEnd = now - keptBeyondEndMs;
    const values = [new Date(familiesEnd), new Date(now)];
    const [{ accessToken, family, tuples }] = await this.database.read<StatisticsRow>(readStatistics, values);
    const overdueMs = Math.max(
      accessToken === null ? 0 : now - Number(accessToken),
      family === null ? 0 : familiesEnd - Number(family),
    );
    return { overdueMs, accessTokens: Number(tuples) < 0 ? undefined : Number(tuples) };
  }
}
