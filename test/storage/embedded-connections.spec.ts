import { once } from 'node:events';
import { connect } from 'node:net';
import pg from 'pg';
import {
  type EmbeddedDatabase,
  embeddedLogin,
  startEmbedded,
} from '../../src/storage/embedded/embedded-database.js';
import { embeddedFolder, onServer } from '../support/database.js';

// All connections to the embedded database share one session.
(onServer ? describe.skip : describe)('connections to the embedded database', () => {
  let embedded: EmbeddedDatabase;
  let pool: pg.Pool;

  beforeAll(async () => {
    embedded = await startEmbedded(await embeddedFolder());
    const { username: user, database } = embeddedLogin;
    pool = new pg.Pool({ host: embedded.host, user, database, max: 8 });
    await queriesAtOnce();
  });

  afterAll(async () => {
    await pool.end();
    await embedded.close();
  });

  /** Queries of different shapes over every connection; each must get its own rows. */
  async function queriesAtOnce(): Promise<void> {
    const numbers = Array.from({ length: 64 }, (_, number) => number);
    const answers = await Promise.all(
      numbers.map((number) =>
        number % 2 === 0
          ? pool.query('SELECT $1::integer AS number', [number])
          : pool.query('SELECT $1::integer AS number, $2::text AS text', [number, 'odd']),
      ),
    );
    expect(answers.map(({ rows }) => rows as unknown)).toEqual(
      numbers.map((number) => [number % 2 === 0 ? { number } : { number, text: 'odd' }]),
    );
  }

  it('each get their own rows', async () => {
    await queriesAtOnce();
  });

  it('each get their own rows after another’s transaction, and wait for its end', async () => {
    const client = await pool.connect();
    await client.query('CREATE TABLE made (text text)');
    await client.query('BEGIN');
    await client.query('INSERT INTO made VALUES ($1)', ['within']);
    const others = queriesAtOnce();
    const seen = pool.query('SELECT text FROM made');
    await client.query('UPDATE made SET text = $1', ['at the end']);
    await client.query('COMMIT');
    client.release();
    await others;
    expect((await seen).rows).toEqual([{ text: 'at the end' }]);
  });

  it('each get their own rows beside queries that come in pieces', async () => {
    const long = 'ἄλφα'.repeat(200_000);
    const answers = Array.from({ length: 4 }, () => pool.query('SELECT $1::text AS long', [long]));
    await queriesAtOnce();
    for (const { rows } of await Promise.all(answers)) expect(rows).toEqual([{ long }]);
  });

  it('get their own rows after a query that failed', async () => {
    const client = await pool.connect();
    for (let number = 0; number < 20; number += 1) {
      await expect(client.query('SELECT 1 / $1::integer', [0])).rejects.toMatchObject({ code: '22012' });
      expect((await client.query('SELECT $1::integer AS number', [number])).rows).toEqual([{ number }]);
    }
    client.release();
  });

  it('that end within a transaction leave none of its changes', async () => {
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query('CREATE TABLE half_made (number integer)');
    client.release(true);
    await queriesAtOnce();
    await expect(pool.query('SELECT FROM half_made')).rejects.toMatchObject({ code: '42P01' });
  });

  it('that end within a query do not affect the others', async () => {
    const socket = connect(`${embedded.host}/.s.PGSQL.5432`);
    socket.write(message('', `\0\x03\0\0user\0${embeddedLogin.username}\0\0`));
    await once(socket, 'data');
    socket.end(message('P', '\0SELECT not SQL\0\0\0'));
    await once(socket.resume(), 'close');
    await queriesAtOnce();
  });
});

/** A message of PostgreSQL's protocol: type (empty at startup), length with its own 4 bytes, content. */
function message(type: string, rest: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + rest.length);
  return Buffer.concat([Buffer.from(type), length, Buffer.from(rest, 'latin1')]);
}
