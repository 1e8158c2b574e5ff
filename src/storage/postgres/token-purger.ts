import { TokenPurger } from '../../domain/token-purge.js';
import type { Database } from './database.js';
import type { Statement } from './statement.js';

/** Longest wait for each statement of a batch, in milliseconds: a batch has many rows. */
const timeoutMs = 10_000;

/**
 * How long a family is kept after it has expired, in milliseconds: a refresh that was granted just before may
 * be committed later, and the clocks of nodes differ.
 */
export const keptBeyondEndMs = 60_000;

/*
 * Each statement collects the keys of the rows that it locks in an array, and removes the rows by these
 * keys. OFFSET 0 keeps the planner from turning the check of one family into a join, which would read a whole
 * table.
 */

const removeAccessTokens: Statement = {
  name: 'purge_access_tokens',
  text: `DELETE FROM access_token WHERE hash = ANY (ARRAY(
      SELECT hash FROM access_token WHERE expires_at <= $1
      ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED))`,
  timeoutMs,
  purpose: 'job',
};

/** Families that have expired and have no stored access token: all of these have expired, too. */
const ended = `token_family
  WHERE expires_at <= $1 AND NOT EXISTS (SELECT FROM access_token WHERE family = token_family.id OFFSET 0)`;

/** Family by family, and only as many families as the batch needs: one may have thousands of refresh tokens. */
const removeRefreshTokens: Statement = {
  name: 'purge_refresh_tokens',
  text: `DELETE FROM refresh_token WHERE hash = ANY (ARRAY(
      SELECT spent.hash
      FROM (SELECT id FROM ${ended} ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED) AS ended,
        LATERAL (SELECT hash FROM refresh_token WHERE family = ended.id FOR UPDATE SKIP LOCKED) AS spent
      LIMIT $2))`,
  timeoutMs,
  purpose: 'job',
};

const removeFamilies: Statement = {
  name: 'purge_token_families',
  text: `DELETE FROM token_family WHERE id = ANY (ARRAY(
      SELECT id FROM ${ended}
        AND NOT EXISTS (SELECT FROM refresh_token WHERE family = token_family.id OFFSET 0)
      ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED))`,
  timeoutMs,
  purpose: 'job',
};

/** The statements of a batch, in this order. Each takes a time and the most rows to remove. */
export const purgeStatements = [
  { statement: removeAccessTokens, keptMs: 0 },
  { statement: removeRefreshTokens, keptMs: keptBeyondEndMs },
  { statement: removeFamilies, keptMs: keptBeyondEndMs },
];

/** Purges PostgreSQL. Each statement is a short transaction of its own, and skips locked rows. */
export class PostgresTokenPurger extends TokenPurger {
  constructor(private readonly database: Database) {
    super();
  }

  async purge(now: number, atMost: number): Promise<number> {
    let removed = 0;
    for (const { statement, keptMs } of purgeStatements) {
      if (removed === atMost) break;
      removed += await this.database.write(statement, [new Date(now - keptMs), atMost - removed]);
    }
    return removed;
  }
}
