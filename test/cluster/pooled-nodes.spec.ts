import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { hashToken } from '../../src/domain/access-token.js';
import { ChangeFeed } from '../../src/domain/change-feed.js';
import { symbolon } from '../cli/symbolon.js';
import { TestApp } from '../support/app.js';
import { appCredentials, client, configuration } from '../support/configuration.js';
import { temporaryFolder } from '../support/database.js';
import { ask } from '../support/exchange.js';
import { canStartPoolers, PgBouncer } from '../support/pgbouncer.js';
import { canStartServers, PostgresServer } from '../support/postgres-server.js';
import type { Settings } from '../support/server-process.js';
import { members, postForm } from '../support/token-endpoint.js';
import { askForgeRock } from '../support/tokeninfo.js';

const password = { grant_type: 'password', username: 'ann', password: 'ann-password', ...appCredentials };
const machine = { grant_type: 'client_credentials', ...appCredentials };
const file = configuration({
  '/': { clients: [client()], users: [{ username: 'ann', password: 'ann-password' }] },
});

(canStartServers && canStartPoolers ? describe : describe.skip)('nodes behind PgBouncer', () => {
  let server: PostgresServer;
  let pooler: PgBouncer;
  let apps: TestApp[];

  beforeAll(async () => {
    server = await PostgresServer.start();
    await server.sql('postgres', `CREATE ROLE app LOGIN PASSWORD 'pw'`, 'CREATE DATABASE app OWNER app');
    pooler = await PgBouncer.start(server, 'transaction', { app: 'pw' });
  });
  beforeEach(() => {
    apps = [];
  });
  afterEach(async () => {
    for (const app of apps) await app.stop();
  });
  afterAll(async () => {
    await pooler?.stop();
    await server?.stop();
  });

  const direct = () => server.url('app', { user: 'app', password: 'pw' });
  const pooled = (): Settings => ({
    DATABASE_URL: pooler.url('app', 'app', 'pw'),
    DATABASE_POOLER: 'transaction',
  });
  const withFeed = (): Settings => ({ ...pooled(), CHANGE_FEED_URL: direct() });

  async function start(settings: Settings): Promise<TestApp> {
    const app = await TestApp.start({ settings, configuration: file });
    apps.push(app);
    return app;
  }

  /** Resolves when a node uses its copies. */
  async function hears({ nest, clock }: TestApp): Promise<void> {
    const feed = nest.get(ChangeFeed);
    if (feed.isCurrent(clock.elapsed())) return;
    await new Promise<void>((resolve) => {
      feed.subscribe((change) => change === 'everything' && resolve());
    });
  }

  const token = async (app: TestApp, form: Readonly<Record<string, string>> = machine) =>
    members(await postForm(app, '/oauth2/token', form));
  const status = async (app: TestApp, value: string) => (await askForgeRock(app, value)).status;
  const readiness = async (app: TestApp) => (await ask(app, { method: 'GET', path: '/readyz' })).status;

  /** Does something many times at once, so that each connection of the pools is used. */
  function often<Result>(work: () => Promise<Result>, times = 60): Promise<Result[]> {
    return Promise.all(Array.from({ length: times }, work));
  }

  /** A change of the database that nobody is told of. */
  async function revokeSilently(app: TestApp, value: string): Promise<void> {
    const sql = 'UPDATE access_token SET revoked = true WHERE hash = $1';
    await app.nest.get(DataSource).query(sql, [hashToken(value)]);
  }

  it('grant, look up, refresh and revoke tokens, and tell each other of it', async () => {
    const first = await start(withFeed());
    const second = await start(withFeed());
    await hears(first);
    await hears(second);
    await often(() => token(first));
    const granted = await often(() => token(first, password), 6);
    for (const { access_token: value } of granted) expect(await status(second, value)).toBe(200);
    // It has copies of them.
    await revokeSilently(first, granted[0].access_token);
    expect(await status(second, granted[0].access_token)).toBe(200);

    const refreshed = await Promise.all(
      granted
        .slice(1)
        .map(({ refresh_token: value }) =>
          token(first, { grant_type: 'refresh_token', refresh_token: value, ...appCredentials }),
        ),
    );
    const told = new Promise<void>((resolve) => {
      second.nest
        .get(ChangeFeed)
        .subscribe((change) => typeof change === 'object' && 'realm' in change && resolve());
    });
    await Promise.all(
      refreshed.map(async ({ refresh_token: value }) =>
        members(await postForm(first, '/oauth2/token/revoke', { token: value, ...appCredentials })),
      ),
    );
    await first.apply(configuration({ '/mark': {} }));
    await told;
    for (const { access_token: value } of [...granted.slice(1), ...refreshed]) {
      expect(await status(second, value)).toBe(401);
    }
    expect([await readiness(first), await readiness(second)]).toEqual([200, 200]);
    const faults = /"msg":"(store unavailable|unexpected error|not ready)"/;
    expect([...first.logged, ...second.logged].filter((line) => faults.test(line))).toEqual([]);
  });

  it('leave nothing in the sessions of the pooler', async () => {
    const app = await start(withFeed());
    await often(() => token(app));
    const left = await often(() =>
      app.nest.get(DataSource).query<object[]>(
        `SELECT (SELECT count(*)::integer FROM pg_prepared_statements) AS statements,
            (SELECT count(*)::integer FROM pg_cursors) AS cursors,
            (SELECT count(*)::integer FROM pg_listening_channels()) AS channels,
            (SELECT count(*)::integer FROM pg_class WHERE relpersistence = 't') AS tables,
            (SELECT count(*)::integer FROM pg_locks WHERE locktype = 'advisory') AS locks,
            (SELECT string_agg(name, ',') FROM pg_settings
              WHERE source = 'session' AND name <> 'transaction_isolation') AS settings`,
      ),
    );
    // PgBouncer itself sets the name that a client connects with.
    const nothing = { statements: 0, cursors: 0, channels: 0, tables: 0, locks: 0 };
    for (const [row] of left) expect(row).toMatchObject(nothing);
    const settings = new Set(left.flatMap(([row]) => (row as { settings: string }).settings.split(',')));
    expect([...settings]).toEqual(['application_name']);
  });

  it('cache nothing without a direct connection', async () => {
    const app = await start(pooled());
    const { access_token: value } = await token(app, password);
    expect(await status(app, value)).toBe(200);
    await revokeSilently(app, value);
    expect(await status(app, value)).toBe(401);
    expect(await readiness(app)).toBe(200);
  });

  it('are changed by commands', async () => {
    const app = await start(withFeed());
    await hears(app);
    const folder = await temporaryFolder();
    const [yaml, lines] = [join(folder, 'symbolon.yaml'), join(folder, 'tokens')];
    await writeFile(yaml, configuration({ '/': { clients: [client(), client({ client_id: 'more' })] } }));
    const line = { token: 'theirs', client_id: 'app', scope: 'read', expires_at: '2090-01-01T00:00:00Z' };
    await writeFile(lines, `${JSON.stringify(line)}\n`);
    const where = 'in the database of DATABASE_URL\n';
    expect(await symbolon(['apply', yaml], { env: withFeed() })).toEqual({
      status: 0,
      stdout: `${yaml}: 1 added, 0 updated, 0 removed, 2 unchanged ${where}`,
      stderr: '',
    });
    expect(await symbolon(['import', 'tokens', lines], { env: pooled() })).toEqual({
      status: 0,
      stdout: `${lines}: 1 added, 0 already there, 0 expired and left out, 0 bad ${where}`,
      stderr: '',
    });
    expect(await token(app, { ...machine, client_id: 'more' })).toMatchObject({ scope: 'read' });
  });

  describe('in transaction mode, without the setting', () => {
    const advice =
      'a pooler gives each transaction another connection; set DATABASE_POOLER=transaction, or have it keep sessions';

    it('are not ready, answer 503 and never 500, and the log names the setting, until sessions are kept again', async () => {
      await pooler.restart('session');
      // PgBouncer has four connections, and the feed takes one.
      const app = await start({
        DATABASE_URL: pooler.url('app', 'app', 'pw'),
        DATABASE_POOL: '3',
        CACHE_ENTRIES: '0',
      });
      expect(await readiness(app)).toBe(200);
      await pooler.restart('transaction');
      const seen = (await often(() => postForm(app, '/oauth2/token', machine))).map(
        ({ status: code }) => code,
      );
      expect(new Set([...seen, 200, 503])).toEqual(new Set([200, 503]));
      expect(seen).toContain(503);
      app.clock.advance(1_000);
      expect(await readiness(app)).toBe(503);
      const lines = app.logged.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
      expect(lines).toContainEqual(
        expect.objectContaining({
          msg: 'store unavailable',
          code: expect.stringMatching(/^(42P05|26000)$/),
          advice,
        }),
      );
      expect(lines).toContainEqual(expect.objectContaining({ msg: 'not ready', reason: advice }));
      expect(lines.filter(({ msg }) => msg === 'unexpected error')).toEqual([]);
      await pooler.restart('session');
      app.clock.advance(1_000);
      await readiness(app); // Its connections are gone.
      app.clock.advance(1_000);
      expect(await readiness(app)).toBe(200);
      expect(
        new Set(await often(async () => (await postForm(app, '/oauth2/token', machine)).status)),
      ).toEqual(new Set([200]));
      await pooler.restart('transaction');
    });
  });
});
