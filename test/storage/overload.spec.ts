import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { ConflictingChanges, StoreUnavailable } from '../../src/domain/oauth-error.js';
import { dataSourceOptions } from '../../src/storage/postgres/data-source.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { PostgresDirectoryWriter } from '../../src/storage/postgres/directory-writer.js';
import { PostgresTokenImporter } from '../../src/storage/postgres/token-importer.js';
import { byTester } from '../support/audit.js';
import { canStartServers, PostgresServer } from '../support/postgres-server.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { aToken } from './access-token-store.contract.js';
import { openDatabase } from './running-database.js';
import { aRealm } from './subjects.js';

const poolSize = 4;
const unavailable: unknown = expect.any(StoreUnavailable);
const refreshTokens = 'LOCK TABLE refresh_token IN EXCLUSIVE MODE';
/** On a busy machine, too, it waits for the lock before its time is up: a request to end it would be lost earlier. */
const touch = { name: 'touch', text: `UPDATE refresh_token SET retries = retries`, timeoutMs: 300 };
const one = { name: 'one', text: 'SELECT 1 AS one' };

// Locks of other sessions, which the embedded database does not have.
(canStartServers ? describe : describe.skip)('on a PostgreSQL server of its own', () => {
  let server: PostgresServer;
  let database: Database;
  /** Another session. */
  let other: pg.Client;

  beforeAll(async () => {
    server = await PostgresServer.start();
    await server.sql(
      'postgres',
      'CREATE DATABASE busy',
      `ALTER DATABASE busy SET default_transaction_isolation = 'repeatable read'`,
    );
    const url = server.url('busy');
    database = await openDatabase(dataSourceOptions({ url }, poolSize));
    other = new pg.Client(url);
    await other.connect();
  });
  afterEach(async () => {
    await other.query('ROLLBACK');
  });
  afterAll(async () => {
    await other.end();
    await database.dataSource.destroy();
    await server.stop();
  });

  async function lock(): Promise<void> {
    await other.query('BEGIN');
    await other.query(refreshTokens);
  }

  const waitingSessions = async () => {
    const rows = await server.sql('busy', `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`);
    return rows.length;
  };

  describe('writes that wait for a lock', () => {
    it('leave connections to reads and to jobs', async () => {
      await lock();
      const writes = Array.from({ length: 3 * poolSize }, () =>
        database.write({ ...touch, timeoutMs: 1_000 }, []).catch((error: unknown) => error),
      );
      // More reads and jobs, one after the other, than there are connections.
      for (let round = 0; round < 2 * poolSize; round += 1) {
        expect(await database.read(one, [])).toEqual([{ one: 1 }]);
        expect(await database.write({ ...one, purpose: 'job' }, [])).toBe(1);
      }
      expect(database.poolStatistics).toMatchObject({ pending: expect.any(Number), max: poolSize });
      expect(database.poolStatistics.pending).toBeGreaterThanOrEqual(poolSize);
      await other.query('ROLLBACK');
      await Promise.all(writes);
    });

    it('leave no session behind that waits for the lock when they give up', async () => {
      await lock();
      for (let round = 0; round < 3; round += 1) {
        const writes = Array.from({ length: poolSize }, () => database.write(touch, []));
        const transactions = Array.from({ length: poolSize }, () =>
          database.transaction((transaction) => transaction.query(touch, [])),
        );
        const runs = [database.run(({ manager }) => manager.query(touch.text), { timeoutMs: -1_100 })];
        for (const work of [...writes, ...transactions, ...runs])
          await expect(work).rejects.toEqual(unavailable);
      }
      // The server has been asked to end them; nothing else would, while the lock is held.
      while ((await waitingSessions()) > 0) await delay(50);
    });
  });

  describe('a transaction', () => {
    it.each<[string, (work: () => never) => Promise<unknown>]>([
      ['of statements', (work) => database.transaction(async () => work())],
      ['of TypeORM', (work) => database.run(({ manager }) => manager.transaction(async () => work()))],
    ])('%s with a mistake of ours in it fails with that mistake, and changes nothing', async (_, run) => {
      const mistake = new TypeError("Cannot read properties of undefined (reading 'hash')");
      const work = () => {
        throw mistake;
      };
      await expect(run(work)).rejects.toBe(mistake);
      expect(await database.read(one, [])).toEqual([{ one: 1 }]);
    });

    const isolation = `SELECT current_setting('transaction_isolation') AS level`;
    it.each<[string, () => Promise<unknown>]>([
      [
        'of statements',
        () =>
          database.transaction((transaction) => transaction.query({ name: 'level', text: isolation }, [])),
      ],
      [
        'of TypeORM',
        () => database.run(({ manager }) => manager.transaction((inner) => inner.query(isolation))),
      ],
    ])('%s sees what others commit meanwhile, whatever is set in the database', async (_, run) => {
      expect(await run()).toEqual([{ level: 'read committed' }]);
    });

    it('is done anew where it was rolled back for the sake of another one, ten times at most', async () => {
      const conflict = `DO $$ BEGIN RAISE EXCEPTION '' USING ERRCODE = '40001'; END $$`;
      let attempts = 0;
      const work = (failing: number) =>
        database.transaction(async (transaction) => {
          attempts += 1;
          if (attempts <= failing) await transaction.query({ name: 'conflict', text: conflict }, []);
          return 'done';
        });
      expect(await work(9)).toBe('done');
      expect(attempts).toBe(10);
      attempts = 0;
      await expect(work(10)).rejects.toEqual(expect.any(ConflictingChanges));
      expect(attempts).toBe(10);
    });
  });

  it('two transactions that wait for each other are both done', async () => {
    await server.sql(
      'busy',
      'CREATE TABLE pair (id int PRIMARY KEY, sum int)',
      'INSERT INTO pair VALUES (1, 0), (2, 0)',
    );
    const add = (id: number) => ({
      name: `add_${id}`,
      text: `UPDATE pair SET sum = sum + 1 WHERE id = ${id}`,
    });
    let both = (): void => {};
    let arrived = 0;
    const met = new Promise<void>((resolve) => (both = resolve));
    const pair = [
      [1, 2],
      [2, 1],
    ].map(([first, second]) =>
      database.transaction(
        async (transaction) => {
          await transaction.query(add(first), []);
          arrived += 1;
          if (arrived === 2) both();
          await met;
          await transaction.query(add(second), []);
        },
        { timeoutMs: 10_000 },
      ),
    );
    await Promise.all(pair);
    expect(await server.sql('busy', 'SELECT id, sum FROM pair ORDER BY id')).toEqual([
      { id: 1, sum: 2 },
      { id: 2, sum: 2 },
    ]);
  });

  it('a change of the directory and imports go on beside each other', async () => {
    const writer = new PostgresDirectoryWriter(database, new RecordedChanges());
    const importer = new PostgresTokenImporter(database, new RecordedChanges());
    const imports = Promise.all(
      Array.from({ length: 10 }, () => importer.add({ accessTokens: [aToken()], refreshTokens: [] })),
    );
    for (let round = 0; round < 10; round += 1) {
      const realm = aRealm();
      expect(await writer.apply([{ effect: 'add', realm }], await writer.state(), byTester)).toBe(true);
    }
    expect(await imports).toEqual(Array(10).fill(1));
  });
});
