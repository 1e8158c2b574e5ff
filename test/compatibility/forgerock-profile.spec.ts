import { TestApp } from '../support/app.js';
import { appCredentials, client, configuration } from '../support/configuration.js';
import { TokenEndpoint } from '../support/token-endpoint.js';
import { askForgeRock, ofClient, ok, storeToken } from '../support/tokeninfo.js';

const scopes = [
  'read',
  'mail',
  'cn',
  'empty',
  '12',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
];

const profiles = configuration({
  '/': {
    auth_level: 3,
    clients: [client({ scopes, attributes: new Map([['mail', ['app@example.com', 'ops@example.com']]]) })],
    users: [
      {
        username: 'ann',
        password: 'ann-password',
        attributes: new Map([
          ['cn', ['Ann', 'Ä. "Quote" \\']],
          ['mail', ['ann@example.com']],
          ['empty', []],
          ['realm', ['/forged']],
          ['__proto__', ['polluted']],
        ]),
      },
    ],
  },
});

describe('ForgeRock tokeninfo', () => {
  let app: TestApp;
  beforeAll(async () => (app = await TestApp.start({ configuration: profiles })));
  afterAll(() => app.stop());

  describe('answers each scope from the profile', () => {
    it('of the resource owner, values joined by commas', async () => {
      await storeToken(app, 'profile', { scope: ['cn', 'read', 'empty', 'mail'] });
      const { body } = await askForgeRock(app, 'profile');
      expect(body).toContain(
        ',"expires_in":3600,"cn":"Ann,Ä. \\"Quote\\" \\\\","read":"","empty":"","mail":"ann@example.com","client_id":"app"}',
      );
    });

    it('of the client that acts for itself', async () => {
      await storeToken(app, 'of-client', { ...ofClient, scope: ['mail', 'cn'] });
      expect(await askForgeRock(app, 'of-client')).toEqual(
        ok(
          '{"access_token":"of-client","grant_type":"client_credentials","auth_level":0,"scope":["mail","cn"],' +
            '"realm":"/","token_type":"Bearer","expires_in":3600,"mail":"app@example.com,ops@example.com","cn":"",' +
            '"client_id":"app"}',
        ),
      );
    });

    it('in the order of the scopes, whatever a name means to JavaScript', async () => {
      await storeToken(app, 'names', {
        scope: ['toString', '__proto__', '12', 'constructor', 'hasOwnProperty'],
      });
      const { body } = await askForgeRock(app, 'names');
      expect(body).toContain(
        '"expires_in":3600,"toString":"","__proto__":"polluted","12":"","constructor":"","hasOwnProperty":"","client_id"',
      );
    });

    it('except for a standard key, which a scope cannot forge', async () => {
      const standard = [
        'access_token',
        'grant_type',
        'auth_level',
        'scope',
        'realm',
        'token_type',
        'expires_in',
        'client_id',
      ];
      await storeToken(app, 'forger', { scope: standard });
      const { body } = await askForgeRock(app, 'forger');
      expect(body).toBe(
        `{"access_token":"forger","grant_type":"password","auth_level":0,"scope":${JSON.stringify(standard)},` +
          '"realm":"/","token_type":"Bearer","expires_in":3600,"client_id":"app"}',
      );
    });

    it('as it is now, not as it was at issue', async () => {
      await storeToken(app, 'changing', { scope: ['mail'] });
      const mail = new Map([['mail', ['new@example.com']]]);
      await app.apply(configuration({ '/': { users: [{ username: 'ann', attributes: mail }] } }));
      expect((await askForgeRock(app, 'changing')).body).toContain('"mail":"new@example.com"');
      await app.apply(profiles);
    });
  });

  it('lists no scope for a token that has none', async () => {
    await storeToken(app, 'bare', { scope: [] });
    expect((await askForgeRock(app, 'bare')).body).toContain('"scope":[],"realm":"/","token_type"');
    expect((await askForgeRock(app, 'bare')).body).toContain('"expires_in":3600,"client_id"');
  });

  describe('auth_level', () => {
    const issued = async (form: Readonly<Record<string, string>>): Promise<Record<string, unknown>> => {
      const { body } = await new TokenEndpoint(app, '/oauth2/access_token').ask({
        ...appCredentials,
        ...form,
      });
      const { access_token } = JSON.parse(body) as { access_token: string };
      return JSON.parse((await askForgeRock(app, access_token)).body) as Record<string, unknown>;
    };

    it('is the realm’s for a resource owner', async () => {
      const grant = { grant_type: 'password', username: 'ann', password: 'ann-password' };
      expect(await issued(grant)).toMatchObject({ grant_type: 'password', auth_level: 3 });
    });

    it('is 0 for a client that acts for itself', async () => {
      const grant = { grant_type: 'client_credentials' };
      expect(await issued(grant)).toMatchObject({ grant_type: 'client_credentials', auth_level: 0 });
    });

    it('stays what it was at issue', async () => {
      await storeToken(app, 'level', { authLevel: 7 });
      expect((await askForgeRock(app, 'level')).body).toContain('"auth_level":7,');
    });
  });
});
