import { AccessTokenStore, hashToken } from '../../src/domain/access-token.js';
import { parseOAuth2Path } from '../../src/http/request/realm-path.js';
import { TestApp } from '../support/app.js';
import { appCredentials, client, configuration } from '../support/configuration.js';
import { type Answer, ask } from '../support/exchange.js';
import { formType } from '../support/token-endpoint.js';
import {
  askForgeRock,
  deadIn,
  noEndpoint,
  noRealm,
  noTokenIn,
  ofClient,
  storeToken,
} from '../support/tokeninfo.js';

const realms = ['/', '/alpha', '/alpha/beta', '/beta', '/Alpha', '/~a.b_c-1'];
const everyRealm = configuration(Object.fromEntries(realms.map((name) => [name, { clients: [client()] }])));

/** Stores a token for each realm, with the realm's path as its value. */
async function storeTokens(app: TestApp): Promise<void> {
  for (const realm of realms) await storeToken(app, realm, { realm, ...ofClient });
}

/** The realms for whose tokens this tokeninfo path answers. */
async function answersFor(app: TestApp, path: string): Promise<string[]> {
  const statuses = await Promise.all(
    realms.map(async (realm) => (await askForgeRock(app, realm, path)).status),
  );
  expect(statuses.filter((status) => status !== 200 && status !== 401)).toEqual([]);
  return realms.filter((_, index) => statuses[index] === 200);
}

/** Every form that names a realm, with `X` in the place of the endpoint. */
const forms: readonly [realm: string, ...forms: string[]][] = [
  ['/', '/realms/root/X', '/realms/ROOT/X', '/realms/Root/X', '/X?realm=/', '/X?realm=%2F'],
  [
    '/alpha',
    '/realms/root/realms/alpha/X',
    '/realms/alpha/X',
    '/alpha/X',
    '/X?realm=/alpha',
    '/X?realm=alpha',
    '/X?realm=%2Falpha',
    '/realms/ROOT/realms/alpha/X',
    '/X?realm=/alpha/',
    '/X?realm=alpha/',
    '/X?realm=%2Falpha%2F',
    '/X?re%61lm=%61lpha',
    '/realms/root/realms/%61lpha/X',
    '/realms/%61lph%61/X',
    '/%61lpha/X',
  ],
  [
    '/alpha/beta',
    '/realms/root/realms/alpha/realms/beta/X',
    '/realms/alpha/realms/beta/X',
    '/alpha/beta/X',
    '/X?realm=/alpha/beta',
    '/X?realm=alpha/beta',
    '/X?realm=alpha%2Fbeta',
  ],
  ['/Alpha', '/realms/root/realms/Alpha/X', '/realms/Alpha/X', '/Alpha/X', '/X?realm=Alpha'],
  ['/~a.b_c-1', '/realms/~a.b_c-1/X', '/realms/%7Ea%2Eb%5Fc%2D1/X', '/~a.b_c-1/X', '/X?realm=~a.b_c-1'],
];

/** A `/realms/…` path beats `?realm=`, which beats the short path. */
const precedence: readonly [realm: string, ...forms: string[]][] = [
  ['/', '/realms/root/X?realm=/alpha', '/realms/ROOT/X?realm=/alpha/', '/beta/X?realm=/'],
  [
    '/alpha',
    '/realms/root/realms/alpha/X?realm=/beta',
    '/realms/alpha/X?realm=/',
    '/realms/alpha/X?realm=/none',
    '/beta/X?realm=/alpha',
    '/none/X?realm=alpha',
    '/alpha/X?realm=',
    '/alpha/X?realm',
  ],
];

const named = [...forms, ...precedence].flatMap(([realm, ...paths]) =>
  paths.map((path) => [realm, path] as const),
);

describe('ForgeRock realms', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ configuration: everyRealm });
    await storeTokens(app);
  });
  afterAll(() => app.stop());

  const postToken = (path: string, form: Readonly<Record<string, string>> = {}): Promise<Answer> => {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      ...appCredentials,
      ...form,
    }).toString();
    return ask(app, { method: 'POST', path, headers: { 'content-type': formType }, body });
  };

  /** The realm of the token that is issued at this path. */
  async function issuedAt(
    path: string,
    form?: Readonly<Record<string, string>>,
  ): Promise<string | undefined> {
    const { access_token } = JSON.parse((await postToken(path, form)).body) as { access_token: string };
    return (await app.nest.get(AccessTokenStore).find(hashToken(access_token)))?.realm;
  }

  describe.each(['/oauth2', '/am/oauth2'])('below %s', (base) => {
    const at = (form: string, endpoint: string) => base + form.replace('X', endpoint);

    it.each(named)('%s is named by %s', async (realm, form) => {
      expect(await answersFor(app, at(form, 'tokeninfo'))).toEqual([realm]);
      expect(await askForgeRock(app, 'bad', at(form, 'tokeninfo'))).toEqual(deadIn(realm));
      expect(await ask(app, { method: 'GET', path: at(form, 'tokeninfo') })).toEqual(noTokenIn(realm));
      expect(await issuedAt(at(form, 'access_token'))).toBe(realm);
      expect(await issuedAt(at(form, 'token'))).toBe(realm);
    });

    it.each(['/X', '/X?realm=', '/X?realm', '/X?other=/alpha'])('no realm is named by %s', async (form) => {
      expect(await answersFor(app, at(form, 'tokeninfo'))).toEqual(realms);
      expect(await issuedAt(at(form, 'access_token'))).toBe('/');
    });
  });

  it('are read from an absolute URI, whatever its host', async () => {
    const path = 'http://elsewhere.example:1/am/oauth2/realms/alpha/tokeninfo';
    expect(await answersFor(app, path)).toEqual(['/alpha']);
  });

  it('are never read from a form', async () => {
    expect(await issuedAt('/oauth2/access_token', { realm: '/alpha' })).toBe('/');
    expect(await issuedAt('/oauth2/beta/access_token', { realm: '/alpha' })).toBe('/beta');
  });
});

