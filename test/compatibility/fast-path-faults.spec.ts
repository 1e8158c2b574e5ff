import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Faults } from '../../src/observability/faults.js';
import type { HttpAdapter } from '../../src/http/http-adapter.js';
import { OAuthErrorFilter } from '../../src/http/response/oauth-error.filter.js';
import { oauthRefusal } from '../../src/http/response/refusal.js';
import { jsonReply, type Reply } from '../../src/http/response/reply.js';
import { TestApp } from '../support/app.js';
import { ask, RawConnection } from '../support/exchange.js';
import { startBehindWire } from '../support/app-behind-wire.js';
import { refusal } from '../support/token-endpoint.js';
import { axwayPath, forgeRockPath, noEndpoint, ok, storeToken, twoRealms } from '../support/tokeninfo.js';

const serverError = refusal('server_error', 'The server met an unexpected condition.', { status: 500 });
const get = (path: string) => ({ method: 'GET', path });

/** Every line logged so far. */
function records(app: TestApp): Record<string, unknown>[] {
  return app.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a fault in the fast path', () => {
  let app: TestApp;
  beforeAll(async () => {
    const settings = { ACCESS_LOG: 'all' };
    app = await TestApp.start({ settings, configuration: twoRealms, watched: false });
  });
  afterAll(() => app.stop());

  /** Registers a plain form that matches every request to this path, and its answer. */
  function register(path: string, answer: () => Reply, present = oauthRefusal): void {
    const { fastPath } = app.nest.getHttpAdapter() as unknown as HttpAdapter;
    const errors = new OAuthErrorFilter(present, app.nest.get(Faults));
    fastPath.register({ path, matches: () => true, answer: async () => answer(), errors });
  }

  const unsendable = jsonReply(200, [], { headers: { 'X-Broken': 'a\nb' } });
  const broken = () => {
    throw new TypeError('broken');
  };

  it.each([
    ['answering', '/answering', broken, 'TypeError'],
    ['sending', '/sending', () => unsendable, 'TypeError'],
  ])('while %s is answered 500, and logged', async (_what, path, answer, fault) => {
    register(path, answer);
    expect(await ask(app, get(path))).toEqual(serverError);
    expect(records(app)).toContainEqual(expect.objectContaining({ level: 50, fault }));
    expect(records(app)).toContainEqual(expect.objectContaining({ route: path, status: 500 }));
  });

  it.each([
    ['presenting', '/presenting', broken],
    ['sending', '/sending-again', () => unsendable],
  ])('while %s the refusal ends the connection, and nothing else', async (_what, path, present) => {
    register(path, broken, present);
    const connection = await RawConnection.open(app);
    await connection.send(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await expect(connection.answer()).rejects.toThrow('closed after 0 bytes');
    expect(records(app)).toContainEqual(expect.objectContaining({ route: path, aborted: true }));
    expect(await ask(app, get('/nowhere'))).toEqual(noEndpoint);
  });
});

describe('a client that leaves before its answer', () => {
  const token = 'token-of-old';
  const requests = {
    [`GET ${forgeRockPath}`]: `GET ${forgeRockPath} HTTP/1.1\r\nAuthorization: Bearer ${token}\r\nHost: x\r\n\r\n`,
    [`GET ${axwayPath}`]: `GET ${axwayPath}?access_token=${token} HTTP/1.1\r\nHost: x\r\n\r\n`,
    [`POST ${axwayPath}`]: `POST ${axwayPath} HTTP/1.1\r\nContent-Length: 25\r\nHost: x\r\n\r\naccess_token=${token}`,
  };

  it('is logged as aborted, and no other client is affected', async () => {
    const { app, database, ...started } = await startBehindWire({
      settings: { ACCESS_LOG: 'all', CACHE_ENTRIES: '0' },
      configuration: twoRealms,
    });
    try {
      await storeToken(app, token);
      for (const [what, request] of Object.entries(requests)) {
        const [method, route] = what.split(' ');
        database.hang();
        const connection = await RawConnection.open(app);
        const received = once(app.server, 'request') as Promise<[unknown, ServerResponse]>;
        await connection.send(request);
        const [, response] = await received;
        connection.reset();
        await once(response, 'close');
        expect(records(app).at(-1)).toMatchObject({ method, route, aborted: true });
        expect(records(app).at(-1)).not.toHaveProperty('status');
        await database.restore();
        expect(await ask(app, get(`${axwayPath}?access_token=${token}`))).toEqual(
          ok('{"audience":"app","user_id":"ann","scope":"read","expires_in":3600}'),
        );
      }
      expect(records(app).filter(({ level }) => Number(level) > 40)).toEqual([]);
    } finally {
      await database.restore();
      await started.stop();
    }
  });
});
