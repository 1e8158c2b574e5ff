import { jest } from '@jest/globals';
import { DataSource } from 'typeorm';
import { TestApp } from '../support/app.js';
import { Authorizing, callback, verifier } from '../support/authorizing.js';
import { client, configuration } from '../support/configuration.js';
import { type Answer, ask, type Ask, askRaw, RawConnection } from '../support/exchange.js';
import { basic, formType } from '../support/token-endpoint.js';

// All that a caller sends and is not a name of the registry has this word in it.
const secret = 'canary-secret';
const password = 'canary-password';
const token = '/oauth2/alpha/access_token';
const axway = '/api/oauth/tokeninfo';
const forgeRock = '/oauth2/tokeninfo';

const byPassword = {
  grant_type: 'password',
  username: 'demo',
  password,
  client_id: 'app',
  client_secret: secret,
};
const byClient = { grant_type: 'client_credentials', client_id: 'app', client_secret: secret };
const byCode = {
  grant_type: 'authorization_code',
  client_id: 'app',
  client_secret: secret,
  redirect_uri: callback,
};
const { authorization } = basic(`app:${secret}`);

let app: TestApp;
let printed: unknown[][];
/** Values of the tokens that were issued. */
const issued: string[] = [];
/** Values of the sessions and codes that were issued. */
const signedIn: string[] = [];
const answers: Answer[] = [];