describe('TOKENINFO_REALMS=any, BASE_PREFIX=/sso/am', () => {
  let app: TestApp;
  beforeAll(async () => {
    const settings = { TOKENINFO_REALMS: 'any', BASE_PREFIX: '/sso/am' };
    app = await TestApp.start({ configuration: everyRealm, settings });
    await storeTokens(app);
  });
  afterAll(() => app.stop());

  it.each(['/oauth2', '/sso/am/oauth2'])('answers for every realm below %s', async (base) => {
    for (const form of [
      '/tokeninfo',
      '/realms/root/tokeninfo',
      '/alpha/tokeninfo',
      '/tokeninfo?realm=/beta',
    ]) {
      expect(await answersFor(app, base + form)).toEqual(realms);
    }
  });

  it('serves no other prefix and no unknown realm', async () => {
    expect(await askForgeRock(app, '/', '/am/oauth2/tokeninfo')).toEqual(noEndpoint);
    expect(await askForgeRock(app, '/', '/sso/oauth2/tokeninfo')).toEqual(noEndpoint);
    expect(await askForgeRock(app, '/', '/sso/am/oauth2/none/tokeninfo')).toEqual(noRealm);
  });
});

describe('TOKENINFO_REALMS=root-any', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({
      configuration: everyRealm,
      settings: { TOKENINFO_REALMS: 'root-any' },
    });
    await storeTokens(app);
  });
  afterAll(() => app.stop());

  it.each([
    '/X',
    '/realms/root/X',
    '/realms/ROOT/X',
    '/X?realm=/',
    '/realms/root/X?realm=/beta',
    '/beta/X?realm=/',
  ])('answers for every realm where the root realm is named alone, or none: %s', async (form) => {
    for (const base of ['/oauth2', '/am/oauth2']) {
      expect(await answersFor(app, base + form.replace('X', 'tokeninfo'))).toEqual(realms);
    }
  });

  it.each(forms.slice(1))('answers for the realm %s alone where it is named', async (realm, ...paths) => {
    for (const path of paths) {
      expect(await answersFor(app, `/oauth2${path.replace('X', 'tokeninfo')}`)).toEqual([realm]);
    }
  });

  it('is challenged in the root realm where that is named', async () => {
    expect(await askForgeRock(app, 'bad', '/oauth2/realms/root/tokeninfo')).toEqual(deadIn('/'));
  });
});

describe('the hint at TOKENINFO_REALMS', () => {
  let app: TestApp;
  afterEach(() => app.stop());

  async function start(settings: Readonly<Record<string, string>>): Promise<void> {
    app = await TestApp.start({ configuration: everyRealm, settings });
    await storeTokens(app);
    await storeToken(app, 'ended', { realm: '/beta', ...ofClient, expiresAt: app.clock.now() });
  }

  const hints = () =>
    app.logged.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ setting }) => setting);

  it.each([
    [{}, '/oauth2/realms/root/tokeninfo', '/', 'root-any or any'],
    [{}, '/oauth2/tokeninfo?realm=/', '/', 'root-any or any'],
    [{}, '/oauth2/beta/tokeninfo', '/beta', 'any'],
    [{ TOKENINFO_ERRORS: 'openam12' }, '/oauth2/beta/tokeninfo', '/beta', 'any'],
    [{ TOKENINFO_REALMS: 'root-any' }, '/oauth2/beta/tokeninfo', '/beta', 'any'],
    [{ CACHE_ENTRIES: '0' }, '/oauth2/beta/tokeninfo', '/beta', 'any'],
  ])(
    'is logged once, when another value would have answered: %j %s',
    async (settings, path, realm, values) => {
      await start(settings);
      for (let count = 0; count < 3; count += 1)
        expect((await askForgeRock(app, '/alpha', path)).status).not.toBe(200);
      const message = `TOKENINFO_REALMS: an active token of another realm was refused; ${values} would answer for it`;
      expect(hints()).toEqual([
        expect.objectContaining({ level: 40, setting: 'TOKENINFO_REALMS', realm, msg: message }),
      ]);
    },
  );

  it.each([
    ['a token that is answered', {}, '/alpha', '/oauth2/alpha/tokeninfo'],
    ['an unknown token', {}, 'bad', '/oauth2/realms/root/tokeninfo'],
    ['an expired token of another realm', {}, 'ended', '/oauth2/realms/root/tokeninfo'],
    ['an unknown realm', {}, '/alpha', '/oauth2/none/tokeninfo'],
    ['any', { TOKENINFO_REALMS: 'any' }, '/alpha', '/oauth2/beta/tokeninfo'],
    [
      'the root realm, of root-any',
      { TOKENINFO_REALMS: 'root-any' },
      '/alpha',
      '/oauth2/realms/root/tokeninfo',
    ],
  ])(
    'is not logged where no value would have answered otherwise: %s',
    async (_what, settings, token, path) => {
      await start(settings);
      await askForgeRock(app, token, path);
      expect(hints()).toEqual([]);
    },
  );
});

it('without a deployment prefix there is only /oauth2', () => {
  expect(parseOAuth2Path('/am/oauth2/tokeninfo', '')).toBeUndefined();
  expect(parseOAuth2Path('/oauth2/am/tokeninfo', '')).toEqual({
    endpoint: '/oauth2/tokeninfo',
    realm: '/am',
    explicit: false,
  });
});
