import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  type EmbeddedDatabase,
  embeddedLogin,
  startEmbedded,
} from '../../src/storage/embedded/embedded-database.js';
import { dataFolder } from '../../src/storage/embedded/folder.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { PostgresTokenPurger } from '../../src/storage/postgres/token-purger.js';
import { Vacuum } from '../../src/storage/postgres/vacuum.js';
import { embeddedFolder, onServer } from '../support/database.js';
import { openDatabase, patientOptions } from './running-database.js';

const rounds = 8;
const tokens = 6_000;

(onServer ? describe.skip : describe)('the embedded database, whose tokens live shortly', () => {
  let folder: string;
  let embedded: EmbeddedDatabase;
  let database: Database;

  beforeEach(async () => {
    folder = await embeddedFolder();
    embedded = await startEmbedded(folder);
    database = await openDatabase(patientOptions({ host: embedded.host, ...embeddedLogin }));
  });

  afterEach(async () => {
    await database.dataSource.destroy();
    await embedded.close();
  });

  /** Stores tokens that have expired, and purges them. */
  async function comeAndGo(round: number): Promise<void> {
    await database.dataSource.query(
      `INSERT INTO access_token
          (hash, realm, client_id, scope, grant_type, auth_level, issued_at, expires_at, realm_epoch, client_epoch)
        SELECT sha256((${round} * 1000000 + number)::text::bytea), '/', 'client', '{read}', 'client_credentials', 0,
          to_timestamp(0), to_timestamp(1), 1, 1 FROM generate_series(1, ${tokens}) AS number`,
    );
    expect(await new PostgresTokenPurger(database).purge(Date.now(), tokens)).toBe(tokens);
  }

  async function pages(): Promise<number> {
    const [{ bytes }] = await database.dataSource.query<{ bytes: number }[]>(
      `SELECT (pg_total_relation_size('access_token') / 8192)::int AS bytes`,
    );
    return bytes;
  }

  /** Bytes of the write-ahead log. */
  function logBytes(): number {
    const log = join(dataFolder(folder).data, 'pg_wal');
    const names = readdirSync(log);
    return names.reduce((bytes, name) => bytes + statSync(join(log, name)).size, 0);
  }

  it('stays as large as it was after the first of them, and so does its log', async () => {
    const vacuum = new Vacuum(database);
    const sizes: number[] = [];
    const logs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await comeAndGo(round);
      sizes.push(await pages());
      await vacuum.reclaim();
      logs.push(logBytes());
    }
    // Trees of random keys vary a little; a round that found no room would add all its pages.
    const half = sizes.length / 2;
    const [earlier, later] = [sizes.slice(0, half), sizes.slice(half)];
    expect(Math.max(...later)).toBeLessThanOrEqual(1.1 * Math.max(...earlier));
    expect(logs.at(-1)).toBeLessThanOrEqual(Math.max(...logs.slice(0, half)));
  });

  it('grows with every round where it is not vacuumed', async () => {
    await comeAndGo(0);
    const first = await pages();
    for (let round = 1; round < 3; round += 1) await comeAndGo(round);
    expect(await pages()).toBeGreaterThan(2 * first);
  });

  it('waits with the vacuum for the end of another connection’s transaction', async () => {
    await comeAndGo(0);
    const events: string[] = [];
    let vacuumed: Promise<unknown> = Promise.resolve();
    await database.transaction(async (transaction) => {
      await transaction.query({ name: 'first', text: 'SELECT 1' }, []);
      vacuumed = new Vacuum(database).reclaim().then(() => events.push('vacuumed'));
      await transaction.query({ name: 'second', text: 'SELECT 2' }, []);
      events.push('transaction');
    });
    await vacuumed;
    expect(events).toEqual(['transaction', 'vacuumed']);
  });
});
