import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { databaseOptions, openingOf } from '../../src/app/database-opening.js';
import { describeStartError, startStatus } from '../../src/app/start-error.js';
import { readConfig } from '../../src/config/config.js';
import { createLog } from '../../src/observability/log.js';
import { dataSourceOptions, openDataSource } from '../../src/storage/postgres/data-source.js';
import { Database } from '../../src/storage/postgres/database.js';
import { canStartPoolers, PgBouncer } from '../support/pgbouncer.js';
import { canStartServers, PostgresServer } from '../support/postgres-server.js';
import type { Settings } from '../support/server-process.js';

const silent = createLog('silent', { write: () => {} });

/** Opens the database of these settings, and closes it. */
async function open(settings: Settings): Promise<void> {
  const { database } = readConfig({ CONFIG_FILE: 'test', ...settings });
  const dataSource = await openDataSource(databaseOptions(database, undefined), openingOf(database, silent));
  await dataSource.destroy();
}

/** The exit status and the sentence of a start that fails. */
async function failure(settings: Settings): Promise<string> {
  const error: unknown = await open(settings).then(
    () => new Error('it was opened'),
    (reason: unknown) => reason,
  );
  return `${startStatus(error)} ${describeStartError(error)}`;
}

const DATABASE_POOLER = 'transaction';

