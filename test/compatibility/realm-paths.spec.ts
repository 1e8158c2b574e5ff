import { isRealmName } from '../../src/domain/realm.js';
import { TestApp } from '../support/app.js';
import { appCredentials, client, configuration } from '../support/configuration.js';
import { askRaw } from '../support/exchange.js';
import { malformed, notFound, success, TokenEndpoint } from '../support/token-endpoint.js';

const form = { grant_type: 'client_credentials', ...appCredentials };
const noEndpoint = notFound('Resource not found');
const noRealm = notFound('Realm not found');

let app: TestApp;
let tokens: TokenEndpoint;

beforeAll(async () => {
  const clients = [client()];
  app = await TestApp.start({
    configuration: configuration({ '/': { clients }, '/alpha': { clients }, '/alpha/beta': { clients } }),
  });
  tokens = new TokenEndpoint(app, '/oauth2/access_token');
});
afterEach(async () => expect(await tokens.leftBehind()).toBe(0));
afterAll(() => app.stop());

describe.each(['', '/am'])('below %s/oauth2', (prefix) => {
  it.each([
    ['/', ''],
    ['/', '/realms/root'],
    ['/', '/realms/ROOT'],
    ['/', '/realms/rOOt'],
    ['/alpha', '/alpha'],
    ['/alpha', '/realms/alpha'],
    ['/alpha', '/realms/root/realms/alpha'],
    ['/alpha', '/realms/ROOT/realms/alpha'],
    ['/alpha', '/al%70ha'],
    ['/alpha/beta', '/alpha/beta'],
    ['/alpha/beta', '/realms/alpha/realms/beta'],
    ['/alpha/beta', '/realms/root/realms/alpha/realms/beta'],
  ])('ForgeRock: the realm %s is named by the path %s/…', async (realm, path) => {
    for (const endpoint of ['access_token', 'token']) {
      expect(await tokens.token(form, { path: `${prefix}/oauth2${path}/${endpoint}` })).toMatchObject({
        realm,
      });
    }
  });

  it.each([
    ['/', '/token?realm=/'],
    ['/', '/token?realm='],
    ['/alpha', '/token?realm=/alpha'],
    ['/alpha', '/token?realm=%2Falpha'],
    ['/alpha', '/token?realm=alpha'],
    ['/alpha', '/token?realm=/alpha/'],
    ['/alpha', '/token?realm=alpha/'],
    ['/alpha', '/token?realm=%2Falpha%2F'],
    ['/alpha/beta', '/token?realm=/alpha/beta/'],
    ['/alpha', '/beta/token?realm=/alpha/'],
    ['/alpha/beta', '/token?realm=alpha/beta'],
    ['/', '/alpha/token?realm=/'],
    ['/alpha/beta', '/alpha/token?realm=/alpha/beta'],
    ['/alpha', '/realms/alpha/token?realm=/alpha/beta'],
    ['/', '/realms/root/token?realm=alpha'],
  ])('ForgeRock: the realm %s is named by %s', async (realm, path) => {
    expect(await tokens.token(form, { path: `${prefix}/oauth2${path}` })).toMatchObject({ realm });
  });
});

describe('a realm', () => {
  it('is named by no form, and by no query of Axway’s path', async () => {
    expect(await tokens.token({ ...form, realm: '/alpha' })).toMatchObject({ realm: '/' });
    expect(await tokens.token(form, { path: '/api/oauth/token?realm=/alpha' })).toMatchObject({ realm: '/' });
  });

  it('is named by no Host and no X-Forwarded header', async () => {
    const headers = {
      host: 'alpha.example',
      'x-forwarded-host': 'alpha.example',
      'x-forwarded-prefix': '/alpha',
      'x-original-url': '/oauth2/alpha/token',
      'x-http-method-override': 'GET',
      forwarded: 'host=alpha.example',
    };
    expect(await tokens.token(form, { headers })).toMatchObject({ realm: '/' });
  });

  it('bears no name that the paths of the endpoints need, and not the keyword of the root realm', () => {
    for (const name of ['root', 'ROOT', 'Root', 'realms', '.well-known'])
      expect(isRealmName(name)).toBe(false);
    const router = app.nest.getHttpAdapter().getInstance() as {
      router: { stack: { route?: { path: string } }[] };
    };
    const served = router.router.stack
      .map(({ route }) => route?.path ?? '')
      .filter((path) => path.startsWith('/oauth2/'));
    expect(served).toContain('/oauth2/access_token');
    for (const name of served.flatMap((path) => path.split('/').slice(2)))
      expect([name, isRealmName(name)]).toEqual([name, false]);
  });

  it.each([
    '/oauth2/nowhere/token',
    '/oauth2/Alpha/token',
    '/oauth2/beta/token',
    '/oauth2/alpha/beta/gamma/token',
    '/oauth2/__proto__/token',
    '/oauth2/realms/nowhere/token',
    '/oauth2/realms/root/realms/nowhere/token',
    `/oauth2${'/a'.repeat(5000)}/token`,
    '/oauth2/token?realm=nowhere',
    '/oauth2/token?realm=//alpha',
    '/oauth2/token?realm=//',
    '/oauth2/token?realm=/alpha//',
    '/oauth2/token?realm=//alpha/',
    '/oauth2/token?realm=root',
    '/oauth2/token?realm=/ROOT/',
    '/oauth2/realms/root/realms/ALPHA/token',
    '/oauth2/token?realm=..',
    '/oauth2/token?realm=%2Falpha%2F..%2F',
    '/oauth2/token?realm=alp%25',
    '/oauth2/token?realm=_____',
    '/oauth2/token?realm=*',
    '/oauth2/token?realm=*)(uid=*',
    "/oauth2/token?realm='+or+1=1--",
  ])('ForgeRock: is not found: %.60s', async (path) => {
    expect(await tokens.ask(form, { path })).toEqual(noRealm);
  });

  it.each([
    'realm=alpha&realm=alpha',
    'realm[]=alpha',
    'realm[$ne]=x',
    'realm=%00',
    'realm=%FF',
    'realm=%ED%A0%80',
    'realm=%',
  ])('§3.2 is refused as the query %s', async (query) => {
    expect(await tokens.ask(form, { path: `/oauth2/token?${query}` })).toEqual(malformed);
    expect(await tokens.ask(form, { path: `/oauth2/realms/root/token?${query}` })).toEqual(malformed);
  });
});

