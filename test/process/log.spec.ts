import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { TestApp } from '../support/app.js';
import { client, configuration } from '../support/configuration.js';
import type { LogRecord } from '../support/server-process.js';

const password = randomUUID();
const clientSecret = randomUUID();
/** Sent in every part of a request that a caller can choose. */
const canary = randomUUID();

const configured = configuration({
  '/alpha': {
    clients: [client({ client_secret_hash: undefined, client_secret: clientSecret })],
    users: [{ username: 'ann', password }],
  },
});

let app: TestApp | undefined;
afterEach(async () => {
  await app?.stop();
  app = undefined;
});

async function start(mode: 'all' | 'refused' | 'off'): Promise<TestApp> {
  app = await TestApp.start({ configuration: configured, settings: { ACCESS_LOG: mode } });
  return app;
}

interface Asked {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly correlationId: string | null;
}

async function ask({ url }: TestApp, path: string, init: RequestInit = {}): Promise<Asked> {
  const response = await fetch(url + path, init);
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
    correlationId: response.headers.get('x-correlation-id'),
  };
}

function form(parameters: Readonly<Record<string, string>>): RequestInit {
  return { method: 'POST', body: new URLSearchParams(parameters) };
}

const tokenPath = '/am/oauth2/realms/root/realms/alpha/access_token';
const credentials = { client_id: 'app', client_secret: clientSecret };
const byPassword = { grant_type: 'password', username: 'ann', password, ...credentials };

/** Sends a request of each kind: token requests that are granted and refused, both tokeninfos, an unknown token,
 * an unknown path. */
async function askAll(server: TestApp): Promise<{ asked: Asked[]; token: string }> {
  const granted = await ask(server, tokenPath, form(byPassword));
  const token = granted.body.access_token as string;
  const asked = [
    granted,
    await ask(server, tokenPath, form({ ...byPassword, password: canary, state: canary })),
    await ask(server, tokenPath, form({ grant_type: canary, client_id: canary, client_secret: canary })),
    await ask(server, '/oauth2/tokeninfo', { headers: { authorization: `Bearer ${token}` } }),
    await ask(server, `/api/oauth/tokeninfo?access_token=${token}&other=${canary}`),
    await ask(server, `/api/oauth/tokeninfo?access_token=${canary}`),
    await ask(server, `/${canary}/${token}`, { headers: { 'x-correlation-id': canary, cookie: canary } }),
  ];
  return { asked, token };
}

/** The log lines of those requests, in their order. */
const expected = [
  { route: '/oauth2/access_token', method: 'POST', status: 200, realm: '/alpha', clientId: 'app' },
  {
    route: '/oauth2/access_token',
    method: 'POST',
    status: 400,
    realm: '/alpha',
    clientId: 'app',
    error: 'invalid_grant',
    detail: 'wrong password',
  },
  {
    route: '/oauth2/access_token',
    method: 'POST',
    status: 401,
    realm: '/alpha',
    error: 'invalid_client',
    detail: 'unknown client',
  },
  { route: '/oauth2/tokeninfo', method: 'GET', status: 200, realm: '/alpha', clientId: 'app' },
  { route: '/api/oauth/tokeninfo', method: 'GET', status: 200, realm: '/alpha', clientId: 'app' },
  {
    route: '/api/oauth/tokeninfo',
    method: 'GET',
    status: 400,
    error: 'invalid_token',
    detail: 'unknown',
  },
  { route: 'none', method: 'GET', status: 404, error: 'not_found' },
];

/** The log lines of the requests whose status is wanted, with what differs each time. */
function lines(asked: readonly Asked[], wanted: (status: number) => boolean): LogRecord[] {
  return expected
    .map((line, index) => ({
      level: 30,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      ...line,
      ms: expect.any(Number) as number,
      correlationId: asked[index].correlationId,
      msg: 'request',
    }))
    .filter(({ status }) => wanted(status));
}

function requestsIn({ logged }: TestApp): LogRecord[] {
  const records = logged.map((line) => JSON.parse(line) as LogRecord);
  return records.filter(({ msg }) => msg === 'request');
}

/** Resolves with the lines of requests when there are this many. */
async function logged(server: TestApp, count: number): Promise<LogRecord[]> {
  while (requestsIn(server).length < count) await new Promise(setImmediate);
  return requestsIn(server);
}

describe('the access log', () => {
  it.each([
    ['all', () => true],
    ['refused', (status: number) => status >= 400],
    ['off', () => false],
  ] as const)('%s', async (mode, wanted) => {
    const server = await start(mode);
    const { asked, token } = await askAll(server);
    await server.stop();
    app = undefined;

    expect(asked.map(({ status }) => status)).toEqual(expected.map(({ status }) => status));
    const ids = asked.map(({ correlationId }) => correlationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).not.toContain(canary);
    expect(requestsIn(server)).toEqual(lines(asked, wanted));
    for (const secret of [canary, token, token.slice(4), password, clientSecret, 'tokeninfo?', '/am']) {
      expect(server.logged.join('')).not.toContain(secret);
    }
  });

  it('marks the request of a caller that disconnected before its answer as aborted, without a status', async () => {
    const server = await start('refused');
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write(
      'POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n' +
        'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n\r\n',
    );
    await once(socket, 'data');
    socket.destroy();
    const [line] = await logged(server, 1);
    expect(line).toMatchObject({ route: '/oauth2/token', method: 'POST', aborted: true });
    expect(line).not.toHaveProperty('status');
  });
});

it('leaves out probes that find the server well, which come every few seconds for ever', async () => {
  const server = await start('all');
  for (const path of ['/healthz', '/readyz', '/oauth2/tokeninfo', '/healthz/x'])
    await fetch(server.url + path);
  await fetch(`${server.url}/readyz`, { method: 'POST' });
  const lines = (await logged(server, 3)).map(({ route, status }) => [route, status]);
  expect(lines).toEqual([
    ['/oauth2/tokeninfo', 401],
    ['none', 404],
    ['/readyz', 405],
  ]);
});
