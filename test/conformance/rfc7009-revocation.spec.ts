import { tokensInCassandra } from '../support/cassandra.js';
import { ask } from '../support/exchange.js';
import { type AppBehindWire, startBehindWire } from '../support/app-behind-wire.js';
import {
  basic,
  failedClient,
  formType,
  jsonHeaders,
  malformed,
  notFound,
  refusal,
  parameterInUrl,
} from '../support/token-endpoint.js';
import { ok } from '../support/tokeninfo.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { credentials, invalidRefreshToken, lifeConfiguration, TokenLife } from '../support/token-life.js';

const revoked = ok('{}');
const foreign = refusal('invalid_grant', 'The token was issued to another client.');
const notForm = refusal(
  'invalid_request',
  'The header Content-Type must be application/x-www-form-urlencoded.',
);
const missing = refusal('invalid_request', 'The parameter token is missing.');

const rootPaths = [
  '/oauth2/token/revoke',
  '/oauth2/revoke',
  '/am/oauth2/token/revoke',
  '/am/oauth2/revoke',
  '/oauth2/realms/root/token/revoke',
  '/oauth2/realms/root/revoke',
  '/am/oauth2/realms/root/revoke',
  '/oauth2/revoke?realm=/',
  '/api/oauth/revoke',
];
const alphaPaths = [
  '/oauth2/alpha/token/revoke',
  '/oauth2/alpha/revoke',
  '/oauth2/realms/alpha/token/revoke',
  '/oauth2/realms/root/realms/alpha/token/revoke',
  '/oauth2/realms/root/realms/alpha/revoke',
  '/am/oauth2/realms/root/realms/alpha/revoke',
  '/am/oauth2/alpha/revoke',
  '/oauth2/token/revoke?realm=/alpha',
  '/oauth2/revoke?realm=alpha',
];

let life: TokenLife;
beforeAll(async () => {
  life = await TokenLife.start();
});
afterAll(() => life.stop());

describe('revoking an access token', () => {
  it.each(rootPaths)('§2 ends it, at %s', async (path) => {
    const { access } = await life.login();
    expect(await life.post(path, { token: access, ...credentials('app') })).toEqual(revoked);
    expect(await life.live(access)).toEqual([false]);
  });

  it.each(alphaPaths)('§2 ends it in its realm, at %s', async (path) => {
    const { access } = await life.login('app', { realm: '/alpha' });
    expect(await life.post(path, { token: access, ...credentials('app') })).toEqual(revoked);
    expect(await life.live(access)).toEqual([false]);
  });

  it('§2.1 ends it alone', async () => {
    const first = await life.login();
    const next = await life.refreshed(first.refresh);
    expect(await life.revoke(next.access)).toEqual(revoked);
    expect(await life.live(first.access, next.access)).toEqual([true, false]);
    expect((await life.refresh(next.refresh)).status).toBe(200);
  });

  it('§2 is durable when it is acknowledged: another connection sees it', async () => {
    const { access } = await life.login();
    const revokedRows = async () => (await life.kept()).accessTokens.filter((row) => row.revoked).length;
    const before = await revokedRows();
    expect(await life.revoke(access)).toEqual(revoked);
    expect(await revokedRows()).toBe(before + 1);
  });

  it('§2 ends a token of a client that acts for itself', async () => {
    const form = { grant_type: 'client_credentials', ...credentials('app') };
    const { body } = await life.post('/oauth2/access_token', form);
    const { access_token: access } = JSON.parse(body) as { access_token: string };
    expect(await life.revoke(access)).toEqual(revoked);
    expect(await life.live(access)).toEqual([false]);
  });
});

describe('revoking a refresh token', () => {
  it.each(rootPaths)('§2.1 ends its family, access tokens included, at %s', async (path) => {
    const first = await life.login();
    const next = await life.refreshed(first.refresh);
    expect(await life.post(path, { token: next.refresh, ...credentials('app') })).toEqual(revoked);
    expect(await life.live(first.access, next.access)).toEqual([false, false]);
    expect(await life.refresh(next.refresh)).toEqual(invalidRefreshToken);
    expect(await life.refresh(first.refresh)).toEqual(invalidRefreshToken);
  });

  it.each(alphaPaths)('§2.1 ends its family in its realm, at %s', async (path) => {
    const { access, refresh } = await life.login('app', { realm: '/alpha' });
    expect(await life.post(path, { token: refresh, ...credentials('app') })).toEqual(revoked);
    expect(await life.live(access)).toEqual([false]);
    const form = { grant_type: 'refresh_token', refresh_token: refresh, ...credentials('app') };
    expect(await life.post('/oauth2/alpha/access_token', form)).toEqual(invalidRefreshToken);
  });

  it.each([0, 3_600_000])('§2.1 ends its family though it was used %i ms ago', async (ago) => {
    const first = await life.login();
    const next = await life.refreshed(first.refresh);
    life.app.clock.advance(ago);
    expect(await life.revoke(first.refresh)).toEqual(revoked);
    expect(await life.live(first.access, next.access)).toEqual([false, false]);
    expect(await life.refresh(next.refresh)).toEqual(invalidRefreshToken);
  });

  it('§2.1 ends its family though its own time is over', async () => {
    await life.app.apply(lifeConfiguration({ refresh_token_lifetime: 100 }));
    const first = await life.login();
    life.app.clock.advance(100_000);
    expect(await life.live(first.access)).toEqual([true]);
    expect(await life.revoke(first.refresh)).toEqual(revoked);
    expect(await life.live(first.access)).toEqual([false]);
    await life.app.apply(lifeConfiguration());
  });

  it('§2.1 leaves other families alone', async () => {
    const other = await life.login();
    const { refresh } = await life.login();
    await life.revoke(refresh);
    expect(await life.live(other.access)).toEqual([true]);
    expect((await life.refresh(other.refresh)).status).toBe(200);
  });
});

