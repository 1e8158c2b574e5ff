import { randomUUID } from 'node:crypto';
import { openDataSource, dataSourceOptions } from '../../src/storage/postgres/data-source.js';
import { Database } from '../../src/storage/postgres/database.js';
import { DatabaseRefused } from '../../src/storage/postgres/database-refused.js';
import { PostgresAuditLog } from '../../src/storage/postgres/audit-log.js';
import { PostgresDirectory } from '../../src/storage/postgres/directory.js';
import { PostgresDirectoryWriter } from '../../src/storage/postgres/directory-writer.js';
import { PostgresNodeRoster } from '../../src/storage/postgres/node-roster.js';
import { PostgresRefusalLog } from '../../src/storage/postgres/refusal-log.js';
import { PostgresSubjectRecords } from '../../src/storage/postgres/subject-records.js';
import { PostgresTokenKeyStore } from '../../src/storage/postgres/token-key-store.js';
import { postgresTokenStorage } from '../../src/storage/postgres/token-storage.js';
import { PostgresTokenSource } from '../../src/storage/postgres/token-source.js';
import { PostgresTrafficStore } from '../../src/storage/postgres/traffic-store.js';
import { aNode } from '../monitoring/node.js';
import { aRow } from '../monitoring/traffic.js';
import { tester } from '../support/audit.js';
import { canStartServers, PostgresServer } from '../support/postgres-server.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { accessTokenStoreContract, aToken, factsOf } from './access-token-store.contract.js';
import { directoryContract } from './directory.contract.js';
import { directoryWriterContract } from './directory-writer.contract.js';
import { aFamily, refreshTokenStoreContract } from './refresh-token-store.contract.js';
import { patientOptions } from './running-database.js';
import { subjectRecordsContract } from './subject-records.contract.js';
import { Subjects } from './subjects.js';
import { tokenImporterContract } from './token-importer.contract.js';
import { tokenRecordsContract } from './token-records.contract.js';

const at = Date.UTC(2026, 0, 1, 12, 34, 56, 789);

/** Settings that say how values are written and read, or how a transaction begins. */
const foreign = {
  DateStyle: `'German'`,
  TimeZone: `'Asia/Kathmandu'`,
  IntervalStyle: `'sql_standard'`,
  bytea_output: `'escape'`,
  extra_float_digits: '-15',
  default_transaction_isolation: `'serializable'`,
  standard_conforming_strings: 'off',
  client_encoding: `'LATIN1'`,
  lc_messages: `'C'`,
  lc_numeric: `'C'`,
  xmloption: `'document'`,
  transform_null_equals: 'on',
  quote_all_identifiers: 'on',
  default_transaction_deferrable: 'on',
  enable_indexscan: 'off',
  plan_cache_mode: `'force_generic_plan'`,
  search_path: `'elsewhere', 'public'`,
  check_function_bodies: 'off',
  jit: 'on',
};

