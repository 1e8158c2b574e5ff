import pg from 'pg';
import { ChangeFeed } from '../../src/domain/change-feed.js';
import { Database } from '../../src/storage/postgres/database.js';
import { TestApp } from '../support/app.js';
import { appCredentials } from '../support/configuration.js';
import { ask } from '../support/exchange.js';
import { canStartServers, PostgresServer } from '../support/postgres-server.js';
import { formType } from '../support/token-endpoint.js';
import { forgeRockPath, storeToken, twoRealms } from '../support/tokeninfo.js';

const cached = 'sya_of-the-cache';
const other = 'sya_not-in-the-cache';
const poolSize = 6;

// Locks of other sessions, which the embedded database does not have.
(canStartServers ? describe : describe.skip)('while a table is locked and writes wait for it', () => {
  let server: PostgresServer;
  let app: TestApp;
  let locker: pg.Client;

  beforeAll(async () => {
    server = await PostgresServer.start();
    const settings = { DATABASE_URL: server.url(), DATABASE_POOL: String(poolSize) };
    app = await TestApp.start({ configuration: twoRealms, settings });
    await storeToken(app, cached);
    await storeToken(app, other);
    locker = new pg.Client(server.url());
    await locker.connect();
  });
  afterAll(async () => {
    await locker.end();
    await app.stop();
    await server.stop();
  });

  const post = (form: Readonly<Record<string, string>>) =>
    ask(app, {
      method: 'POST',
      path: '/oauth2/token',
      headers: { 'content-type': formType },
      body: new URLSearchParams(form).toString(),
    });
  const login = { grant_type: 'password', username: 'ann', password: 'ann-password', ...appCredentials };
  const inspect = async (token: string) => {
    const { status } = await ask(app, {
      method: 'GET',
      path: forgeRockPath,
      headers: { authorization: `Bearer ${token}` },
    });
    return status;
  };

  it('tokens are inspected, the node is ready and stays in step, and each write is answered 503', async () => {
    const tokens = await Promise.all(
      Array.from({ length: 40 }, async () => JSON.parse((await post(login)).body) as Record<string, string>),
    );
    const feed = app.nest.get(ChangeFeed);
    while (!feed.isCurrent(app.clock.elapsed())) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await inspect(cached)).toBe(200);
    const { histograms } = app.nest.get(Database).durations;
    const reads = () =>
      histograms.get('find_access_tokens')!.counts.reduce((total, count) => total + count, 0);
    const readsBefore = reads();

    await locker.query('BEGIN');
    await locker.query('LOCK TABLE refresh_token IN EXCLUSIVE MODE');
    let left = tokens.length;
    const refreshes = tokens.map(async (token) => {
      const answer = await post({
        grant_type: 'refresh_token',
        refresh_token: token.refresh_token,
        ...appCredentials,
      });
      left -= 1;
      return answer;
    });
    let asked = 0;
    while (left > 0) {
      expect(await inspect(cached)).toBe(200);
      asked += 1;
    }
    expect(asked).toBeGreaterThan(0);
    expect(reads()).toBe(readsBefore);
    for (const { status, headers } of await Promise.all(refreshes)) {
      expect({ status, retry: headers['retry-after'] }).toEqual({ status: 503, retry: '2' });
    }

    const more = tokens.map(({ refresh_token }) =>
      post({ grant_type: 'refresh_token', refresh_token, ...appCredentials }),
    );
    expect(await inspect(other)).toBe(200);
    app.clock.advance(1_000);
    expect((await ask(app, { method: 'GET', path: '/readyz', headers: {} })).status).toBe(200);
    expect(feed.isCurrent(app.clock.elapsed())).toBe(true);
    await locker.query('ROLLBACK');
    await Promise.all(more);
    expect(app.logged.join('')).not.toContain('change feed down');
  });
});
