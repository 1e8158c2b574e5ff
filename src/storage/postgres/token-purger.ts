import { TokenPurger } from '../../domain/token-purge.js';
import type { Database, Statement } from './database.js';

/** A batch is many rows, in milliseconds. */
const timeoutMs = 10_000;

/**
 * How long a family is kept beyond its end, in milliseconds: a refresh that was granted before it may be committed
 * after it, and the clocks of nodes differ.
 */
const keptBeyondEndMs = 60_000;

/*
 * Each statement gathers the keys of what it locks in an array, and removes these rows by their keys. OFFSET 0 keeps
 * the planner from making a join of a check for one family: it would read a whole table.
 */

const removeAccessTokens: Statement = {
  name: 'purge_access_tokens',
  text: `DELETE FROM access_token WHERE hash = ANY (ARRAY(
      SELECT hash FROM access_token WHERE expires_at <= $1
      ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED))`,
  timeoutMs,
};

/** Families that have ended, and whose access tokens are gone: all of these have expired, then. */
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
};

const removeFamilies: Statement = {
  name: 'purge_token_families',
  text: `DELETE FROM token_family WHERE id = ANY (ARRAY(
      SELECT id FROM ${ended}
        AND NOT EXISTS (SELECT FROM refresh_token WHERE family = token_family.id OFFSET 0)
      ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED))`,
  timeoutMs,
};

/** What a batch removes, in this order; each takes a time and how many rows at most. */
export const purgeStatements = [
  { statement: removeAccessTokens, keptMs: 0 },
  { statement: removeRefreshTokens, keptMs: keptBeyondEndMs },
  { statement: removeFamilies, keptMs: keptBeyondEndMs },
];

/** Purges PostgreSQL. Each statement is a short transaction of its own, and waits for nobody. */
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