beforeAll(async () => {
  const outputs = [
    jest.spyOn(process.stdout, 'write'),
    jest.spyOn(process.stderr, 'write'),
    ...(['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => jest.spyOn(console, name)),
  ];
  app = await TestApp.start({
    settings: { ACCESS_LOG: 'all', LOG_LEVEL: 'trace', CACHE_ENTRIES: '0' },
    configuration: configuration({
      '/alpha': {
        clients: [client({ client_secret: secret, client_secret_hash: undefined })],
        users: [{ username: 'demo', password }],
      },
    }),
  });
  await run();
  printed = outputs.flatMap(({ mock }) => mock.calls as unknown[][]);
});
afterAll(async () => {
  jest.restoreAllMocks();
  await app.stop();
});

/** A whole run of good and bad requests. */
async function run(): Promise<void> {
  for (const form of [byPassword, byClient]) issued.push(await issue(form));
  await signIn();
  for (const request of [...tokenRequests(), ...tokenInfoRequests(), ...strayRequests()]) {
    answers.push(await ask(app, request));
  }
  answers.push(await askRaw(app, 'canary /canary\r\n\r\n'));
  await leaveEarly();
  await damageDatabase();
  const query = `access_token=${issued[0]}`;
  for (const request of [
    post({ ...byPassword, username: 'canary' }),
    { method: 'GET', path: `${forgeRock}?${query}` },
  ]) {
    answers.push(await ask(app, request));
  }
}

/** Signs in after a wrong password, and redeems the code twice. */
async function signIn(): Promise<void> {
  const browser = new Authorizing(app);
  const sent = { realm: '/alpha' };
  const login = { form: 'login', username: 'demo' } as const;
  await browser.attempt({}, { ...sent, posted: { ...login, password: 'canary' } });
  await browser.attempt({}, { ...sent, posted: { ...login, username: 'canary', password } });
  const outcome = await browser.attempt({ state: 'canary' }, { ...sent, posted: { ...login, password } });
  const session = outcome.kind === 'signed_in' ? outcome.session : '';
  const code = await browser.code({ state: 'canary' }, { realm: '/alpha', session });
  signedIn.push(session, code);
  const form = { ...byCode, code, code_verifier: verifier };
  issued.push(await issue(form));
  answers.push(await ask(app, post(form)));
}

/** From now on the driver's errors quote what is looked for, as PostgreSQL does with what is no integer. */
async function damageDatabase(): Promise<void> {
  const database = app.nest.get(DataSource);
  await database.query('DROP TABLE consent');
  await database.query('ALTER TABLE resource_owner DROP COLUMN username CASCADE');
  await database.query('ALTER TABLE resource_owner ADD username integer NOT NULL DEFAULT 0');
  await database.query('DROP TABLE access_token');
}

async function issue(form: Record<string, string>): Promise<string> {
  const answer = await ask(app, post(form));
  return (JSON.parse(answer.body) as { access_token: string }).access_token;
}

function post(form: Record<string, string> | string, more: Partial<Ask> = {}): Ask {
  const headers = { 'content-type': formType, ...more.headers };
  return { path: token, body: new URLSearchParams(form).toString(), ...more, headers };
}

function tokenRequests(): Ask[] {
  return [
    post({ ...byClient, client_secret: 'canary' }),
    post({ ...byClient, client_id: 'canary' }),
    post({ ...byClient, grant_type: 'canary' }),
    post({ ...byCode, code: 'canary' }),
    post({ ...byCode, code: `syc_canary${'a'.repeat(48)}`, redirect_uri: 'canary', code_verifier: 'canary' }),
    post({ ...byClient, scope: 'canary' }),
    post({ ...byClient, scope: 'canary"' }),
    post({ ...byClient, canary: 'canary' }),
    post({ ...byPassword, username: 'canary' }),
    post({ ...byPassword, password: 'canary' }),
    post({ ...byPassword, password: 'canary'.repeat(1000) }),
    post({ ...byPassword, username: 'canary\0' }),
    post(`canary=${'canary'.repeat(10_000)}`),
    post('canary=%FFcanary'),
    post('grant_type=canary&grant_type=canary'),
    post(byClient, { path: `${token}?client_id=app&client_secret=${secret}` }),
    post(byClient, { path: `${token}?canary=canary` }),
    post(byClient, { path: '/oauth2/canary/access_token' }),
    post(byClient, { path: `${token}?realm=canary` }),
    post(byClient, { path: `${token}?realm=canary&realm=canary` }),
    post({ grant_type: 'password', username: 'demo', password }, { headers: { authorization } }),
    post(byClient, { headers: { authorization } }),
    post({ ...byClient, client_id: 'canary', client_secret: '' }, { headers: { authorization } }),
    post({ grant_type: 'canary' }, { headers: { authorization: [authorization, 'Basic canary'] } }),
    post({ grant_type: 'canary' }, { headers: { authorization: 'Basic canary' } }),
    post({ grant_type: 'canary' }, { headers: basic('canary\0:canary') }),
    post({ grant_type: 'canary' }, { headers: { authorization: `Bearer ${issued[0]}` } }),
    post(byClient, { headers: { 'content-type': 'text/canary' } }),
    post(byClient, { headers: { 'content-encoding': 'canary' } }),
    post(byClient, { method: 'PUT' }),
  ];
}

function tokenInfoRequests(): Ask[] {
  return [issued[0], issued[1], 'sya_canary', 'canary%00', '', ' canary'].flatMap((value) => {
    const form = { access_token: value };
    const query = new URLSearchParams(form).toString();
    return [
      post(form, { path: axway }),
      post(form, { path: `${axway}?canary` }),
      post(form, { path: forgeRock }),
      { method: 'GET', path: `${axway}?${query}` },
      { method: 'GET', path: `${axway}?${query}&${query}` },
      { method: 'GET', path: `${forgeRock}?${query}` },
      { method: 'GET', path: `${forgeRock}?${query}`, headers: { authorization: `Bearer ${value}` } },
      { method: 'GET', path: `/oauth2/canary/tokeninfo?${query}` },
      { method: 'GET', path: forgeRock, headers: { authorization: `Bearer ${value}` } },
      { method: 'GET', path: forgeRock, headers: { authorization: [`Bearer ${value}`, 'canary'] } },
    ];
  });
}

function strayRequests(): Ask[] {
  const headers = {
    host: 'canary',
    forwarded: 'host=canary',
    origin: 'http://canary',
    referer: `http://canary/?access_token=${issued[0]}`,
    'user-agent': 'canary',
    'x-correlation-id': 'canary',
    'x-forwarded-host': 'canary',
    'x-request-id': 'canary',
  };
  return [
    post(byClient, { headers }),
    { method: 'GET', path: `/canary/${issued[0]}?canary`, headers },
    { method: 'GET', path: `http://canary/${issued[0]}`, headers },
    { method: 'GET', path: '/%63anary%00', headers },
    { method: 'GET', path: '/healthz?canary', headers },
    { method: 'GET', path: '/readyz?canary', headers },
  ];
}

/** Goes in the middle of a request, and waits until the server has seen it. */
async function leaveEarly(): Promise<void> {
  const connection = await RawConnection.open(app);
  const received = new Promise<void>((resolve) => {
    app.server.once('request', (_request, response) => response.once('close', resolve));
  });
  await connection.send(`POST ${token}?canary HTTP/1.1\r\nHost: canary\r\nContent-Type: ${formType}\r\n`);
  await connection.send('Content-Length: 100\r\n\r\ncanary');
  connection.close();
  await received;
}

it('a run is long enough to tell', () => {
  const statuses = answers.map(({ status }) => status);
  expect([...new Set(statuses)].sort()).toEqual([200, 400, 401, 404, 405, 500]);
  expect(app.logged.length).toBeGreaterThan(answers.length);
  for (const value of issued) expect(value).toMatch(/^sya_/);
  expect(signedIn.map((value) => value.slice(0, 4))).toEqual(['sys_', 'syc_']);
});

it('RFC 9700 §2: no log holds a token, a secret, a password, or anything else that a caller sent', () => {
  for (const line of [...app.logged, ...printed.map(String)]) {
    expect(line).not.toMatch(/canary|%63anary|Y2FuYXJ5/i);
    for (const sent of [...issued, ...signedIn, verifier, authorization.slice('Basic '.length)])
      expect(line).not.toContain(sent);
  }
});

it('RFC 9700 §4.3.2: a log names the route, never the URL', () => {
  const lines = app.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
  const routes = lines.filter(({ msg }) => msg === 'request').map(({ route }) => route);
  // Probes that find the server well have no lines.
  const known = ['none', axway, forgeRock, '/oauth2/access_token'];
  expect([...new Set(routes)].sort()).toEqual(known.sort());
  expect([...new Set(lines.flatMap(Object.keys))].sort()).toEqual([
    ...['aborted', 'clientId', 'code', 'correlationId', 'detail', 'error', 'fault', 'frames', 'level'],
    ...['method', 'ms', 'msg', 'realm', 'route', 'status', 'time'],
  ]);
});

it('§5.2: nothing that a caller sent comes back in an answer', () => {
  for (const answer of answers) expect(JSON.stringify(answer)).not.toMatch(/canary/i);
});

it('§5.2: a fault of the server’s own is told in fixed words', () => {
  const [issuing, asking] = answers.slice(-2);
  expect(issuing.body).toBe(
    '{"error":"server_error","error_description":"The server met an unexpected condition."}',
  );
  expect(asking.body).toBe(
    '{"error_description":"The server met an unexpected condition.","error":"server_error"}',
  );
});

it('a correlation id is the server’s own', async () => {
  const response = await fetch(app.url, { headers: { 'x-correlation-id': 'canary' } });
  expect(response.headers.get('x-correlation-id')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  await response.text();
});
