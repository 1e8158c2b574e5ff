import { DataSource } from 'typeorm';
import { TrafficCounter } from '../../src/monitoring/traffic-counter.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { ask } from '../support/exchange.js';
import { FastPathAndControllers, type Way } from '../support/fast-path-and-controllers.js';
import { RandomRequests } from '../support/plain-requests.js';
import { presentedTokens, subjects } from '../support/presented-tokens.js';
import { Random } from '../support/random.js';
import { basic } from '../support/token-endpoint.js';
import { TokenLife } from '../support/token-life.js';
import { axwayPath, forgeRockPath, ofClient, storeToken } from '../support/tokeninfo.js';
import { short, storedTraffic } from './stored.js';
import { total } from './traffic.js';

let app: TestApp;
let life: TokenLife;

beforeAll(async () => {
  life = await TokenLife.start();
  ({ app } = life);
  await storeToken(app, 'of-ann');
  await storeToken(app, 'of-alpha', { realm: '/alpha', ...ofClient });
  await storeToken(app, 'expired', { expiresAt: app.clock.now() });
});
beforeEach(async () => {
  app.nest.get(TrafficCounter).take();
  await app.nest.get(DataSource).query('TRUNCATE traffic');
});
afterAll(() => app.stop());

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  ask(app, { method, path, headers });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

it("counts requests to Axway's token information", async () => {
  await get(`${axwayPath}?access_token=of-ann`);
  await get(`${axwayPath}?access_token=of-ann&x=%20`);
  await get(`${axwayPath}?access_token=of-alpha`);
  await get(`${axwayPath}?access_token=expired`);
  await get(axwayPath);
  await life.post(axwayPath, { access_token: 'of-ann' });
  await life.post(axwayPath, { access_token: 'unknown' });
  await get(axwayPath, {}, 'DELETE');
  expect(short(await storedTraffic(app))).toEqual([
    '/api/oauth/tokeninfo | DELETE | - | - | 0 | 1 | 0',
    '/api/oauth/tokeninfo | GET query | - | - | 0 | 2 | 0',
    '/api/oauth/tokeninfo | GET query | / | ann | 2 | 0 | 0',
    '/api/oauth/tokeninfo | GET query | /alpha | app | 1 | 0 | 0',
    '/api/oauth/tokeninfo | POST form | - | - | 0 | 1 | 0',
    '/api/oauth/tokeninfo | POST form | / | ann | 1 | 0 | 0',
  ]);
});

it("counts requests to ForgeRock's token information", async () => {
  await get(forgeRockPath, bearer('of-ann'));
  await get(`/am${forgeRockPath}?access_token=of-ann`);
  await get('/oauth2/alpha/tokeninfo', bearer('of-alpha'));
  await get('/oauth2/alpha/tokeninfo', bearer('of-ann'));
  await get(`${forgeRockPath}?access_token=of-ann`, bearer('of-ann'));
  await get('/oauth2/nowhere/tokeninfo', bearer('of-ann'));
  await get(forgeRockPath, {}, 'PROPFIND');
  expect(short(await storedTraffic(app))).toEqual([
    '/oauth2/tokeninfo | GET header | - | - | 0 | 1 | 0',
    '/oauth2/tokeninfo | GET header | / | ann | 1 | 0 | 0',
    '/oauth2/tokeninfo | GET header | /alpha | - | 0 | 1 | 0',
    '/oauth2/tokeninfo | GET header | /alpha | app | 1 | 0 | 0',
    '/oauth2/tokeninfo | GET query | / | ann | 1 | 0 | 0',
    '/oauth2/tokeninfo | other | - | - | 0 | 1 | 0',
  ]);
});

