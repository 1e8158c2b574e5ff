import { EventEmitter, once } from 'node:events';
import pg from 'pg';
import {
  type EmbeddedDatabase,
  embeddedLogin,
  startEmbedded,
} from '../../src/storage/embedded/embedded-database.js';
import { channel, payloadsOf } from '../../src/storage/postgres/notification.js';
import { PostgresTokenImporter } from '../../src/storage/postgres/token-importer.js';
import { embeddedFolder, onServer } from '../support/database.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { aToken } from './access-token-store.contract.js';
import { openDatabase, patientOptions } from './running-database.js';

const notify = 'SELECT pg_notify($1, $2)';

/** A payload near PostgreSQL's limit, of two-byte characters: it never arrives in one piece. */
const long = 'é'.repeat(3_900);

(onServer ? describe.skip : describe)('the embedded database', () => {
  let embedded: EmbeddedDatabase;
  let pool: pg.Pool;
  let told: string[];
  const changes = new EventEmitter();

  beforeAll(async () => {
    embedded = await startEmbedded(await embeddedFolder());
    embedded.onNotification((payload) => {
      told.push(payload);
      changes.emit('change');
    });
    const { username: user, database } = embeddedLogin;
    pool = new pg.Pool({ host: embedded.host, user, database, max: 4 });
  });
  beforeEach(() => {
    told = [];
  });
  afterAll(async () => {
    await pool.end();
    await embedded.close();
  });

  /** Sends this payload, and resolves with all that arrived before it. */
  async function toldUpTo(last: string): Promise<string[]> {
    await pool.query(notify, [channel, last]);
    while (told.at(-1) !== last) await once(changes, 'change');
    return told.slice(0, -1);
  }

  it('passes every notification to the process, whichever connection sent it', async () => {
    const payloads = ['', 'plain', 'ἄλφα 😀', 'two\nlines', long];
    for (const payload of payloads) await pool.query(notify, [channel, payload]);
    expect(await toldUpTo('end')).toEqual(payloads);
  });

  it('passes on those of a transaction in order when it commits, and never if it is rolled back', async () => {
    const client = await pool.connect();
    for (const end of ['ROLLBACK', 'COMMIT']) {
      await client.query('BEGIN');
      for (const payload of ['1', long, '3']) await client.query(notify, [channel, `${end} ${payload}`]);
      expect(told).toEqual([]);
      await client.query(end);
    }
    client.release();
    expect(await toldUpTo('end')).toEqual(['COMMIT 1', `COMMIT ${long}`, 'COMMIT 3']);
  });

  it('passes on those that arrive in pieces, after results that do', async () => {
    const text = 'ἄλφα'.repeat(100_000);
    const expected: string[] = [];
    for (let length = 0; length < 50; length += 1) {
      const payload = `${length} ${long.slice(length * 70)}`;
      const values = [channel, payload, text.slice(length)];
      const { rows } = await pool.query('SELECT $3::text AS text, pg_notify($1, $2)', values);
      expect(rows).toMatchObject([{ text: text.slice(length) }]);
      expected.push(payload);
    }
    expect(await toldUpTo('end')).toEqual(expected);
  });

  it('gives every connection its own rows meanwhile', async () => {
    const numbers = Array.from({ length: 200 }, (_, number) => number);
    const answers = await Promise.all(
      numbers.map((number) =>
        number % 2 === 0
          ? pool.query(notify, [channel, `${number} ${long.slice(number)}`])
          : pool.query('SELECT $1::integer AS number', [number]),
      ),
    );
    const rows = answers.map((answer) => answer.rows as unknown);
    expect(rows).toEqual(numbers.map((number) => [number % 2 === 0 ? { pg_notify: '' } : { number }]));
    expect(await toldUpTo('end')).toHaveLength(100);
  });

  it('passes on those sent after a failed query and a closed connection, but none of theirs', async () => {
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query(notify, [channel, 'of a transaction that went away']);
    client.release(true);
    const failing = 'SELECT pg_notify($1, $2), 1 / $3::integer';
    await expect(pool.query(failing, [channel, 'of a query that failed', 0])).rejects.toMatchObject({
      code: '22012',
    });
    expect(await toldUpTo('end')).toEqual([]);
  });

  it('passes on that tokens were imported, if any was new', async () => {
    const { username, database: name } = embeddedLogin;
    const database = await openDatabase(patientOptions({ host: embedded.host, username, database: name }));
    const importer = new PostgresTokenImporter(database, new RecordedChanges());
    const batch = { accessTokens: [aToken()], refreshTokens: [] };
    expect(await importer.add(batch)).toBe(1);
    expect(await toldUpTo('end')).toEqual(payloadsOf(['addedTokens']));
    told = [];
    expect(await importer.add(batch)).toBe(0);
    expect(await toldUpTo('end')).toEqual([]);
    await database.dataSource.destroy();
  });

  it('passes on nothing from other channels', async () => {
    await pool.query(notify, ['another', 'payload']);
    expect(await toldUpTo('end')).toEqual([]);
  });
});
