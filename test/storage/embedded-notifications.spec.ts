import { EventEmitter, once } from 'node:events';
import pg from 'pg';
import {
  type EmbeddedDatabase,
  embeddedLogin,
  startEmbedded,
} from '../../src/storage/embedded/embedded-database.js';
import { channel } from '../../src/storage/postgres/notification.js';
import { embeddedFolder, onServer } from '../support/database.js';

const notify = 'SELECT pg_notify($1, $2)';

/** Nearly as long as PostgreSQL takes one, of characters that are two bytes each: it never comes in one piece. */
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

  /** Resolves with all that was told when this was told last. */
  async function toldUpTo(last: string): Promise<string[]> {
    await pool.query(notify, [channel, last]);
    while (told.at(-1) !== last) await once(changes, 'change');
    return told.slice(0, -1);
  }

  it('tells the process of every notification, whichever connection it is from', async () => {
    const payloads = ['', 'plain', 'ἄλφα 😀', 'two\nlines', long];
    for (const payload of payloads) await pool.query(notify, [channel, payload]);
    expect(await toldUpTo('end')).toEqual(payloads);
  });

  it('tells of those of a transaction when it is committed, in their order, or else never', async () => {
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

  it('tells of those that come in pieces, behind results that do', async () => {
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

  it('tells of what comes after a query that failed, and after connections that went away', async () => {
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

  it('tells of nothing on other channels', async () => {
    await pool.query(notify, ['another', 'payload']);
    expect(await toldUpTo('end')).toEqual([]);
  });
});