(canStartServers && canStartPoolers ? describe : describe.skip)(
  'the opening of a database, behind PgBouncer',
  () => {
    let server: PostgresServer;
    let transactions: PgBouncer;
    let others: PgBouncer;

    beforeAll(async () => {
      server = await PostgresServer.start();
      await server.sql(
        'postgres',
        `CREATE ROLE app LOGIN PASSWORD 'pw'`,
        `CREATE ROLE elsewhere LOGIN PASSWORD 'pw'`,
        'CREATE DATABASE app OWNER app',
        'CREATE DATABASE fresh OWNER app',
        'CREATE DATABASE other OWNER app',
      );
      await server.sql(
        'app',
        'CREATE SCHEMA elsewhere AUTHORIZATION elsewhere',
        'ALTER ROLE elsewhere SET search_path = elsewhere',
      );
      transactions = await PgBouncer.start(server, 'transaction', { app: 'pw' });
      others = await PgBouncer.start(server, 'session', { app: 'pw' });
      await open({ DATABASE_URL: direct() });
    });
    afterAll(async () => {
      await transactions?.stop();
      await others?.stop();
      await server?.stop();
    });

    const direct = (database = 'app', user = 'app', password = 'pw') =>
      server.url(database, { user, password });
    const pooled = (database = 'app', query = '') => `${transactions.url(database, 'app', 'pw')}${query}`;

    const waitingSessions = async (): Promise<number> =>
      (await server.sql('app', `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`)).length;

    const unnamed =
      '1 DATABASE_URL: a pooler gives each transaction another connection; set DATABASE_POOLER=transaction, or have it keep sessions';

    const wrongLogin =
      '1 DATABASE_URL: the database refuses the user or the password; correct them in the URL, or PGPASSWORD (28P01)';

    describe('that fails names the setting', () => {
      it.each<[string, () => Settings, string | RegExp]>([
        ['a pooler in transaction mode that no setting names', () => ({ DATABASE_URL: pooled() }), unnamed],
        [
          'the same with an empty database',
          () => ({ DATABASE_URL: pooled('fresh'), CHANGE_FEED_URL: direct('fresh') }),
          unnamed,
        ],
        [
          'pending migrations, without a direct connection',
          () => ({ DATABASE_URL: pooled('fresh'), DATABASE_POOLER }),
          /^1 CHANGE_FEED_URL: migrations are pending \(Initial1763000000001, .*\), which a pooler in transaction mode cannot carry; name PostgreSQL itself by this setting$/,
        ],
        [
          'a direct connection that is none',
          () => ({ DATABASE_URL: pooled(), DATABASE_POOLER, CHANGE_FEED_URL: pooled() }),
          '1 CHANGE_FEED_URL: a pooler gives each transaction another connection; name PostgreSQL itself, or a pooler in session mode',
        ],
        [
          'another database',
          () => ({ DATABASE_URL: pooled(), DATABASE_POOLER, CHANGE_FEED_URL: direct('other') }),
          '1 CHANGE_FEED_URL: this is another database than that of DATABASE_URL',
        ],
        [
          'another schema',
          () => ({ DATABASE_URL: pooled(), DATABASE_POOLER, CHANGE_FEED_URL: direct('app', 'elsewhere') }),
          '1 CHANGE_FEED_URL: its tables are in the schema elsewhere, those of DATABASE_URL in public; set search_path alike',
        ],
        [
          'a direct connection with a wrong password',
          () => ({ DATABASE_URL: pooled(), DATABASE_POOLER, CHANGE_FEED_URL: direct('app', 'app', 'wrong') }),
          '1 CHANGE_FEED_URL: the database refuses the user or the password; correct them in the URL, or PGPASSWORD (28P01)',
        ],
        [
          'a direct connection to nowhere',
          () => ({
            DATABASE_URL: pooled(),
            DATABASE_POOLER,
            CHANGE_FEED_URL: 'postgres://app:pw@127.0.0.1:1/app',
          }),
          '3 CHANGE_FEED_URL: the database cannot be reached (ECONNREFUSED): nothing listens at that host and port; start PostgreSQL, or correct them',
        ],
        [
          'a wrong password at the pooler',
          () => ({ DATABASE_URL: transactions.url('app', 'app', 'wrong'), DATABASE_POOLER }),
          wrongLogin,
        ],
        [
          'an unknown database',
          () => ({ DATABASE_URL: pooled('nothing'), DATABASE_POOLER }),
          '1 DATABASE_URL: there is no database of that name; run CREATE DATABASE, or correct the name (3D000)',
        ],
        [
          'an unknown user',
          () => ({ DATABASE_URL: transactions.url('app', 'nobody', 'pw'), DATABASE_POOLER }),
          wrongLogin,
        ],
        [
          'a parameter that a pooler refuses',
          () => ({ DATABASE_URL: pooled('app', '?options=-cwork_mem%3D8MB'), DATABASE_POOLER }),
          '1 DATABASE_URL: a pooler refuses a parameter of the connection, such as options; set it for the database or the user instead',
        ],
      ])('%s', async (_, settings, sentence) => {
        expect(await failure(settings())).toEqual(
          typeof sentence === 'string' ? sentence : expect.stringMatching(sentence),
        );
      });

      it('a pooler in statement mode', async () => {
        await others.restart('statement');
        const sentence =
          '1 DATABASE_URL: a pooler in statement mode carries no transactions; set it to pool_mode=transaction or session';
        expect(await failure({ DATABASE_URL: others.url('app', 'app', 'pw'), DATABASE_POOLER })).toBe(
          sentence,
        );
        await others.restart('session');
      });
    });

    it.each<[string, () => Settings]>([
      ['behind a pooler in transaction mode', () => ({ DATABASE_URL: pooled(), DATABASE_POOLER })],
      [
        'with a direct connection',
        () => ({ DATABASE_URL: pooled(), DATABASE_POOLER, CHANGE_FEED_URL: direct() }),
      ],
      ['behind a pooler in session mode', () => ({ DATABASE_URL: others.url('app', 'app', 'pw') })],
      [
        'behind both',
        () => ({ DATABASE_URL: pooled(), DATABASE_POOLER, CHANGE_FEED_URL: others.url('app', 'app', 'pw') }),
      ],
      ['with two direct connections', () => ({ DATABASE_URL: direct(), CHANGE_FEED_URL: direct() })],
      [
        'with the password of PGPASSWORD for both',
        () => ({
          DATABASE_URL: pooled().replace(':pw', ''),
          DATABASE_POOLER,
          CHANGE_FEED_URL: direct().replace(':pw', ''),
          PGPASSWORD: 'pw',
        }),
      ],
    ])('succeeds %s', async (_, settings) => {
      await open(settings());
    });

    it('migrates an empty database over the direct connection', async () => {
      await server.sql('postgres', 'CREATE DATABASE empty OWNER app');
      const settings = { DATABASE_URL: pooled('empty'), DATABASE_POOLER };
      await open({ ...settings, CHANGE_FEED_URL: direct('empty') });
      await open(settings);
    });

    it('leaves no session behind that waits for a lock when its statement has given up', async () => {
      const dataSource = await openDataSource(dataSourceOptions({ url: pooled() }, 4), { pooled: true });
      const database = new Database(dataSource, { namedStatements: false });
      const touch = { name: 'touch', text: 'UPDATE refresh_token SET retries = retries', timeoutMs: 200 };
      const other = new pg.Client(direct());
      await other.connect();
      const sessionsLeft = async (): Promise<number> => {
        await other.query('BEGIN');
        await other.query('LOCK TABLE refresh_token');
        for (let round = 0; round < 3; round += 1) {
          const works = [
            database.write(touch, []),
            database.transaction((transaction) => transaction.query(touch, [])),
            database.run(({ manager }) => manager.query(touch.text), { timeoutMs: -1_200 }),
          ];
          for (const { status } of await Promise.allSettled(works)) expect(status).toBe('rejected');
        }
        // PgBouncer has asked PostgreSQL to end them; nothing else would, while the lock is held.
        let left = await waitingSessions();
        for (let looks = 0; left > 0 && looks < 100; looks += 1) {
          await delay(50);
          left = await waitingSessions();
        }
        await other.query('ROLLBACK');
        return left;
      };
      // On a busy machine PgBouncer may take a request too late, which then ends nothing: one attempt of several must do.
      let left = await sessionsLeft();
      for (let attempt = 1; left > 0 && attempt < 5; attempt += 1) left = await sessionsLeft();
      expect(left).toBe(0);
      // It serves on.
      expect(await database.write({ ...touch, timeoutMs: 10_000 }, [])).toBe(0);
      await other.end();
      await dataSource.destroy();
    });
  },
);
