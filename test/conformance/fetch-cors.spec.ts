import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { client, configuration, publicClient } from '../support/configuration.js';
import { type Answer, ask } from '../support/exchange.js';
import { basic, formType } from '../support/token-endpoint.js';

const app1 = 'https://one.example.com';
const app2 = 'http://127.0.0.1:5173';
const off = 'https://off.example.com';
const alpha = 'https://alpha.example.com';
const metadata = '/.well-known/oauth-authorization-server';

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.start({
    hasher: new FastHasher(),
    configuration: configuration({
      '/': {
        clients: [
          publicClient({ client_id: 'one', origins: [app1] }),
          client({ client_id: 'two', origins: [app2, app1] }),
          client({ client_id: 'off', origins: [off], enabled: false }),
          client({ client_id: 'none' }),
        ],
        users: [{ username: 'ann', password: 'ann-password' }],
      },
      '/alpha': { clients: [client({ origins: [alpha] })] },
    }),
  });
});
afterAll(() => app.stop());

/** The headers of an answer that a browser looks at. */
function corsOf({ status, headers }: Answer): Record<string, unknown> {
  const names = Object.keys(headers).filter((name) => name.startsWith('access-control') || name === 'vary');
  return { status, ...Object.fromEntries(names.map((name) => [name, headers[name]])) };
}

const preflight = async (path: string, origin: string, method = 'POST') =>
  corsOf(
    await ask(app, {
      method: 'OPTIONS',
      path,
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization',
      },
    }),
  );

const allowing = (origin: string, methods: string) => ({
  status: 204,
  'access-control-allow-origin': origin,
  'access-control-allow-methods': methods,
  'access-control-allow-headers': 'Authorization, Content-Type',
  'access-control-max-age': '600',
  vary: 'Origin',
});

const posting = [
  '/oauth2/access_token',
  '/oauth2/token',
  '/api/oauth/token',
  '/oauth2/revoke',
  '/oauth2/token/revoke',
  '/api/oauth/revoke',
];

describe('a preflight', () => {
  it.each(posting)(
    'to %s is answered for every origin that an enabled client of the realm lists',
    async (path) => {
      for (const origin of [app1, app2])
        expect(await preflight(path, origin)).toEqual(allowing(origin, 'POST'));
      for (const origin of [off, alpha, 'https://evil.example.com', 'null', `${app1}:443`, `${app1}/`, '*']) {
        expect(await preflight(path, origin)).toEqual({ status: 405 });
      }
    },
  );

  it('is answered for the realm that it names', async () => {
    for (const path of [
      '/oauth2/alpha/access_token',
      '/am/oauth2/realms/root/realms/alpha/revoke',
      '/oauth2/token?realm=/alpha',
    ]) {
      expect(await preflight(path, alpha)).toEqual(allowing(alpha, 'POST'));
      expect(await preflight(path, app1)).toEqual({ status: 405 });
    }
  });

  it('to the metadata is answered as well', async () => {
    expect(await preflight(metadata, app1, 'GET')).toEqual(allowing(app1, 'GET, HEAD'));
    expect(await preflight(`${metadata}/oauth2/realms/root/realms/alpha`, alpha, 'GET')).toEqual(
      allowing(alpha, 'GET, HEAD'),
    );
    expect(await preflight(metadata, alpha, 'GET')).toEqual({ status: 405 });
  });

  it.each([
    '/oauth2/introspect',
    '/oauth2/tokeninfo',
    '/api/oauth/tokeninfo',
    '/oauth2/authorize',
    '/api/oauth/authorize',
    '/oauth2/logout',
    '/healthz',
  ])('to %s is refused', async (path) => {
    expect(await preflight(path, app1)).toEqual({ status: 405 });
  });

  it('is one only with the method that it asks for', async () => {
    const answer = await ask(app, { method: 'OPTIONS', path: '/oauth2/token', headers: { origin: app1 } });
    expect(corsOf(answer)).toEqual({ status: 405 });
  });

  it('has no body, and no length of one (RFC 9110 §8.6)', async () => {
    const response = await fetch(`${app.url}/oauth2/token`, {
      method: 'OPTIONS',
      headers: { origin: app1, 'access-control-request-method': 'POST' },
    });
    expect([await response.text(), response.headers.get('content-length')]).toEqual(['', null]);
  });
});