describe('the hint', () => {
  it.each(['access_token', 'refresh_token', '', 'nonsense', '__proto__'])(
    '§2.1 is no more than that: %j',
    async (token_type_hint) => {
      const first = await life.login();
      const second = await life.login();
      expect(await life.revoke(first.access, 'app', { token_type_hint })).toEqual(revoked);
      expect(await life.revoke(second.refresh, 'app', { token_type_hint })).toEqual(revoked);
      expect(await life.live(first.access, second.access)).toEqual([false, false]);
      expect(await life.refresh(second.refresh)).toEqual(invalidRefreshToken);
    },
  );
});

describe('what is revoked already', () => {
  it.each([
    ['an access token of our form', `sya_${'A'.repeat(54)}`],
    ['a refresh token of our form', `syr_${'A'.repeat(54)}`],
    ['garbage', "' or 1=1--"],
    ['garbage that is no ASCII', '€😀'],
    ['__proto__', '__proto__'],
    ['what is far too long', 'x'.repeat(40_000)],
  ])('§2.2 is as if it were revoked: %s', async (_what, token) => {
    expect(await life.unchangedBy(() => life.revoke(token))).toEqual({ ...revoked, changed: false });
  });

  it('§2.2 is a token that was revoked, and one of a revoked family', async () => {
    const { access, refresh } = await life.login();
    for (const token of [access, access, refresh, refresh, access]) {
      expect(await life.revoke(token)).toEqual(revoked);
    }
  });

  it('§2.2 is an expired token', async () => {
    const { access, refresh } = await life.login();
    life.app.clock.advance(2_592_000_000);
    expect(await life.revoke(access)).toEqual(revoked);
    expect(await life.revoke(refresh)).toEqual(revoked);
  });
});