it('counts requests for tokens by their grant, and those to introspect and revoke them', async () => {
  const { access, refresh } = await life.login();
  await life.refreshed(refresh);
  const app = { client_id: 'app', client_secret: 'app-secret' };
  await life.post('/api/oauth/token', { grant_type: 'client_credentials', ...app });
  await life.post('/oauth2/alpha/token', { grant_type: 'client_credentials' }, basic('app:wrong'));
  await life.post('/oauth2/token', { grant_type: 'urn:x', ...app });
  await life.post('/oauth2/introspect', { token: access, ...app });
  await life.post('/oauth2/introspect', { token: 'unknown', ...app });
  await life.revoke(access);
  await life.post('/api/oauth/revoke', { token: access, client_id: 'nobody' });
  expect(short(await storedTraffic(life.app))).toEqual([
    '/api/oauth/revoke | POST | / | - | 0 | 1 | 0',
    '/api/oauth/token | client_credentials | / | app | 1 | 0 | 0',
    '/oauth2/access_token | password | / | app | 1 | 0 | 0',
    '/oauth2/access_token | refresh_token | / | app | 1 | 0 | 0',
    '/oauth2/introspect | POST | / | app | 2 | 0 | 0',
    '/oauth2/token | client_credentials | /alpha | - | 0 | 1 | 0',
    '/oauth2/token | other | / | app | 0 | 1 | 0',
    '/oauth2/token/revoke | POST | / | app | 1 | 0 | 0',
  ]);
});

it('counts neither health checks nor metadata, nor what is not there', async () => {
  const paths = ['/healthz', '/readyz', '/.well-known/oauth-authorization-server', '/', '/nowhere'];
  for (const path of paths) await get(path);
  await get('/healthz', {}, 'DELETE');
  await get('/.well-known/oauth-authorization-server/oauth2/alpha', {}, 'DELETE');
  expect(await storedTraffic(app)).toEqual([]);
});

it('has room for every service: there are fewer routes than a bucket keeps rows for', async () => {
  const { router } = app.nest.getHttpAdapter().getInstance() as {
    router: { stack: readonly { readonly route?: { readonly path: string } }[] };
  };
  const routes = new Set(router.stack.flatMap(({ route }) => route?.path ?? []));
  expect(routes).toContain(axwayPath);
  expect(routes.size).toBeLessThan(20);
});

it('counts the same on the fast path as in the controllers', async () => {
  const other = await TestApp.start({
    configuration: subjects,
    hasher: new FastHasher(),
    settings: {
      ACCESS_LOG: 'all',
      MONITORING_COMPOSITE: 'Axway',
      MONITORING_CLIENT: 'http.headers["X-Token"]',
    },
  });
  try {
    const requests = new RandomRequests(new Random(4), await presentedTokens(other));
    const exchanges = requests.exchanges(1500);
    const ways = new FastPathAndControllers(other);
    const counter = other.nest.get(TrafficCounter);
    const counted = async (way: Way) => {
      const { taken, passedOn } = await ways.pass(way, exchanges);
      return { taken: taken.length, passedOn, rows: counter.take() };
    };
    const fastPath = await counted('fast path');
    const controllers = await counted('controllers');
    expect(short(fastPath.rows)).toEqual(short(controllers.rows));
    expect(fastPath.taken).toBeGreaterThan(300);
    expect(controllers.taken).toBe(0);
    expect(total(fastPath.rows)).toBeGreaterThan(1000);
  } finally {
    await other.stop();
  }
});

it('counts the pages of the authorization endpoint and of the sign-out, and what they are answered with', async () => {
  const request = new URLSearchParams({ client_id: 'app', response_type: 'code' }).toString();
  await get('/oauth2/authorize?client_id=unknown');
  await get(`/oauth2/alpha/authorize?${request}`);
  await get(`/api/oauth/authorize?${request}`);
  await get('/oauth2/authorize', {}, 'DELETE');
  await life.post('/oauth2/authorize', { client_id: 'app' });
  await get('/oauth2/logout');
  expect(short(await storedTraffic(app))).toEqual([
    '/api/oauth/authorize | GET | / | app | 1 | 0 | 0',
    '/oauth2/authorize | DELETE | - | - | 0 | 1 | 0',
    '/oauth2/authorize | GET | / | - | 0 | 1 | 0',
    '/oauth2/authorize | GET | /alpha | app | 1 | 0 | 0',
    '/oauth2/authorize | POST | / | - | 1 | 0 | 0',
    '/oauth2/logout | GET | / | - | 1 | 0 | 0',
  ]);
});
