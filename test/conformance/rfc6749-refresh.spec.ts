import { AccessTokenStore, hashToken } from '../../src/domain/access-token.js';
import { jsonHeaders, malformed, refusal, parameterInUrl } from '../support/token-endpoint.js';
import { askForgeRock } from '../support/tokeninfo.js';
import {
  credentials,
  invalidRefreshToken,
  lifeConfiguration,
  pairOf,
  TokenLife,
} from '../support/token-life.js';

const invalidScope = refusal('invalid_scope', 'The scope is not within the scope that was granted.');
const access = 'sya_[A-Za-z0-9_-]{54}';
const refresh = 'syr_[A-Za-z0-9_-]{54}';

let life: TokenLife;
beforeAll(async () => {
  life = await TokenLife.start();
});
afterAll(() => life.stop());

/** What is kept of an access token. */
const stored = (token: string) => life.app.nest.get(AccessTokenStore).find(hashToken(token));

/** A successful answer's body: with another refresh token or without. */
function granted(scope: string, { rotated = true } = {}): unknown {
  const next = rotated ? `"refresh_token":"${refresh}",` : '';
  const rest = `"scope":"${scope}","token_type":"Bearer","expires_in":3600`;
  const body: unknown = expect.stringMatching(
    new RegExp(`^\\{"access_token":"${access}",${next}${rest}\\}$`),
  );
  return { status: 200, headers: jsonHeaders, body };
}

describe('refresh tokens', () => {
  it('§1.5 come with an access token for a resource owner, to clients that may use them', async () => {
    const form = { grant_type: 'password', username: 'ann', password: 'ann-password' };
    const ask = (clientId: string) =>
      life.post('/oauth2/access_token', { ...form, ...credentials(clientId) });
    expect(await ask('app')).toEqual(granted('read'));
    expect(await ask('no-refresh')).toEqual(granted('read', { rotated: false }));
  });

  it('§4.4.3 do not come to a client that acts for itself', async () => {
    const form = { grant_type: 'client_credentials', ...credentials('app') };
    expect(await life.post('/oauth2/access_token', form)).toEqual(granted('read', { rotated: false }));
  });

  it('§1.5 are no access tokens', async () => {
    const { refresh } = await life.login();
    expect(await life.live(refresh)).toEqual([false]);
  });

  it('§10.3 are kept by their hash alone', async () => {
    const { refresh } = await life.login();
    const rows = JSON.stringify((await life.kept()).refreshTokens);
    expect(rows).toContain(hashToken(refresh).toString('hex'));
    expect(rows).not.toContain(refresh);
  });
});

describe('refreshing', () => {
  it('§6 answers a new pair', async () => {
    const first = await life.login();
    const answer = await life.refresh(first.refresh);
    expect(answer).toEqual(granted('read write'));
    const next = pairOf(answer);
    expect(new Set([first.access, first.refresh, next.access, next.refresh]).size).toBe(4);
    expect(await life.live(first.access, next.access)).toEqual([true, true]);
  });

  it('§6 keeps the resource owner, the scope and the authentication level', async () => {
    const first = await life.login();
    life.app.clock.advance(5000);
    const next = await life.refreshed(first.refresh);
    const issuedAt = life.app.clock.now();
    const was = await stored(first.access);
    expect(await stored(next.access)).toEqual({
      ...was,
      grantType: 'refresh_token',
      issuedAt,
      expiresAt: issuedAt + 3_600_000,
    });
    const { body } = await askForgeRock(life.app, next.access);
    expect(JSON.parse(body)).toMatchObject({
      grant_type: 'refresh_token',
      auth_level: 7,
      scope: ['read', 'write'],
    });
  });

  it.each([
    '/oauth2/access_token',
    '/oauth2/token',
    '/am/oauth2/realms/root/access_token',
    '/api/oauth/token',
  ])('§6 is served at %s', async (path) => {
    const { refresh } = await life.login();
    const form = { grant_type: 'refresh_token', refresh_token: refresh, ...credentials('app') };
    expect(await life.post(path, form)).toEqual(granted('read write'));
  });

  it('§6 serves a public client', async () => {
    const form = { grant_type: 'password', username: 'ann', password: 'ann-password', client_id: 'public' };
    const { refresh } = pairOf(await life.post('/oauth2/token', form));
    const again = { grant_type: 'refresh_token', refresh_token: refresh!, client_id: 'public' };
    expect(await life.post('/oauth2/token', again)).toEqual(granted('read'));
  });

  it('§6 grants less for once where less is asked for; the next one has the original scope', async () => {
    const first = await life.login();
    const less = await life.refresh(first.refresh, 'app', { scope: 'write' });
    expect(less).toEqual(granted('write'));
    const { access, refresh } = pairOf(less);
    expect((await stored(access))?.scope).toEqual(['write']);
    expect(await life.refresh(refresh!)).toEqual(granted('read write'));
  });

  it('§6 takes the order and the duplicates of a scope as §3.3 has them', async () => {
    const { refresh } = await life.login();
    expect(await life.refresh(refresh, 'app', { scope: 'write read write' })).toEqual(granted('write read'));
  });

  it.each([
    [' write', 'write'],
    ['write  ', 'write'],
    ['write   read', 'write read'],
    ['  ', 'read write'],
  ])('§3.3 reads the scope "%s" without its stray spaces', async (scope, expected) => {
    const { refresh } = await life.login();
    expect(await life.refresh(refresh, 'app', { scope })).toEqual(granted(expected));
  });
});