describe('a path that is no endpoint', () => {
  it.each([
    '/',
    '/oauth2',
    '/oauth2/',
    '/oauth2/alpha',
    '/oauth2/alpha/token/',
    '/oauth2//alpha/token',
    '/oauth2/alpha//token',
    '//oauth2/alpha/token',
    '/oauth2/alpha/TOKEN',
    '/OAUTH2/alpha/token',
    '/oauth2/./token',
    '/oauth2/../oauth2/token',
    '/oauth2/%2e/token',
    '/oauth2/%2e%2e/oauth2/token',
    '/oauth2/alpha;x/token',
    '/oauth2/alpha/token;x',
    '/oauth2/alpha/token%20',
    '/oauth2/alpha/t%6Fken',
    '/oauth2/alpha%2Ftoken',
    '/oauth2/alpha%2F..%2Fbeta/token',
    '/oauth2/alpha%00/token',
    '/oauth2/%00/token',
    '/oauth2/alpha/token%00',
    '/oauth2/%FF/token',
    '/oauth2/%C0%AF/token',
    '/oauth2/%ED%A0%80/token',
    '/oauth2/%/token',
    '/oauth2/%zz/token',
    '/oauth2/al%25/token',
    '/oauth2/*)(uid=*/token',
    "/oauth2/'+or+1=1--/token",
    '/oauth2/root/token',
    '/oauth2/ROOT/token',
    '/oauth2/.well-known/token',
    '/oauth2/token/token',
    '/oauth2/realms/token',
    '/oauth2/realms//token',
    '/oauth2/realms/root/realms/root/token',
    '/oauth2/realms/ROOT/realms/ROOT/token',
    '/oauth2/realms/r%6Fot/token',
    '/oauth2/realms/root/token/',
    '/oauth2/REALMS/root/token',
    '/oauth2/realms/alpha/realms/root/token',
    '/oauth2/realms/alpha/beta/token',
    '/api/oauth/token/',
    '/api/oauth//token',
    '/api/oauth/Token',
    '/API/oauth/token',
    '/am/am/oauth2/token',
    '/AM/oauth2/token',
    '/am/api/oauth/token',
    '/am',
    '/oauth2/token?realm=alpha'.replace('?', '%3F'),
    'ftp://server.example/oauth2/token',
    'http://server.example',
    'http://server.example?realm=alpha',
    'http://server.example//oauth2/token',
    '/oauth2\\token',
  ])('ForgeRock: is answered 404: %s', async (path) => {
    expect(await tokens.ask(form, { path })).toEqual(noEndpoint);
  });

  it('RFC 9112 §3.2.4 is the asterisk of OPTIONS', async () => {
    expect(await tokens.ask('', { method: 'OPTIONS', path: '*' })).toEqual(noEndpoint);
  });
});

describe('a request target in absolute form', () => {
  it.each(['http://server.example', 'HTTPS://server.example:8443'])(
    'RFC 9112 §3.2.2 means its path, whatever its origin: %s',
    async (origin) => {
      const asked = await tokens.token(form, { path: `${origin}/am/oauth2/alpha/token?realm=/alpha/beta` });
      expect(asked).toMatchObject({ realm: '/alpha/beta' });
      expect(await tokens.ask(form, { path: `${origin}/api/oauth/token` })).toEqual(success('read'));
    },
  );

  it.each(['/oauth2/token /x', '/oauth2/token\u00A0', '\\oauth2\\token', 'oauth2/token'])(
    'RFC 9112 §3.2 is refused where it is none: %s',
    async (target) => {
      const head = `POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Length: 0`;
      expect(await askRaw(app, `${head}\r\n\r\n`)).toEqual(malformed);
    },
  );
});