(canStartServers ? describe : describe.skip)('a database with settings of its own', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server?.stop());

  /** A new database, on which these statements have been run. @returns its URL */
  async function databaseWith(statements: (name: string) => readonly string[], make = ''): Promise<string> {
    const name = `d${randomUUID().replaceAll('-', '')}`;
    await server.sql('postgres', `CREATE DATABASE ${name} ${make}`, ...statements(name));
    return server.url(name);
  }

  async function openAt(url: string): Promise<Database> {
    return new Database(await openDataSource(patientOptions({ url })), { namedStatements: true });
  }

  describe.each([
    ['German dates, and all others of the kind', foreign],
    ['American dates', { DateStyle: `'SQL, MDY'`, TimeZone: `'Africa/Monrovia'`, extra_float_digits: '3' }],
    ['dates of old', { DateStyle: `'Postgres, DMY'`, default_transaction_isolation: `'repeatable read'` }],
  ])('%s', (_, settings) => {
    let database: Database;
    beforeAll(async () => {
      database = await openAt(
        await databaseWith((name) =>
          Object.entries(settings).map(([set, value]) => `ALTER DATABASE ${name} SET ${set} = ${value}`),
        ),
      );
    });
    afterAll(() => database?.dataSource.destroy());

    const storage = () => postgresTokenStorage(database, new RecordedChanges());
    const subjects = () =>
      new Subjects(
        new PostgresDirectory(database),
        new PostgresDirectoryWriter(database, new RecordedChanges()),
      );

    accessTokenStoreContract(() => storage().accessTokens);
    refreshTokenStoreContract(storage);
    tokenImporterContract(storage);
    tokenRecordsContract(storage);
    directoryContract(subjects);
    directoryWriterContract(subjects);

    it('keeps token keys, and rotates them', async () => {
      const keys = new PostgresTokenKeyStore(database);
      await keys.expectForeignTokens(at, 3600);
      const { keys: first, foreignTokens } = await keys.read(at - 1);
      expect([first[0].signsFrom, foreignTokens]).toEqual([0, true]);
      const signsFrom = await keys.rotate(at, tester);
      expect((await keys.read(at)).keys.at(-1)?.signsFrom).toBe(signsFrom);
    });

    it('keeps what operators look at', async () => {
      const node = aNode({ cpu: 1234.567, seen: at });
      await new PostgresNodeRoster(database).report(node);
      expect(await new PostgresNodeRoster(database).list(at)).toEqual([node]);

      const traffic = new PostgresTrafficStore(database);
      await traffic.add([{ at, rows: [aRow({ messages: 123_456_789, timeSum: 9_876_543_210 })] }], 100);
      const query = { window: '10m', by: [], filters: {}, within: '/', now: at, limit: 9 } as const;
      const counted = { messages: 123_456_789, timeSum: 9_876_543_210 };
      expect(await traffic.busiest(query)).toMatchObject([counted]);
      expect(await traffic.series(query)).toMatchObject([{ ...counted, bucket: at - (at % 60_000) }]);

      const audit = new PostgresAuditLog(database);
      await audit.append({ at, actor: tester, action: 'client.updated', realm: '/', name: 'app' });
      expect(await audit.list({ within: '/', limit: 1, actor: tester.name, name: 'app' })).toMatchObject([
        { at },
      ]);

      const refusal = {
        id: randomUUID(),
        at,
        route: '/r',
        method: 'GET',
        status: 401,
        realm: '/',
        client: '',
      };
      const refusals = new PostgresRefusalLog(database);
      await refusals.add([refusal]);
      expect(await refusals.list({ within: '/', limit: 9 })).toEqual([refusal]);
    });

    it('tells what is overdue, and what can be copied', async () => {
      const expiresAt = at + 1_000;
      const token = aToken({ expiresAt });
      const stores = storage();
      const { accessTokens, statistics } = stores;
      await accessTokens.insert(token);
      await aFamily(stores);
      expect((await statistics.statistics(expiresAt + 5_000)).overdueMs).toBeGreaterThanOrEqual(5_000);
      const copied = [];
      for await (const batch of new PostgresTokenSource(database).read(at)) {
        copied.push(...batch.accessTokens, ...batch.families.flatMap((family) => family.refreshTokens));
      }
      expect(copied).toContainEqual(
        expect.objectContaining({ token: { ...factsOf(token), hash: token.hash } }),
      );
    });

    it('gives way to another transaction, and is sent again', async () => {
      const token = aToken();
      await storage().accessTokens.insert(token);
      const revoking = Array.from({ length: 20 }, () =>
        storage().accessTokens.revoke(token.hash, { at, by: 'client' }),
      );
      await Promise.all(revoking);
      expect(await storage().accessTokens.find(token.hash)).toBeUndefined();
    });
  });

  describe('names in the order of a language, and German dates', () => {
    let database: Database;
    beforeAll(async () => {
      const url = await databaseWith(
        (name) => [`ALTER DATABASE ${name} SET DateStyle = 'German'`],
        `TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'sv'`,
      );
      database = await openAt(url);
    });
    afterAll(() => database?.dataSource.destroy());

    subjectRecordsContract(() => ({
      subjects: new Subjects(
        new PostgresDirectory(database),
        new PostgresDirectoryWriter(database, new RecordedChanges()),
      ),
      records: new PostgresSubjectRecords(database),
    }));

    it('is another one than that of bytes', async () => {
      const [row] = await database.dataSource.query(
        `SELECT 'a' < 'Z' AS alike, 'a' < 'Z' COLLATE "C" AS bytes`,
      );
      expect(row).toEqual({ alike: true, bytes: false });
    });
  });

  it('is migrated once by nodes that start together, whatever its isolation level is', async () => {
    const url = await databaseWith((name) => [
      `ALTER DATABASE ${name} SET default_transaction_isolation = 'serializable'`,
    ]);
    const nodes = await Promise.all(Array.from({ length: 4 }, () => openAt(url)));
    await Promise.all(nodes.map(({ dataSource }) => dataSource.destroy()));
  });

  it.each<[string, (name: string) => readonly string[], string, string]>([
    [
      'another encoding than UTF-8',
      () => [],
      `ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`,
      "DATABASE_URL: the database has the encoding LATIN1, which lacks characters of names; make one with ENCODING 'UTF8'",
    ],
    [
      'no encoding',
      () => [],
      `ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`,
      "DATABASE_URL: the database has the encoding SQL_ASCII, which lacks characters of names; make one with ENCODING 'UTF8'",
    ],
    [
      'arrays without nulls',
      (name) => [`ALTER DATABASE ${name} SET array_nulls = off`],
      '',
      'DATABASE_URL: array_nulls is off in this database or for this user; set it to on',
    ],
  ])('is refused with %s', async (_, statements, make, sentence) => {
    const opening = openDataSource(dataSourceOptions({ url: await databaseWith(statements, make) }, 1));
    await expect(opening).rejects.toEqual(expect.any(DatabaseRefused));
    await expect(opening).rejects.toThrow(new Error(sentence));
  });
});
