import type { Server } from 'node:http';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { adminConfiguration, type AdminTestApp } from '../support/admin.js';
import { TestApp } from '../support/app.js';
import { type Answer, askRaw } from '../support/exchange.js';
import { connected, type Listener, rawGet, rawPost } from '../support/raw-requests.js';
import { malformed, members } from '../support/token-endpoint.js';

const credentials = 'client_id=write&client_secret=app-secret';

let app: TestApp;
let admin: AdminTestApp;
let operators: Listener;
/** Token of a bearer that may read at the operator's listener. */
let reader: string;

beforeAll(async () => {
  app = await TestApp.start({
    settings: { ACCESS_LOG: 'all' },
    configuration: adminConfiguration(),
    hasher: new FastHasher(),
  });
  admin = await app.admin();
  operators = { url: admin.url, server: admin.nest.getHttpServer() as Server };
  reader = await admin.token();
});
afterAll(() => app.stop());

const grant = rawPost('/oauth2/token', `grant_type=client_credentials&scope=other&${credentials}`);

/** A request that uses up a refresh token. */
function refresh(token: string, ...lines: string[]): string {
  return rawPost('/oauth2/token', `grant_type=refresh_token&refresh_token=${token}&${credentials}`, ...lines);
}

/** A refresh token of a new sign-in. */
async function signIn(): Promise<string> {
  const form = `grant_type=password&username=ann&password=ann-password&scope=other&${credentials}`;
  return members(await askRaw(app, rawPost('/oauth2/token', form))).refresh_token;
}

/** Sends bytes, half-closes the connection, and returns this many answers. Nothing else may come, and nothing may stay. */
async function askHalfClosed(bytes: string, count = 1, listener: Listener = app): Promise<Answer[]> {
  const { client, closed } = await connected(listener);
  await client.send(bytes);
  client.end();
  const answers: Answer[] = [];
  while (answers.length < count) answers.push(await client.answer());
  expect(await client.rest()).toBe('');
  await closed;
  return answers;
}

/** The lines of the access log so far. */
function requests(): Record<string, unknown>[] {
  const lines = app.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
  return lines.filter(({ msg }) => msg === 'request');
}

describe('RFC 9112 §9.6 a client that half-closes its connection behind its request', () => {
  it.each([
    ['GET tokeninfo, on the fast path', rawGet('/oauth2/tokeninfo?access_token=x')],
    ['GET tokeninfo, through the router', rawGet('/oauth2/tokeninfo?access_token=x&y=1')],
    ['POST tokeninfo of Axway', rawPost('/api/oauth/tokeninfo', 'access_token=x')],
    ['introspection', rawPost('/oauth2/introspect', `token=x&${credentials}`)],
    ['revocation', rawPost('/oauth2/revoke', `token=x&${credentials}`)],
    ['metadata', rawGet('/.well-known/oauth-authorization-server')],
    ['health', rawGet('/readyz')],
    ['an unknown path', rawGet('/nowhere')],
    ['a wrong method', rawGet('/oauth2/token')],
    ['HTTP/1.0', 'GET /readyz HTTP/1.0\r\n\r\n'],
    ['a client that would close anyway', 'GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
  ])('is answered as any other: %s', async (_what, request) => {
    expect(await askHalfClosed(request)).toEqual([await askRaw(app, request)]);
  });

  it('gets its token', async () => {
    const [answer] = await askHalfClosed(grant);
    expect(members(answer).scope).toBe('other');
  });

  it('gets the refresh token that replaces the used one', async () => {
    const [answer] = await askHalfClosed(refresh(await signIn()));
    const [next] = await askHalfClosed(refresh(members(answer).refresh_token));
    expect(members(next).refresh_token).toMatch(/^syr_/);
  });

  it('gets all answers to pipelined requests, in their order', async () => {
    const tokens = [await signIn(), await signIn(), await signIn()];
    const answers = await askHalfClosed(
      tokens.map((token) => refresh(token) + rawGet('/nowhere')).join(''),
      6,
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 200, 404, 200, 404]);
    for (const { body } of [answers[0], answers[2], answers[4]])
      expect(body).toContain('"refresh_token":"syr_');
  });

  it('gets as many answers as it has sent requests', async () => {
    const answers = await askHalfClosed(rawGet('/oauth2/tokeninfo?access_token=x').repeat(2000), 2000);
    expect(answers.every(({ status }) => status === 401)).toBe(true);
  });

  it('is counted and logged as answered', async () => {
    await app.flushMonitoring();
    const before = requests().length;
    await askHalfClosed(grant + rawPost('/oauth2/introspect', `token=x&${credentials}`), 2);
    expect(requests().slice(before)).toMatchObject([
      { route: '/oauth2/token', status: 200 },
      { route: '/oauth2/introspect', status: 200 },
    ]);
    expect(
      requests()
        .slice(before)
        .some((line) => 'aborted' in line),
    ).toBe(false);

    await app.flushMonitoring();
    const { json } = await admin.get(reader, '/admin/v1/monitoring?window=10m&service=/oauth2/introspect');
    expect(json.items).toMatchObject([{ failures: 0, exceptions: 0 }]);
  });

  it('is answered at the operator’s listener, too', async () => {
    const [answer] = await askHalfClosed(rawGet('/healthz'), 1, operators);
    expect([answer.status, answer.body]).toEqual([200, '{"status":"ok"}']);
    const statuses = (await askHalfClosed(rawGet('/readyz') + rawGet('/nowhere'), 2, operators)).map(
      ({ status }) => status,
    );
    expect(statuses).toEqual([200, 404]);
  });

  it('leaves no connection behind when it has sent no request', async () => {
    expect(await askHalfClosed('', 0)).toEqual([]);
    expect(await askHalfClosed('\r\n', 0)).toEqual([]);
  });

  it('is told of a request that is not whole, behind the answers to the others', async () => {
    const [first, second] = await askHalfClosed(refresh(await signIn()) + grant.slice(0, 20), 2);
    expect(members(first).refresh_token).toMatch(/^syr_/);
    expect(second).toEqual(malformed);
    const [whole, cut] = await askHalfClosed(grant + grant.slice(0, -1), 2);
    expect([whole.status, cut]).toEqual([200, malformed]);
  });

  it('is closed at last when it does not read its answers', async () => {
    const { timeout } = app.server;
    app.server.timeout = 500;
    try {
      const { client, closed } = await connected(app);
      client.pause();
      void client.send(rawGet('/oauth2/tokeninfo?access_token=x').repeat(100_000)).then(() => client.end());
      await closed;
      client.close();
    } finally {
      app.server.timeout = timeout;
    }
  });
});