describe('the answer itself', () => {
  const byPassword = { grant_type: 'password', username: 'ann', password: 'ann-password' };
  const post = async (path: string, origin: string, form: Record<string, string>, headers = {}) =>
    corsOf(
      await ask(app, {
        path,
        headers: { 'content-type': formType, origin, ...headers },
        body: new URLSearchParams(form).toString(),
      }),
    );
  const readable = (status: number, origin: string) => ({
    status,
    'access-control-allow-origin': origin,
    vary: 'Origin',
  });
  const unreadable = (status: number) => ({ status, vary: 'Origin' });

  it('can be read by the client’s own pages alone, be it a refusal', async () => {
    const one = { ...byPassword, client_id: 'one' };
    expect(await post('/oauth2/token', app1, one)).toEqual(readable(200, app1));
    expect(await post('/oauth2/token', app1, { ...one, password: 'wrong' })).toEqual(readable(400, app1));
    // Another client of the realm lists it.
    expect(await post('/oauth2/token', app2, one)).toEqual(unreadable(200));
    expect(await post('/oauth2/token', 'https://evil.example.com', one)).toEqual(unreadable(200));
    expect(await post('/oauth2/token', 'null', one)).toEqual(unreadable(200));
  });

  it('can be read where the client is named in the header', async () => {
    const headers = basic('two:app-secret');
    const form = { grant_type: 'client_credentials' };
    expect(await post('/api/oauth/token', app2, form, headers)).toEqual(readable(200, app2));
    expect(await post('/oauth2/access_token', app2, form, basic('two:wrong'))).toEqual(readable(401, app2));
    expect(await post('/oauth2/access_token', app2, form, basic('none:app-secret'))).toEqual(unreadable(200));
    expect(await post('/oauth2/access_token', app2, form, { authorization: 'Basic !' })).toEqual(
      unreadable(401),
    );
  });

  it('can be read at revocation', async () => {
    const form = { token: 'sya_x', client_id: 'one' };
    expect(await post('/oauth2/revoke', app1, form)).toEqual(readable(200, app1));
    expect(await post('/api/oauth/revoke', app2, form)).toEqual(unreadable(200));
  });

  it('of a disabled client cannot be read', async () => {
    const form = { grant_type: 'client_credentials', client_id: 'off', client_secret: 'app-secret' };
    expect(await post('/oauth2/token', off, form)).toEqual(unreadable(401));
  });

  it.each(['/oauth2/introspect', '/api/oauth/tokeninfo'])('of %s cannot be read', async (path) => {
    const form = { token: 'x', access_token: 'x', client_id: 'two', client_secret: 'app-secret' };
    expect(await post(path, app1, form)).not.toHaveProperty('access-control-allow-origin');
  });

  it('of the metadata can be read by every page that a client of the realm lists', async () => {
    const get = async (path: string, origin: string) =>
      corsOf(await ask(app, { method: 'GET', path, headers: { origin } }));
    for (const origin of [app1, app2]) expect(await get(metadata, origin)).toEqual(readable(200, origin));
    for (const origin of [off, alpha]) expect(await get(metadata, origin)).toEqual(unreadable(200));
    expect(await get(`${metadata}/oauth2/realms/root/realms/alpha`, alpha)).toEqual(readable(200, alpha));
  });

  it('to a request without an origin says nothing of origins', async () => {
    const form = { grant_type: 'client_credentials', client_id: 'two', client_secret: 'app-secret' };
    const answer = await ask(app, {
      path: '/oauth2/token',
      headers: { 'content-type': formType },
      body: new URLSearchParams(form).toString(),
    });
    expect(corsOf(answer)).toEqual({ status: 200 });
  });

  it('never allows credentials', async () => {
    const allowed = await preflight('/oauth2/token', app1);
    expect(allowed).not.toHaveProperty('access-control-allow-credentials');
  });
});
