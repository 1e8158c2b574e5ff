import { readConfig } from '../../src/config/config.js';
import { client, configuration } from '../support/configuration.js';
import { type Answer, ask } from '../support/exchange.js';
import { fileSettings, ServerProcess } from '../support/server-process.js';
import { basic, formType, malformed, members, parameterInUrl } from '../support/token-endpoint.js';
import { TokenLife } from '../support/token-life.js';

const credentials = 'client_id=app&client_secret=app-secret';
const password = 'grant_type=password&username=ann&password=ann-password';

/** Whether AM_QUERY_PARAMETERS is on. */
let on: TokenLife;
let off: TokenLife;

beforeAll(async () => {
  on = await TokenLife.start({ settings: { AM_QUERY_PARAMETERS: 'on', ACCESS_LOG: 'all' } });
  off = await TokenLife.start();
});
afterAll(async () => {
  await on.stop();
  await off.stop();
});

/** Posts to a path with this query, without a body, as `curl -X POST` does. */
function postBare({ app }: TokenLife, path: string, query: string, headers = {}): Promise<Answer> {
  return ask(app, { path: `${path}?${query}`, headers });
}

describe('AM_QUERY_PARAMETERS=off', () => {
  it.each([
    ['/oauth2/access_token', `${password}&${credentials}`],
    ['/oauth2/token', 'grant_type=client_credentials'],
    ['/am/oauth2/realms/root/access_token', `${password}&${credentials}`],
    ['/oauth2/introspect', 'token=x'],
    ['/oauth2/revoke', 'token=x'],
    ['/oauth2/token/revoke', 'client_secret=x'],
    ['/api/oauth/token', 'grant_type=client_credentials'],
    ['/api/oauth/revoke', 'token=x'],
  ])('says why it refuses a POST to %s with parameters in its URL', async (path, query) => {
    const auth = basic('app:app-secret');
    expect(await postBare(off, path, query, auth)).toEqual(parameterInUrl);
    expect(await postBare(off, path, query, { ...auth, 'content-type': 'application/json' })).toEqual(
      parameterInUrl,
    );
    expect(await off.post(`${path}?${query}`, `${password}&${credentials}`)).toEqual(parameterInUrl);
    expect(await off.post(`${path}?${query}`, 'token=y', auth)).toEqual(parameterInUrl);
  });

  it('reads the realm there, and nothing that it does not know', async () => {
    const answer = await off.post('/oauth2/access_token?realm=/&x=1&tenant=2', `${password}&${credentials}`);
    expect(members(answer).scope).toBe('read');
  });
});

describe('AM_QUERY_PARAMETERS=on', () => {
  it('issues tokens for a POST whose URL has all parameters', async () => {
    for (const path of ['/oauth2/access_token', '/oauth2/token', '/am/oauth2/realms/root/access_token']) {
      const answer = await postBare(on, path, `${password}&scope=read+write&${credentials}`);
      expect(members(answer)).toMatchObject({ scope: 'read write' });
    }
    const answer = await postBare(
      on,
      '/oauth2/access_token',
      'grant_type=client_credentials',
      basic('app:app-secret'),
    );
    expect(members(answer).scope).toBe('read');
  });

  it('reads parameters from the URL and others from the form', async () => {
    const { refresh, access } = await on.login();
    const query = `grant_type=refresh_token&client_id=app`;
    const answer = await on.post(
      `/oauth2/access_token?${query}`,
      `refresh_token=${refresh}&client_secret=app-secret`,
    );
    expect(members(answer).refresh_token).toMatch(/^syr_/);
    const introspected = await on.post(`/oauth2/introspect?token=${access}`, credentials);
    expect(members(introspected)).toMatchObject({ active: true, username: 'ann' });
  });

  it('introspects and revokes the token of the URL', async () => {
    const { access } = await on.login();
    const headers = basic('app:app-secret');
    expect(members(await postBare(on, '/oauth2/introspect', `token=${access}`, headers))).toMatchObject({
      active: true,
    });
    expect((await postBare(on, '/oauth2/token/revoke', `token=${access}`, headers)).body).toBe('{}');
    expect(await on.live(access)).toEqual([false]);
  });

  it.each([
    ['the form', 'scope=read', 'scope=read', ''],
    ['the form, empty', 'scope=', 'scope=read', ''],
    ['the form, as a list', 'scope[]=read', 'scope=read', ''],
    ['the URL twice', 'scope=read&scope=read', '', ''],
    ['the URL as a list', 'scope[]=read', '', ''],
    ['the form, a secret', 'client_secret=app-secret', 'client_secret=app-secret', ''],
  ])('refuses a parameter that is in the URL and in %s', async (_what, query, form) => {
    const path = `/oauth2/access_token?${query}`;
    const rest = `${password}&client_id=app${query.includes('secret') ? '' : '&client_secret=app-secret'}`;
    const answer = await on.unchangedBy(() => on.post(path, `${rest}&${form}`));
    expect(answer).toEqual({ ...malformed, changed: false });
  });

  it('reads no realm from the form, and no body of another type', async () => {
    const answer = await on.post('/oauth2/access_token', `${password}&${credentials}&realm=/nowhere`);
    expect(answer.status).toBe(200);
    const path = `/oauth2/access_token?${password}&${credentials}`;
    const wrongType = {
      error: 'invalid_request',
      error_description: `The header Content-Type must be ${formType}.`,
    };
    for (const headers of [{ 'content-type': 'application/json' }, {}] as Record<string, string>[]) {
      const { status, body } = await ask(on.app, { path, headers, body: '{}' });
      expect([status, JSON.parse(body)]).toEqual([400, wrongType]);
    }
  });

  it('answers GET with 405 all the same', async () => {
    const answer = await ask(on.app, {
      method: 'GET',
      path: `/oauth2/access_token?${password}&${credentials}`,
    });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'POST']);
  });

  it('leaves Axway’s endpoints as they are', async () => {
    expect(await postBare(on, '/api/oauth/token', `${password}&${credentials}`)).toEqual(parameterInUrl);
  });

  it('logs nothing of a URL', async () => {
    await postBare(on, '/oauth2/access_token', `${password}&${credentials}&scope=canary`);
    expect(on.app.logged.join('')).toContain('invalid_scope');
    expect(on.app.logged.join('')).not.toMatch(/canary|ann-password|app-secret/);
  });
});

describe('the start of a server', () => {
  const warning = 'AM_QUERY_PARAMETERS=on: secrets that clients send in URLs get into the logs of proxies';
  afterEach(() => ServerProcess.endAll());

  it.each([
    ['on', [{ level: 40 }]],
    ['off', []],
  ])('with AM_QUERY_PARAMETERS=%s logs these warnings: %j', async (value, warnings) => {
    const settings = await fileSettings(configuration({ '/': { clients: [client()] } }));
    const server = await ServerProcess.start({ ...settings, AM_QUERY_PARAMETERS: value });
    expect(server.recordsOf(warning)).toMatchObject(warnings);
  });

  it.each(['true', '1', 'ON', 'yes'])('is refused with AM_QUERY_PARAMETERS=%s', (value) => {
    expect(() => readConfig({ AM_QUERY_PARAMETERS: value })).toThrow('AM_QUERY_PARAMETERS: none of off, on');
  });
});
