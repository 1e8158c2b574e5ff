import { appCredentials } from '../support/configuration.js';
import { type Answer, type Ask, ask } from '../support/exchange.js';
import { type AppBehindWire, startBehindWire } from '../support/app-behind-wire.js';
import { formType, jsonHeaders, refusal } from '../support/token-endpoint.js';
import { axwayPath, forgeRockPath, forgeRockRefusal, storeToken, twoRealms } from '../support/tokeninfo.js';

const token = 'sya_canary-of-a-presented-token';
const description = 'The server is temporarily unavailable.';
const retry = { 'retry-after': '2' };
const oauthAway = refusal('temporarily_unavailable', description, { status: 503, headers: retry });
const forgeRockAway = forgeRockRefusal(503, 'temporarily_unavailable', description, retry);
const notReady: Answer = { status: 503, headers: jsonHeaders, body: '{"status":"unavailable"}' };
const alive: Answer = { status: 200, headers: jsonHeaders, body: '{"status":"ok"}' };

const get = (path: string, headers: Ask['headers'] = {}): Ask => ({ method: 'GET', path, headers });
const post = (path: string, form: Readonly<Record<string, string>>): Ask => ({
  method: 'POST',
  path,
  headers: { 'content-type': formType },
  body: new URLSearchParams(form).toString(),
});

const clientGrant = { grant_type: 'client_credentials', ...appCredentials };
const passwordGrant = {
  grant_type: 'password',
  username: 'ann',
  password: 'ann-password',
  ...appCredentials,
};
const wellKnown = '/.well-known/oauth-authorization-server';
const bearer = { authorization: `Bearer ${token}` };

/** Every endpoint, and its answer while the database is unavailable. */
const endpoints: readonly (readonly [what: string, request: Ask, away: Answer])[] = [
  ['access_token', post('/oauth2/access_token', clientGrant), oauthAway],
  [
    'access_token of a realm',
    post('/am/oauth2/realms/root/realms/alpha/access_token', passwordGrant),
    oauthAway,
  ],
  ['token', post('/oauth2/token', clientGrant), oauthAway],
  ['Axway’s token', post('/api/oauth/token', passwordGrant), oauthAway],
  ['Axway’s tokeninfo, GET', get(`${axwayPath}?access_token=${token}`), oauthAway],
  ['Axway’s tokeninfo, POST', post(axwayPath, { access_token: token }), oauthAway],
  ['ForgeRock’s tokeninfo', get(forgeRockPath, bearer), forgeRockAway],
  ['ForgeRock’s tokeninfo of a realm', get(`${forgeRockPath}?realm=/&access_token=${token}`), forgeRockAway],
  ['introspect', post('/oauth2/introspect', { token, ...appCredentials }), oauthAway],
  ['revoke', post('/oauth2/revoke', { token: `${token}-2`, ...appCredentials }), oauthAway],
  ['Axway’s revoke', post('/api/oauth/revoke', { token: `${token}-2`, ...appCredentials }), oauthAway],
  ['metadata', get(wellKnown), oauthAway],
  ['metadata of a realm', get(`${wellKnown}/oauth2/realms/root/realms/alpha`), oauthAway],
  ['readyz', get('/readyz'), notReady],
  ['healthz', get('/healthz'), alive],
];

describe('an unavailable database', () => {
  let started: AppBehindWire;
  beforeAll(async () => {
    started = await startBehindWire({ configuration: twoRealms, settings: { CACHE_ENTRIES: '0' } });
    await storeToken(started.app, token);
  });
  afterAll(() => started.stop());

  /** Asks a second after the last request, so that `/readyz` has a new answer. */
  const askAnew = (request: Ask) => {
    started.app.clock.advance(1_000);
    return ask(started.app, request);
  };
  const askAll = () =>
    Promise.all(endpoints.map(async ([what, request]) => ({ what, answer: await askAnew(request) })));
  const expected = endpoints.map(([what, , answer]) => ({ what, answer }));
  const statuses = async () => (await askAll()).map(({ what, answer }) => `${what}: ${answer.status}`);
  const succeeding = endpoints.map(([what]) => `${what}: 200`);

  it('is needed by every endpoint but healthz', async () => {
    expect(await statuses()).toEqual(succeeding);
  });

  it.each(['refuse', 'hang'] as const)(
    '(%s) causes 503 in each flavour’s shape, and 200 for healthz',
    async (how) => {
      await started.database[how]();
      expect(await askAll()).toEqual(expected);
      await started.database.restore();
      expect(await statuses()).toEqual(succeeding);
    },
  );

  it.each(endpoints)(
    'lets the next request to %s succeed when it is available again',
    async (_what, request, away) => {
      await started.database.refuse();
      expect(await askAnew(request)).toEqual(away);
      await started.database.restore();
      expect((await askAnew(request)).status).toBe(200);
    },
  );

  it('is logged without anything that a caller sent', () => {
    const log = started.app.logged.join('');
    expect(log).toContain('store unavailable');
    for (const secret of [token, 'app-secret', 'ann-password', 'access_token=']) {
      expect(log).not.toContain(secret);
    }
  });
});
