import { PostgresAccessTokenStore } from '../../src/storage/postgres/access-token-store.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { PostgresRefreshTokenStore } from '../../src/storage/postgres/refresh-token-store.js';
import { PostgresTokenPurger, purgeStatements } from '../../src/storage/postgres/token-purger.js';
import { onServer } from '../support/database.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { aFamily } from './refresh-token-store.contract.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';

const now = Date.UTC(2026, 5, 1);
const longAgo = Date.UTC(2026, 0, 1);
const many = 1000;

// All connections to the embedded database share one session: no other session can hold a lock there.
(onServer ? describe : describe.skip)('a purge does not wait for locks', () => {
  let running: RunningDatabase;
  /** Two nodes' connections. */
  let databases: Database[];
  let purgers: PostgresTokenPurger[];

  beforeAll(async () => {
    running = await startDatabase();
    const options = patientOptions(running.connection);
    databases = [await openDatabase(options), await openDatabase(options)];
    purgers = databases.map((database) => new PostgresTokenPurger(database));
  });

  afterAll(async () => {
    for (const { dataSource } of databases) await dataSource.destroy();
    await running.stop();
  });

  /** Stores families that have ended, each with one access token and one refresh token. */
  async function families(count: number): Promise<void> {
    const accessTokens = new PostgresAccessTokenStore(databases[0], new RecordedChanges());
    const refreshTokens = new PostgresRefreshTokenStore(databases[0], new RecordedChanges());
    for (let index = 0; index < count; index += 1) {
      const end = longAgo + index;
      await aFamily({ accessTokens, refreshTokens }, { expiresAt: end, familyExpiresAt: end });
    }
  }

  /** How many access tokens, refresh tokens and families are stored. */
  async function kept(): Promise<number[]> {
    const counts: { count: number }[] = await databases[0].dataSource.query(
      `SELECT count(*)::int FROM access_token UNION ALL SELECT count(*)::int FROM refresh_token
        UNION ALL SELECT count(*)::int FROM token_family`,
    );
    return counts.map(({ count }) => count);
  }

  /** Does the work while the other node has run this statement, and not committed it. */
  async function during<Result>(
    text: string,
    values: unknown[],
    work: () => Promise<Result>,
  ): Promise<Result> {
    const other = databases[1].dataSource.createQueryRunner();
    await other.startTransaction();
    try {
      await other.query(text, values);
      return await work();
    } finally {
      await other.rollbackTransaction();
      await other.release();
    }
  }

  it.each(purgeStatements.map(({ statement }, index) => [statement.name, index] as const))(
    '%s skips the rows that another node is removing',
    async (_name, index) => {
      await families(6);
      const [database] = databases;
      for (const { statement } of purgeStatements.slice(0, index)) {
        await database.write(statement, [new Date(now), many]);
      }
      const { statement } = purgeStatements[index];
      const removeAll = () => database.write(statement, [new Date(now), many]);
      expect(await during(statement.text, [new Date(now), 4], removeAll)).toBe(2);
      expect(await removeAll()).toBe(4);
      await purgers[0].purge(now, many);
      expect(await kept()).toEqual([0, 0, 0]);
    },
  );

  it.each([
    ['an access token', 'UPDATE access_token SET revoked = true WHERE family = $1', [1, 1, 1]],
    [
      'an access token under a key-share lock',
      'SELECT FROM access_token WHERE family = $1 FOR KEY SHARE',
      [1, 1, 1],
    ],
    ['a family', 'SELECT FROM token_family WHERE id = $1 FOR UPDATE', [0, 1, 1]],
    ['a refresh token', 'SELECT FROM refresh_token WHERE family = $1 FOR UPDATE', [0, 1, 1]],
  ])('skips %s that is locked, and removes it the next time', async (_, lock, left) => {
    await families(2);
    const [{ id }]: { id: string }[] = await databases[0].dataSource.query(
      'SELECT id FROM token_family LIMIT 1',
    );
    await during(lock, [id], () => purgers[0].purge(now, many));
    expect(await kept()).toEqual(left);
    await purgers[0].purge(now, many);
    expect(await kept()).toEqual([0, 0, 0]);
  });

  it('shares the work with another node: each row is counted once, and none is left', async () => {
    await families(60);
    /** Purges until a batch is empty, and returns how many rows were removed. */
    async function all(purger: PostgresTokenPurger): Promise<number> {
      const removed = await purger.purge(now, 7);
      return removed === 0 ? 0 : removed + (await all(purger));
    }
    const [one, other] = await Promise.all(purgers.map(all));
    // A row may be left that each has skipped because the other had locked it.
    expect(one + other + (await all(purgers[0]))).toBe(3 * 60);
    expect(await kept()).toEqual([0, 0, 0]);
  });
});
