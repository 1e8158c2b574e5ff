import { TokenCodec } from '../../src/domain/token-codec.js';
import { createLog } from '../../src/observability/log.js';
import { type ObservedRequest, RequestObservers } from '../../src/observability/request-observer.js';
import { AccessLog } from '../../src/http/response/access-log.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { ask, askRaw } from '../support/exchange.js';
import { receivedFor } from '../support/listeners.js';
import { lifeConfiguration, TokenLife } from '../support/token-life.js';

const observed: ObservedRequest[] = [];
let app: TestApp;
let life: TokenLife;

beforeAll(async () => {
  app = await TestApp.start({
    configuration: lifeConfiguration(),
    hasher: new FastHasher(),
    observer: { observe: (request) => observed.push(request) },
  });
  life = new TokenLife(app);
});
afterAll(() => app.stop());

/** The requests that the observer gets while an act runs. */
async function observing(act: () => Promise<unknown>): Promise<ObservedRequest[]> {
  observed.length = 0;
  await act();
  return [...observed];
}

const get = (path: string) => observing(() => ask(app, { method: 'GET', path }));

describe('an observer of requests', () => {
  it.each([
    ['the fast path', ''],
    ['a controller', '&x=%20'],
  ])('gets each request that %s answers, with its subjects, route and times', async (_, more) => {
    const { access } = await life.login();
    const [request] = await get(`/api/oauth/tokeninfo?access_token=${access}${more}`);
    expect(request).toMatchObject({
      method: 'GET',
      operation: 'GET query',
      route: '/api/oauth/tokeninfo',
      status: 200,
      complete: true,
      failed: false,
      traceContext: undefined,
      takenAt: expect.any(Number),
      endedAt: expect.any(Number),
      correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      details: { realm: '/', clientId: 'app', username: 'ann' },
    });
    expect(request.endedAt).toBeGreaterThanOrEqual(request.takenAt);
  });

  it('gets the template of the route, whatever realm the path names', async () => {
    const [request] = await get('/am/oauth2/realms/root/realms/alpha/tokeninfo?access_token=x');
    expect(request).toMatchObject({
      route: '/oauth2/tokeninfo',
      status: 401,
      details: { realm: '/alpha', error: 'invalid_token', detail: 'unknown', reason: 'foreign_form' },
    });
    const [stray] = await get('/nowhere/secret');
    expect(stray).toMatchObject({ route: undefined, status: 404, details: { error: 'not_found' } });
  });

  it.each<[string, () => Promise<string>]>([
    ['forged', async () => `sya_${'A'.repeat(54)}`],
    ['foreign_form', async () => 'other'],
    ['no_token', async () => ''],
    ['refresh_token', async () => (await life.login()).refresh],
    [
      'not_found',
      async () => {
        const { access } = await life.login();
        await life.revoke(access);
        return access;
      },
    ],
    [
      'expired',
      async () => {
        const { access } = await life.login();
        app.clock.advance(3_600_000);
        return access;
      },
    ],
  ])('gets the reason why a token is not active: %s', async (reason, token) => {
    const value = await token();
    await app.nest.get(TokenCodec).reload();
    for (const path of ['/api/oauth/tokeninfo', '/oauth2/tokeninfo']) {
      const [{ details }] = await get(`${path}?access_token=${value}`);
      expect(details.reason).toBe(reason);
    }
  });

  it('gets the reason when a client may not see a token', async () => {
    const { access } = await life.login('other');
    const [request] = await observing(() =>
      life.post('/oauth2/introspect', { token: access, client_id: 'app', client_secret: 'app-secret' }),
    );
    expect(request).toMatchObject({ status: 200, details: { clientId: 'app', reason: 'not_permitted' } });
  });
});

describe('input that could not be read as a request', () => {
  it.each([
    ['no HTTP', 'canary\r\n\r\n', 400],
    ['headers without end', `GET /canary HTTP/1.1\r\n${'X: y\r\n'.repeat(40_000)}`, 431],
    ['CONNECT', 'CONNECT canary:1 HTTP/1.1\r\nHost: x\r\n\r\n', 501],
  ])('reaches the observers and the access log in fixed words: %s', async (_, bytes, status) => {
    let answer = '';
    const [request, ...more] = await observing(async () => {
      answer = await receivedFor(app, bytes);
    });
    expect(more).toEqual([]);
    const [, correlationId] = /\r\nX-Correlation-Id: (.*)\r\n/.exec(answer) ?? [];
    const lines: string[] = [];
    new AccessLog(createLog('info', { write: (line) => void lines.push(line) }), 'refused').observe(request);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        level: 30,
        time: expect.any(String) as string,
        route: 'none',
        method: 'none',
        status,
        ms: 0,
        error: 'invalid_request',
        correlationId,
        msg: 'request',
      },
    ]);
  });

  it('that belongs to a request is not observed besides it', async () => {
    const head = 'POST /oauth2/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n';
    const type = 'Content-Type: application/x-www-form-urlencoded\r\n\r\n';
    const requests = await observing(() => askRaw(app, `${head}${type}1\r\nx\r\nzz\r\n`));
    expect(requests.filter(({ method }) => method === 'none')).toEqual([]);
  });
});

it('a fault of one observer is logged, and reaches neither the others nor the caller', () => {
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => void lines.push(line) });
  const told: ObservedRequest[] = [];
  const failing = {
    observe() {
      throw new TypeError('canary');
    },
  };
  const observers = new RequestObservers([failing, { observe: (request) => told.push(request) }], log);
  observers.observe(observed[0]);
  expect(told).toEqual([observed[0]]);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { level: 50, fault: 'TypeError', msg: 'unexpected error', frames: expect.any(Array) },
  ]);
  expect(lines.join('')).not.toContain('canary');
});

it('the access log names no resource owner', () => {
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => void lines.push(line) });
  const details = { realm: '/', clientId: 'app', username: 'canary', reason: 'expired' } as const;
  new AccessLog(log, 'all').observe({ ...observed[0], details });
  expect(JSON.parse(lines[0])).toMatchObject({ realm: '/', clientId: 'app', msg: 'request' });
  expect(lines[0]).not.toMatch(/canary|reason/);
});
