import { AccessTokenStore } from '../../src/domain/access-token.js';
import { NodeRoster } from '../../src/domain/roster.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { client, configuration } from '../support/configuration.js';
import { onServer } from '../support/database.js';
import { type Answer, ask } from '../support/exchange.js';
import { postForm } from '../support/token-endpoint.js';
import { axwayPath, forgeRockPath, ofClient, storeToken } from '../support/tokeninfo.js';
import { short, storedTraffic } from './stored.js';

const users = [{ username: 'ann', password: 'ann-password' }];
const configured = configuration({
  '/': {
    users,
    clients: [client({ client_name: 'The app', application: 'Sample' }), client({ client_id: 'plain' })],
  },
});

let app: TestApp;
afterEach(() => app.stop());

async function start(settings: Readonly<Record<string, string>> = {}): Promise<void> {
  app = await TestApp.start({ configuration: configured, hasher: new FastHasher(), settings });
}

/** Asks both flavours for tokens of ann and of each client, with these headers and this part of the query. */
async function askForTokens(headers: Record<string, string> = {}, query = ''): Promise<Answer[]> {
  await storeToken(app, 'of-ann');
  await storeToken(app, 'of-app', ofClient);
  await storeToken(app, 'of-plain', { ...ofClient, clientId: 'plain' });
  const answers: Answer[] = [];
  for (const token of ['of-ann', 'of-app', 'of-plain', 'unknown']) {
    for (const path of [axwayPath, forgeRockPath]) {
      answers.push(await ask(app, { method: 'GET', path: `${path}?access_token=${token}${query}`, headers }));
    }
  }
  return answers;
}

/** The clients of tokeninfo's messages, with the number of messages. */
async function clients(): Promise<Record<string, number>> {
  const groups = await storedTraffic(app, { by: ['client'] });
  return Object.fromEntries(groups.map(({ client: name, messages }) => [name, messages]));
}

describe('MONITORING_CLIENT', () => {
  it.each<[string, Record<string, number>]>([
    ['authentication.subject.id', { ann: 2, app: 2, plain: 2, '': 2 }],
    ['authentication.application.id', { Sample: 4, plain: 2, '': 2 }],
    ['http.headers["X-App"]', { billing: 6, '': 2 }],
    ['oauth.client.details.getName()', { 'The app': 4, plain: 2, '': 2 }],
    ['http.headers["X-Other"]', { '': 8 }],
  ])('%s', async (MONITORING_CLIENT, counted) => {
    await start({ MONITORING_CLIENT });
    await askForTokens({ 'x-app': 'billing' });
    expect(await clients()).toEqual(counted);
  });

  it('a selector that cannot be evaluated counts for nobody, and the answers are as without it', async () => {
    await start({ MONITORING_CLIENT: 'http.client.getCgiArgument("name")' });
    const once = await askForTokens({}, '&name=a');
    expect(await clients()).toEqual({ a: 6, '': 2 });
    const twice = await askForTokens({}, '&name=a&name=b');
    expect(twice).toEqual(once);
    expect(await clients()).toEqual({ a: 6, '': 10 });
  });

  it('tells requests that are not about an active token apart by their own client', async () => {
    await start({ MONITORING_CLIENT: 'http.headers["X-App"]' });
    const form = { grant_type: 'client_credentials', client_id: 'app', client_secret: 'app-secret' };
    await postForm(app, '/oauth2/token', form);
    expect(await clients()).toEqual({ app: 1 });
  });
});

it('MONITORING_COMPOSITE counts the messages of all Axway services once more', async () => {
  await start({ MONITORING_COMPOSITE: 'OAuth services' });
  await storeToken(app, 'of-ann');
  await ask(app, { method: 'GET', path: `${axwayPath}?access_token=of-ann` });
  await ask(app, { method: 'GET', path: `${forgeRockPath}?access_token=of-ann` });
  const credentials = { client_id: 'app', client_secret: 'app-secret' };
  await postForm(app, '/api/oauth/token', { grant_type: 'client_credentials', ...credentials });
  await postForm(app, '/api/oauth/revoke', { token: 'x' });
  await postForm(app, '/oauth2/revoke', { token: 'x' });
  expect(short(await storedTraffic(app, { filters: { service: 'OAuth services' } }))).toEqual([
    'OAuth services | GET query | / | ann | 1 | 0 | 0',
    'OAuth services | POST | / | - | 0 | 1 | 0',
    'OAuth services | client_credentials | / | app | 1 | 0 | 0',
  ]);
  expect(await storedTraffic(app, { by: [] })).toMatchObject([{ messages: 5 + 3 }]);
});

it('MONITORING=services counts no clients', async () => {
  await start({ MONITORING: 'services', MONITORING_CLIENT: 'http.headers["X-App"]' });
  await askForTokens({ 'x-app': 'billing' });
  expect(await clients()).toEqual({ '': 8 });
});

it('MONITORING=off counts nothing, but reports the node', async () => {
  await start({ MONITORING: 'off' });
  await askForTokens();
  expect(await storedTraffic(app)).toEqual([]);
  expect(await app.nest.get(NodeRoster).list(app.clock.now())).toMatchObject([
    { pid: process.pid, hears: true },
  ]);
});

// Tokens in memory go with the embedded database alone.
(onServer ? it.skip : it)(
  'TOKEN_STORE=memory: traffic and nodes are in the database all the same',
  async () => {
    await start({ TOKEN_STORE: 'memory' });
    const credentials = { client_id: 'app', client_secret: 'app-secret' };
    const { body } = await postForm(app, '/oauth2/token', {
      grant_type: 'client_credentials',
      ...credentials,
    });
    const { access_token: token } = JSON.parse(body) as { access_token: string };
    await ask(app, { method: 'GET', path: forgeRockPath, headers: { authorization: `Bearer ${token}` } });
    expect(app.nest.get(AccessTokenStore).constructor.name).toMatch(/Memory/);
    expect(short(await storedTraffic(app))).toEqual([
      '/oauth2/token | client_credentials | / | app | 1 | 0 | 0',
      '/oauth2/tokeninfo | GET header | / | app | 1 | 0 | 0',
    ]);
    expect(await app.nest.get(NodeRoster).list(app.clock.now())).toHaveLength(1);
  },
);
