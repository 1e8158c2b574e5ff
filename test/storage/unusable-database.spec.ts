import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readiness } from '../../src/http/health/readiness.js';
import { createLog } from '../../src/observability/log.js';
import { Database } from '../../src/storage/postgres/database.js';
import { TestApp } from '../support/app.js';
import { ask } from '../support/exchange.js';
import { canStartServers, PostgresServer } from '../support/postgres-server.js';
import { StoppedClock } from '../support/stopped-clock.js';

const ready = { path: '/readyz', method: 'GET' };

/** How often a condition that a server process brings about is looked at, in milliseconds. */
const lookEveryMs = 20;

(canStartServers ? describe : describe.skip)('/readyz, of a database that answers', () => {
  let server: PostgresServer;
  let app: TestApp;

  beforeAll(async () => {
    server = await PostgresServer.start();
    await server.sql('postgres', `CREATE ROLE app LOGIN PASSWORD 'pw'`, 'CREATE DATABASE app OWNER app');
    const settings = { DATABASE_URL: server.url('app', { user: 'app', password: 'pw' }), CACHE_ENTRIES: '0' };
    app = await TestApp.start({ settings });
  });
  afterAll(async () => {
    await app?.stop();
    await server?.stop();
  });

  /** The status of the next answer that is a new one. */
  async function status(): Promise<number> {
    app.clock.advance(1_000);
    return (await ask(app, ready)).status;
  }

  const reasons = () =>
    app.logged
      .map((line) => JSON.parse(line) as { readonly msg: string; readonly reason?: string })
      .filter(({ msg }) => msg === 'not ready' || msg === 'ready again')
      .map(({ msg, reason }) => reason ?? msg);

  /** Resolves when new connections are of that kind, whatever the pool still has. */
  async function until(wanted: number): Promise<void> {
    while ((await status()) !== wanted) await new Promise((look) => setTimeout(look, lookEveryMs));
  }

  const endConnections = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'`;

  it.each<[string, string, string[], string[]]>([
    [
      'was set to take no writes',
      'the database takes no writes',
      ['ALTER DATABASE app SET default_transaction_read_only = on', endConnections],
      [
        'SET default_transaction_read_only = off',
        'ALTER DATABASE app RESET default_transaction_read_only',
        endConnections,
      ],
    ],
    [
      'has lost its schema',
      'the table realm is missing',
      ['ALTER SCHEMA public RENAME TO gone', 'CREATE SCHEMA public AUTHORIZATION app'],
      ['DROP SCHEMA public', 'ALTER SCHEMA gone RENAME TO public'],
    ],
    [
      'has lost one table',
      'the table refresh_token is missing',
      ['ALTER TABLE refresh_token RENAME TO gone'],
      ['ALTER TABLE gone RENAME TO refresh_token'],
    ],
    [
      'refuses to read clients',
      'the privilege SELECT on client is missing',
      ['REVOKE SELECT ON client FROM app'],
      ['GRANT SELECT ON client TO app'],
    ],
    [
      'refuses to store tokens',
      'the privilege INSERT on access_token is missing',
      ['REVOKE INSERT ON access_token FROM app'],
      ['GRANT INSERT ON access_token TO app'],
    ],
    [
      'hides the schema',
      'the table realm is missing',
      ['ALTER SCHEMA public OWNER TO postgres', 'REVOKE USAGE ON SCHEMA public FROM PUBLIC'],
      ['GRANT USAGE ON SCHEMA public TO PUBLIC', 'ALTER SCHEMA public OWNER TO app'],
    ],
  ])('is 503 while it %s, with one line in the log', async (_, reason, breaking, mending) => {
    const before = reasons().length;
    expect([await status(), ...reasons().slice(before)]).toEqual([200]);
    await server.sql('app', ...breaking);
    await until(503);
    for (let asked = 0; asked < 5; asked += 1) expect(await status()).toBe(503);
    await server.sql('app', ...mending);
    await until(200);
    // Ended connections may be a reason of their own, in between.
    expect(
      reasons()
        .slice(before)
        .filter((line) => !/^\w{5}$|^E/.test(line)),
    ).toEqual([reason, 'ready again']);
  });

  it('is 503 while its server is a standby', async () => {
    const before = reasons().length;
    const signal = join(server.folder, 'data', 'standby.signal');
    await writeFile(signal, '');
    await server.restart();
    await until(503);
    while (!reasons().slice(before).includes('the database takes no writes')) await status();
    await rm(signal);
    await server.restart();
    await until(200);
  });

  it('asks the database once a second, however often it is asked on both listeners', async () => {
    const admin = await app.admin();
    const questions = () => {
      const { counts } = app.nest.get(Database).durations.histograms.get('check_database')!;
      return counts.reduce((sum, count) => sum + count, 0);
    };
    await status();
    const before = questions();
    app.clock.advance(1_000);
    const asking = Array.from({ length: 200 }, (_, index) => ask(index % 2 ? app : admin, ready));
    for (const answer of await Promise.all(asking)) expect(answer.status).toBe(200);
    app.clock.advance(999);
    expect((await ask(app, ready)).status).toBe(200);
    expect(questions()).toBe(before + 1);
  });
});

describe('Readiness', () => {
  it('does not wait for ever for a store that does not answer', async () => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line: string) => lines.push(line) });
    const clock = new StoppedClock();
    const readiness = new Readiness(() => new Promise(() => {}), clock, log);
    const answers = await Promise.all(Array.from({ length: 50 }, () => readiness.isReady()));
    expect(new Set(answers)).toEqual(new Set([false]));
    expect(lines.map((line) => (JSON.parse(line) as { reason: string }).reason)).toEqual([
      'no answer within 2000 ms',
    ]);
  });

  it('is not ready for any error of a check, and logs its code, and of a mistake of ours once the place', async () => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line: string) => lines.push(line) });
    const fault = Object.assign(new Error('canary'), { code: '42P01' });
    const clock = new StoppedClock();
    const readiness = new Readiness(() => Promise.reject(fault), clock, log);
    for (let question = 0; question < 3; question += 1) {
      expect(await readiness.isReady()).toBe(false);
      clock.advance(1_000);
    }
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { msg: 'unexpected error', code: '42P01', frames: expect.any(Array) },
      { msg: 'not ready', reason: '42P01' },
    ]);
    expect(lines.join('')).not.toContain('canary');
  });
});
