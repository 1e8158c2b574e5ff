import { randomInt } from 'node:crypto';
import type { QueryRunner } from 'typeorm';
import type { PooledDataSource } from './data-source.js';
import { DatabaseRefused } from './database-refused.js';
import { poolMixesSessions } from './pooler.js';

/**
 * Checks the data source of `CHANGE_FEED_URL` against that of `DATABASE_URL`.
 * @throws DatabaseRefused where its connections are no sessions, or where it is another database or schema
 */
export async function checkDirect(direct: PooledDataSource, pooled: PooledDataSource): Promise<void> {
  if (await poolMixesSessions(direct.pool)) {
    throw new DatabaseRefused(
      'a pooler gives each transaction another connection; name PostgreSQL itself, or a pooler in session mode',
      'CHANGE_FEED_URL',
    );
  }
  const [session, other] = [direct.createQueryRunner(), pooled.createQueryRunner()];
  try {
    if (!(await seesLockOf(session, other))) {
      throw new DatabaseRefused('this is another database than that of DATABASE_URL', 'CHANGE_FEED_URL');
    }
    const [schema, expected] = [await schemaOf(session), await schemaOf(other)];
    if (schema !== expected) {
      throw new DatabaseRefused(
        `its tables are in the schema ${schema}, those of DATABASE_URL in ${expected}; set search_path alike`,
        'CHANGE_FEED_URL',
      );
    }
  } finally {
    await session.release();
    await other.release();
  }
}

/** Whether the other one is in the same database: advisory locks are held in one. Nobody else takes this one. */
async function seesLockOf(session: QueryRunner, other: QueryRunner): Promise<boolean> {
  const key = [randomInt(2 ** 47)];
  await session.query('SELECT pg_advisory_lock($1)', key);
  const [{ taken }] = (await other.query('SELECT pg_try_advisory_xact_lock($1) AS taken', key)) as [
    { taken: boolean },
  ];
  await session.query('SELECT pg_advisory_unlock($1)', key);
  return !taken;
}

async function schemaOf(session: QueryRunner): Promise<string> {
  const [{ schema }] = (await session.query('SELECT quote_ident(current_schema()) AS schema')) as [
    { schema: string },
  ];
  return schema;
}
