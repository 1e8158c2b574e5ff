import { TestApp } from '../support/app.js';
import { type Answer, ask } from '../support/exchange.js';
import { appCredentials } from '../support/configuration.js';
import { formType } from '../support/token-endpoint.js';
import { askForgeRock, noEndpoint, noRealm, storeToken, twoRealms } from '../support/tokeninfo.js';

describe('unknown paths below /oauth2', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ configuration: twoRealms });
    await storeToken(app, 'good', { realm: '/alpha' });
  });
  afterAll(() => app.stop());

  const form = new URLSearchParams({ grant_type: 'client_credentials', ...appCredentials }).toString();
  const postToken = (path: string): Promise<Answer> =>
    ask(app, { method: 'POST', path, headers: { 'content-type': formType }, body: form });

  it('are variants of paths that are served', async () => {
    expect((await askForgeRock(app, 'good', '/oauth2/alpha/tokeninfo')).status).toBe(200);
    expect((await postToken('/am/oauth2/alpha/access_token')).status).toBe(200);
  });

  describe.each(['/oauth2', '/am/oauth2'])('below %s', (base) => {
    /** The path with `X` replaced by an endpoint. */
    const at = (path: string, endpoint: string) => base + path.replace('X', endpoint);

    it.each([
      '/realms/root/realms/none/X',
      '/realms/none/X',
      '/none/X',
      '/alpha/none/X',
      '/ALPHA/X',
      '/realms/ALPHA/X',
      '/REALMS/alpha/X',
      '/realms/ROOT/realms/none/X',
      '/X?realm=/none',
      '/X?realm=ALPHA',
      '/X?realm=/none/',
      '/X?realm=/alpha//',
      '/X?realm=//alpha',
      '/X?realm=/alpha//beta',
      '/X?realm=root',
      '/X?realm=/realms/alpha',
      '/X?realm=../alpha',
      '/X?realm=/alpha/..',
      '/X?realm=.',
      '/X?realm=*',
      '/X?realm=al%25',
      '/X?realm=_alpha',
      '/X?realm=%27+or+1%3D1--',
      '/X?realm=+alpha',
      '/X?realm=%C3%A4',
    ])('%s names a realm that does not exist', async (form) => {
      const path = at(form, 'tokeninfo');
      expect(await ask(app, { method: 'GET', path })).toEqual(noRealm);
      expect(await askForgeRock(app, 'good', path)).toEqual(noRealm);
      expect(await postToken(at(form, 'access_token'))).toEqual(noRealm);
    });

    it.each([
      '/X/',
      '/alpha/X/',
      '//X',
      '/alpha//X',
      '/realms//alpha/X',
      '/realms/alpha//X',
      '/./X',
      '/%2e/X',
      '/%2E%2e/X',
      '/alpha/../X',
      '/alpha/%2e%2e/X',
      '/alpha%2Fbeta/X',
      '/realms/alpha%2fbeta/X',
      '/alpha;x/X',
      '/X;x',
      '/X%20',
      '/Realms/root/X',
      '/%72ealms/alpha/X',
      '/realms/%72oot/X',
      '/realms/ROOT/realms/ROOT/X',
      '/realms/alpha/realms/Root/X',
      '/ROOT/X',
      '/realms/X',
      '/realms',
      '/realms/',
      '/realms/alpha',
      '/realms/alpha/realms/X',
      '/realms/root/realms/root/X',
      '/realms/alpha/realms/root/X',
      '/realms/alpha/beta/X',
      '/root/X',
      '/root/alpha/X',
      '/alpha/root/X',
      '/alpha/realms/beta/X',
      '/al%00pha/X',
      '/alpha/X%00',
      '/%FF/X',
      '/%ED%A0%80/X',
      '/%C0%80/X',
      '/%/X',
      '/alpha%/X',
      `/${'a'.repeat(101)}/X`,
      '',
      '/',
      '/alpha',
      '/X/X',
    ])('%s is no endpoint', async (form) => {
      expect(await askForgeRock(app, 'good', at(form, 'tokeninfo'))).toEqual(noEndpoint);
      expect(await postToken(at(form, 'access_token'))).toEqual(noEndpoint);
    });

    it.each(['TOKENINFO', 'TokenInfo', '%74okeninfo', 'tokeninf', 'tokeninfos'])(
      '%s is no endpoint',
      async (endpoint) => {
        expect(await askForgeRock(app, 'good', `${base}/alpha/${endpoint}`)).toEqual(noEndpoint);
      },
    );
  });

  it.each([
    '//oauth2/tokeninfo',
    '/OAuth2/tokeninfo',
    '/oauth2%2Ftokeninfo',
    '/%6Fauth2/tokeninfo',
    '/AM/oauth2/tokeninfo',
    '/am//oauth2/tokeninfo',
    '/am/am/oauth2/tokeninfo',
    '/am/tokeninfo',
    '/sso/oauth2/tokeninfo',
    '/./oauth2/tokeninfo',
    '/x/../oauth2/tokeninfo',
    '/tokeninfo',
    '/',
    '/am',
    '/%',
    '/%FF',
    'http://elsewhere.example',
    'http://elsewhere.example?realm=alpha',
    'http://elsewhere.example/?/oauth2/tokeninfo',
  ])('%s is no endpoint', async (path) => {
    expect(await askForgeRock(app, 'good', path)).toEqual(noEndpoint);
  });

  it('are refused before any token is read', async () => {
    const query = 'realm=/none&access_token=a&access_token=b';
    const headers = { authorization: ['Bearer a', 'Bearer b'] };
    expect(await ask(app, { method: 'GET', path: `/oauth2/tokeninfo?${query}`, headers })).toEqual(noRealm);
  });
});
