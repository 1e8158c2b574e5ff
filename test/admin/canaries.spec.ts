import { jest } from '@jest/globals';
import { AuditLog } from '../../src/domain/audit.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { adminConfiguration, type AdminTestApp } from '../support/admin.js';
import { TestApp } from '../support/app.js';
import { type Answer, type Ask, askRaw } from '../support/exchange.js';
import { TokenLife } from '../support/token-life.js';

// All that a caller sends and is not a name of the registry has this word in it.
const canary = 'canary-secret';

let app: TestApp;
let admin: AdminTestApp;
let printed: string;
let recorded: string;
/** Values of tokens: of those that callers sent, and of those that they asked about. */
const secrets: string[] = [];
const answers: Answer[] = [];

beforeAll(async () => {
  const outputs = [jest.spyOn(process.stdout, 'write'), jest.spyOn(process.stderr, 'write')];
  app = await TestApp.start({
    configuration: adminConfiguration(),
    hasher: new FastHasher(),
    settings: { ACCESS_LOG: 'all', LOG_LEVEL: 'trace' },
  });
  admin = await app.admin();
  const { access, refresh } = await new TokenLife(app).login('read', { realm: '/alpha', scope: 'other' });
  const tokens = [
    await admin.token(),
    await admin.token({ clientId: 'write', scope: ['admin'] }),
    await admin.token({ clientId: 'none' }),
    'sya_canary',
    canary,
    access,
  ];
  secrets.push(...tokens, refresh);
  for (const request of requests(access, refresh)) {
    for (const token of tokens) answers.push(await admin.ask(token, request));
    answers.push(await admin.ask(undefined, request));
  }
  answers.push(await askRaw(admin, 'canary /canary\r\n\r\n'));
  printed = outputs.flatMap(({ mock }) => mock.calls.map(String)).join('\n');
  recorded = JSON.stringify(await app.nest.get(AuditLog).list({ within: '/', limit: 200 }));
});
afterAll(async () => {
  jest.restoreAllMocks();
  await app.stop();
});

function requests(access: string, refresh: string): Ask[] {
  const get = (path: string, headers: Ask['headers'] = {}): Ask => ({ method: 'GET', path, headers });
  const explain = (body: string, type = 'application/json'): Ask => ({
    path: '/admin/v1/tokens/explain?',
    body,
    headers: { 'content-type': type },
  });
  return [
    get('/'),
    get('/metrics'),
    get(`/${canary}?access_token=${access}`),
    get('/admin/v1/monitoring?by=canary'),
    get('/admin/v1/monitoring?canary=canary'),
    get('/admin/v1/monitoring/series?window=canary'),
    get('/admin/v1/refusals?cursor=canary'),
    get('/admin/v1/refusals?realm=/canary'),
    get('/admin/v1/refusals?client=canary&client=canary'),
    get(`/admin/v1/refusals/${canary}`),
    get('/admin/v1/refusals/%ffcanary'),
    get('/admin/v1/audit?name=canary%00'),
    get('/admin/v1/nodes', { origin: 'http://canary', host: 'canary', referer: 'http://canary' }),
    get('/admin/v1/nodes', { 'x-request-id': 'canary', cookie: 'canary=canary', 'user-agent': 'canary' }),
    { method: 'DELETE', path: '/admin/v1/audit' },
    ...[access, refresh, canary, 'sya_canary'].map((token) => explain(JSON.stringify({ token }))),
    explain(JSON.stringify({ token: access, client_id: 'canary' })),
    explain(JSON.stringify({ token: access, canary: 'canary' })),
    explain('{"canary'),
    explain(`token=${access}`, 'text/canary'),
    ...changes(access),
  ];
}

/** Requests that change something, or would: with secrets, and with names that are none of ours. */
function changes(access: string): Ask[] {
  const json = { 'content-type': 'application/json', 'if-match': '*' };
  const send = (method: string, path: string, body: object): Ask => ({
    method,
    path: `/admin/v1/${path}`,
    body: JSON.stringify(body),
    headers: json,
  });
  return [
    send('POST', 'clients', { client_id: 'own', client_secret: `${canary}-of-a-client` }),
    send('POST', 'clients', { client_id: 'read', client_secret: canary }),
    send('POST', 'clients', { client_id: 'other', client_secret_hash: canary }),
    send('POST', 'users', {
      username: 'own',
      password: `${canary}-of-a-user`,
      attributes: { key: 'shown' },
    }),
    send('PUT', 'users/own/password', { password: `${canary}-of-a-user-2` }),
    send('PUT', 'users/ann/password', { password: canary, canary }),
    send('PATCH', 'clients/read', { client_secret: canary }),
    send('PATCH', 'clients/read', { canary, attributes: { [canary]: { canary } } }),
    send('PATCH', `clients/${canary}`, {}),
    send('PATCH', 'clients/own', { additional_information: { key: 'shown' } }),
    send('POST', 'tokens/revoke', { token: canary }),
    send('POST', 'tokens/revoke', { family: canary }),
    send('POST', 'tokens/revoke', { token: access }),
    { method: 'GET', path: `/admin/v1/search?q=${canary}` },
    { method: 'GET', path: `/admin/v1/tokens?username=${canary}` },
    { method: 'GET', path: `/admin/v1/clients?prefix=${canary}` },
    { method: 'DELETE', path: `/admin/v1/users/${canary}`, headers: { 'if-match': canary } },
    { method: 'GET', path: '/admin/v1/clients/none' },
  ];
}

it('a run is long enough to tell', () => {
  expect([...new Set(answers.map(({ status }) => status))].sort()).toEqual([
    200, 201, 400, 401, 403, 404, 405, 409, 415,
  ]);
  expect(app.logged.length).toBeGreaterThanOrEqual(answers.length);
  expect(recorded).toContain('access.denied');
});

it.each([
  ['answer', () => JSON.stringify(answers)],
  ['log', () => app.logged.join('') + printed],
  ['audit event', () => recorded],
])('no %s has a token, a secret, or anything else that a caller sent', (_, texts) => {
  const text = texts();
  expect(text).not.toMatch(/canary/i);
  for (const secret of secrets) expect(text).not.toContain(secret);
  expect(text).not.toMatch(/app-secret|ann-password/);
});

it('the log names routes, never URLs', () => {
  const lines = app.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
  const routes = lines.filter(({ msg }) => msg === 'request').map(({ route }) => route);
  expect([...new Set(routes)].sort()).toEqual([
    ...['/', '/admin/v1/audit', '/admin/v1/clients', '/admin/v1/clients/:id'],
    ...['/admin/v1/monitoring', '/admin/v1/monitoring/series', '/admin/v1/nodes'],
    ...['/admin/v1/refusals', '/admin/v1/refusals/:id', '/admin/v1/search', '/admin/v1/tokens'],
    ...['/admin/v1/tokens/explain', '/admin/v1/tokens/revoke', '/admin/v1/users', '/admin/v1/users/:name'],
    ...['/admin/v1/users/:name/password', '/metrics', '/oauth2/access_token', 'none'],
  ]);
});