describe('what takes a refresh token’s place', () => {
  it('new: another', async () => {
    const { refresh } = await life.login('app');
    const next = await life.refreshed(refresh, 'app');
    expect(await life.refresh(refresh, 'app')).toEqual(invalidRefreshToken);
    expect(await life.refresh(next.refresh, 'app')).toEqual(granted('read write'));
  });

  it('none: nothing, and it is used up', async () => {
    const { refresh } = await life.login('none');
    const answer = await life.refresh(refresh, 'none');
    expect(answer).toEqual(granted('read write', { rotated: false }));
    expect(await life.refresh(refresh, 'none')).toEqual(invalidRefreshToken);
    expect(await life.live(pairOf(answer).access)).toEqual([true]);
  });

  it('preserve: it stays good, for as long as it was to', async () => {
    const first = await life.login('preserve');
    for (let use = 0; use < 6; use += 1) {
      const answer = await life.refresh(first.refresh, 'preserve');
      expect(answer).toEqual(granted('read write', { rotated: false }));
      life.app.clock.advance(60_000);
    }
    life.app.clock.advance((43_200 - 6 * 60) * 1000);
    expect(await life.refresh(first.refresh, 'preserve')).toEqual(invalidRefreshToken);
  });
});

describe('a refused refresh uses nothing up and revokes nothing', () => {
  it.each<[string, Readonly<Record<string, string>>, unknown]>([
    ['a scope that was not granted', { scope: 'read write more' }, invalidScope],
    ['a scope in another case', { scope: 'READ' }, invalidScope],
    ['a malformed scope', { scope: 'read\twrite' }, refusal('invalid_scope', 'The scope is malformed.')],
    ['a scope by Axway’s comma', { scope: 'read,write' }, invalidScope],
    ['another client', credentials('other'), invalidRefreshToken],
    [
      'a client that may not refresh',
      credentials('no-refresh'),
      refusal('unauthorized_client', 'The client may not use this grant type.'),
    ],
  ])('§5.2 %s', async (_what, more, expected) => {
    const { refresh, access } = await life.login();
    const answer = await life.unchangedBy(() => life.refresh(refresh, 'app', more));
    expect(answer).toEqual({ ...(expected as object), changed: false });
    expect(await life.live(access)).toEqual([true]);
    expect(await life.refresh(refresh)).toEqual(granted('read write'));
  });

  it('§5.2 a client that fails to authenticate', async () => {
    const { refresh } = await life.login();
    const wrong = { client_secret: 'wrong' };
    expect(await life.unchangedBy(() => life.refresh(refresh, 'app', wrong))).toMatchObject({
      status: 401,
      changed: false,
    });
    expect(await life.refresh(refresh)).toEqual(granted('read write'));
  });

  it('§5.2 a client of the same name in another realm', async () => {
    const { refresh } = await life.login();
    const form = { grant_type: 'refresh_token', refresh_token: refresh, ...credentials('app') };
    const answer = await life.unchangedBy(() => life.post('/oauth2/alpha/access_token', form));
    expect(answer).toEqual({ ...invalidRefreshToken, changed: false });
    expect(await life.refresh(refresh)).toEqual(granted('read write'));
  });

  it.each<[string, (refresh: string, credentials: string) => string, string]>([
    ['the token twice', (token, rest) => `refresh_token=${token}&refresh_token=${token}&${rest}`, ''],
    ['the grant type twice', (token, rest) => `refresh_token=${token}&grant_type=refresh_token&${rest}`, ''],
    ['the token in the query', (_token, rest) => rest, 'refresh_token='],
    ['invalid UTF-8', (token, rest) => `refresh_token=${token}&x=%FF&${rest}`, ''],
    ['a NUL', (token, rest) => `refresh_token=${token}%00&${rest}`, ''],
  ])('§3.2 %s', async (_what, form, query) => {
    const { refresh } = await life.login();
    const rest = `grant_type=refresh_token&client_id=app&client_secret=app-secret`;
    const path = `/oauth2/access_token${query && `?${query}${refresh}`}`;
    const answer = await life.unchangedBy(() => life.post(path, form(refresh, rest)));
    expect(answer).toEqual({ ...(query ? parameterInUrl : malformed), changed: false });
    expect(await life.refresh(refresh)).toEqual(granted('read write'));
  });

  it('§6 no token at all', async () => {
    const expected = refusal('invalid_request', 'The parameter refresh_token is missing.');
    expect(await life.unchangedBy(() => life.refresh(''))).toEqual({ ...expected, changed: false });
  });

  it.each([
    ['unknown', `syr_${'A'.repeat(54)}`],
    ['of another form', "' or 1=1--"],
    ['__proto__', '__proto__'],
    ['long', 'x'.repeat(40_000)],
  ])('§5.2 a token that is none: %s', async (_what, token) => {
    const answer = await life.unchangedBy(() => life.refresh(token));
    expect(answer).toEqual({ ...invalidRefreshToken, changed: false });
  });

  it('§5.2 an access token', async () => {
    const { access } = await life.login();
    expect(await life.refresh(access)).toEqual(invalidRefreshToken);
    expect(await life.live(access)).toEqual([true]);
  });
});