describe('a refused revocation revokes nothing', () => {
  it.each<[string, string, string]>([
    ['an access token, another client', '/oauth2/revoke', 'other'],
    ['an access token, its client’s namesake in another realm', '/oauth2/alpha/revoke', 'app'],
  ])('§2.1 %s', async (_what, path, clientId) => {
    const { access, refresh } = await life.login();
    for (const token of [access, refresh]) {
      const answer = await life.unchangedBy(() => life.post(path, { token, ...credentials(clientId) }));
      expect(answer).toEqual({ ...foreign, changed: false });
    }
    expect(await life.live(access)).toEqual([true]);
    expect((await life.refresh(refresh)).status).toBe(200);
  });

  it('§2.1 another client’s used refresh token', async () => {
    const first = await life.login();
    await life.refreshed(first.refresh);
    const answer = await life.unchangedBy(() => life.revoke(first.refresh, 'other'));
    expect(answer).toEqual({ ...foreign, changed: false });
  });

  it.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
    ['no credentials', {}, {}],
    ['a wrong secret', { client_id: 'app', client_secret: 'wrong' }, {}],
    ['no secret', { client_id: 'app' }, {}],
    ['an unknown client', { client_id: 'nobody', client_secret: 'app-secret' }, {}],
    ['a wrong secret by HTTP Basic', {}, basic('app:wrong')],
    ['a token as credentials', {}, { authorization: 'Bearer token' }],
  ])('§2.1 failed client authentication: %s', async (_what, form, headers) => {
    const { access, refresh } = await life.login();
    for (const token of [access, refresh]) {
      const answer = await life.unchangedBy(() => life.post('/oauth2/revoke', { token, ...form }, headers));
      expect(answer).toEqual({ ...failedClient('/'), changed: false });
    }
  });

  it.each<[string, (token: string) => string | Buffer, Readonly<Record<string, string>>]>([
    ['the token twice', (token) => `token=${token}&token=${token}`, {}],
    ['the hint twice', (token) => `token=${token}&token_type_hint=a&token_type_hint=b`, {}],
    ['an array', (token) => `token=${token}&token[]=${token}`, {}],
    ['a NUL', (token) => `token=${token}%00`, {}],
    ['invalid UTF-8', (token) => `token=${token}&x=%FF`, {}],
  ])('§2.1 a malformed request: %s', async (_what, body, headers) => {
    const { access } = await life.login();
    const all = { ...basic('app:app-secret'), ...headers };
    const answer = await life.unchangedBy(() => life.post('/oauth2/token/revoke', body(access), all));
    expect(answer).toEqual({ ...malformed, changed: false });
  });

  it.each(['application/json', 'multipart/form-data', `${formType}, text/plain`])(
    '§2.1 a body of type %s',
    async (type) => {
      const { access } = await life.login();
      const headers = { ...basic('app:app-secret'), 'content-type': type };
      const answer = await life.unchangedBy(() => life.post('/oauth2/revoke', `token=${access}`, headers));
      expect(answer).toEqual({ ...notForm, changed: false });
    },
  );

  it.each(['token', 'token_type_hint', 'client_id', 'client_secret'])(
    '§2.1 %s in the query, where it would be logged on its way',
    async (name) => {
      const { access } = await life.login();
      const form = { token: access, ...credentials('app') };
      const answer = await life.unchangedBy(() => life.post(`/oauth2/revoke?${name}=${access}`, form));
      expect(answer).toEqual({ ...parameterInUrl, changed: false });
    },
  );

  it('§2.1 no token, or an empty one', async () => {
    expect(await life.post('/oauth2/revoke', credentials('app'))).toEqual(missing);
    expect(await life.revoke('')).toEqual(missing);
  });

  it('§2.1 of a client, before the token is missed', async () => {
    expect(await life.post('/oauth2/revoke', {})).toEqual(failedClient('/'));
  });

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])(
    '§2.1 by another method: %s',
    async (method) => {
      for (const path of ['/oauth2/token/revoke', '/oauth2/alpha/revoke', '/api/oauth/revoke']) {
        const answer = await ask(life.app, { method, path });
        expect(answer.status).toBe(405);
        expect(answer.headers).toEqual({ ...jsonHeaders, allow: 'POST' });
      }
    },
  );

  it.each(['/oauth2/nowhere/revoke', '/oauth2/realms/nowhere/token/revoke', '/oauth2/revoke?realm=/nowhere'])(
    '§2.1 in a realm that is not there: %s',
    async (path) => {
      const { access } = await life.login();
      const answer = await life.unchangedBy(() => life.post(path, { token: access, ...credentials('app') }));
      expect(answer).toEqual({ ...notFound('Realm not found'), changed: false });
    },
  );
});

describe('client authentication', () => {
  it('§2.1 is by HTTP Basic as well', async () => {
    const { access } = await life.login();
    const answer = await life.post('/oauth2/revoke', { token: access }, basic('app:app-secret'));
    expect(answer).toEqual(revoked);
    expect(await life.live(access)).toEqual([false]);
  });

  it('§2.1 takes a public client at its word', async () => {
    const login = { grant_type: 'password', username: 'ann', password: 'ann-password', client_id: 'public' };
    const { body } = await life.post('/oauth2/token', login);
    const { access_token: access } = JSON.parse(body) as { access_token: string };
    expect(await life.post('/oauth2/revoke', { token: access, client_id: 'public' })).toEqual(revoked);
    expect(await life.live(access)).toEqual([false]);
  });
});

// The wire is one to PostgreSQL.
(tokensInCassandra ? describe.skip : describe)('a store that is away', () => {
  const away = refusal('temporarily_unavailable', 'The server is temporarily unavailable.', {
    status: 503,
    headers: { 'retry-after': '2' },
  });
  let started: AppBehindWire;
  let cut: TokenLife;
  beforeAll(async () => {
    started = await startBehindWire({ configuration: lifeConfiguration(), hasher: new FastHasher() });
    cut = new TokenLife(started.app);
  });
  afterAll(() => started.stop());

  it.each(['refuse', 'hang'] as const)(
    '§2.2.1 (%s) is 503, and every token as alive as before',
    async (how) => {
      const { access, refresh } = await cut.login();
      const { refresh: used } = await cut.login();
      const next = await cut.refreshed(used);
      cut.app.clock.advance(20_000);
      await started.database[how]();
      const answers = await Promise.all([
        cut.revoke(access),
        cut.revoke(refresh),
        cut.refresh(refresh),
        cut.refresh(used), // It would end its family.
      ]);
      expect(answers).toEqual([away, away, away, away]);
      await started.database.restore();
      expect(await cut.live(access, next.access)).toEqual([true, true]);
      expect((await cut.refresh(refresh)).status).toBe(200);
      expect((await cut.refresh(next.refresh)).status).toBe(200);
    },
  );
});