describe('a refresh token’s life', () => {
  let short: TokenLife;
  beforeAll(async () => {
    short = await TokenLife.start({
      configuration: lifeConfiguration({ refresh_token_lifetime: 100, refresh_token_max_lifetime: 250 }),
    });
  });
  afterAll(() => short.stop());

  it('§1.5 ends when it was not used for the client’s lifetime', async () => {
    const [good, late] = [await short.login(), await short.login()];
    short.app.clock.advance(99_999);
    expect((await short.refresh(good.refresh)).status).toBe(200);
    short.app.clock.advance(1);
    expect(await short.unchangedBy(() => short.refresh(late.refresh))).toEqual({
      ...invalidRefreshToken,
      changed: false,
    });
  });

  it('§1.5 begins anew with each use, and ends for good with the family', async () => {
    let { refresh } = await short.login();
    for (let use = 0; use < 3; use += 1) {
      short.app.clock.advance(80_000);
      ({ refresh } = await short.refreshed(refresh));
    }
    const rows = (await short.kept()).refreshTokens as { issued_at: number; expires_at: number }[];
    const newest = Math.max(...rows.map(({ issued_at }) => issued_at));
    expect(Math.max(...rows.map(({ expires_at }) => expires_at))).toBe(newest + 10_000);
    short.app.clock.advance(10_000);
    expect(await short.refresh(refresh)).toEqual(invalidRefreshToken);
  });

  it.each([
    ['client', { enabled: false }, 401],
    ['scope', { scopes: ['read'], default_scopes: ['read'] }, 200],
    ['all scopes', { scopes: ['more'], default_scopes: [] }, 400],
    ['grant type', { grant_types: ['password' as const] }, 400],
  ])('is judged by what its client is now: %s', async (_what, change, status) => {
    const { refresh } = await short.login();
    await short.app.apply(lifeConfiguration(change));
    const answer = await short.refresh(refresh);
    expect(answer.status).toBe(status);
    if (status === 200) expect(JSON.parse(answer.body)).toMatchObject({ scope: 'read' });
    await short.app.apply(lifeConfiguration());
  });

  it.each([
    ['disabled', { enabled: false }],
    ['deleted', { state: 'absent' as const }],
    ['given another password', { password: 'changed' }],
  ])('ends for good when its resource owner is %s', async (_what, change) => {
    const { refresh } = await short.login();
    await short.app.apply(lifeConfiguration({}, change));
    expect(await short.refresh(refresh)).toEqual(invalidRefreshToken);
    await short.app.apply(lifeConfiguration());
    expect(await short.refresh(refresh)).toEqual(invalidRefreshToken);
  });

  it('outlives a scope that is taken away and given back', async () => {
    const { refresh } = await short.login();
    await short.app.apply(lifeConfiguration({ scopes: ['more'], default_scopes: [] }));
    expect(await short.refresh(refresh)).toEqual(invalidScope);
    await short.app.apply(lifeConfiguration());
    expect(await short.refresh(refresh)).toEqual(granted('read write'));
  });
});
