import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { appCredentials, client, configuration } from '../support/configuration.js';
import { type Answer, ask } from '../support/exchange.js';
import { members, postForm, refusal } from '../support/token-endpoint.js';
import { noEndpoint, noRealm, ok } from '../support/tokeninfo.js';

const wellKnown = '/.well-known/oauth-authorization-server';
const openId = '/.well-known/openid-configuration';
const wholeForm = '/oauth2/realms/root/realms/alpha';

const realms = configuration({
  '/': { clients: [client()] },
  '/alpha': { clients: [client()], users: [{ username: 'ann', password: 'ann-password' }] },
  '/alpha/b~.-_1': { clients: [client()] },
});

let running: TestApp | undefined;

/** Starts the application with these settings, in the place of the one that runs. */
async function start(settings: Readonly<Record<string, string>>): Promise<TestApp> {
  await stop();
  running = await TestApp.start({ hasher: new FastHasher(), settings, configuration: realms });
  return running;
}

async function stop(): Promise<void> {
  await running?.stop();
  running = undefined;
}

afterAll(stop);

function get(app: TestApp, path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return ask(app, { method: 'GET', path, headers });
}

/** The metadata of the issuer whose endpoints begin with `base`. */
function metadata(issuer: string, base: string): Answer {
  return ok(
    `{"issuer":"${issuer}",` +
      `"authorization_endpoint":"${base}/authorize",` +
      `"token_endpoint":"${base}/access_token",` +
      '"token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post","none"],' +
      `"revocation_endpoint":"${base}/revoke",` +
      '"revocation_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post","none"],' +
      `"introspection_endpoint":"${base}/introspect",` +
      '"introspection_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post","Bearer"],' +
      '"grant_types_supported":["authorization_code","password","client_credentials","refresh_token"],' +
      '"response_types_supported":["code"],' +
      '"response_modes_supported":["query","fragment","form_post"],' +
      '"code_challenge_methods_supported":["S256"],' +
      '"authorization_response_iss_parameter_supported":true}',
  );
}

describe('with an issuer that has no path', () => {
  const issuer = 'https://auth.example.com';
  let app: TestApp;
  beforeAll(async () => {
    app = await start({ ISSUER: issuer });
  });

  it('§3.1 describes the root realm at the well-known path', async () => {
    expect(await get(app, wellKnown)).toEqual(metadata(issuer, `${issuer}/oauth2`));
  });

  it.each([wholeForm, '/oauth2/realms/root/realms/alpha/realms/b~.-_1'])(
    '§3.1 describes a realm at its inserted path %s',
    async (path) => {
      expect(await get(app, wellKnown + path)).toEqual(metadata(issuer + path, issuer + path));
    },
  );

  it.each([wholeForm, '/oauth2/realms/root/realms/alpha/realms/b~.-_1'])(
    '§3.1 describes a realm behind its issuer %s, too, where some clients look',
    async (path) => {
      expect(await get(app, path + wellKnown)).toEqual(metadata(issuer + path, issuer + path));
      expect(await get(app, `/am${path}${wellKnown}?x=1`)).toEqual(metadata(issuer + path, issuer + path));
    },
  );

  it('§3.1 describes the root realm behind the deployment prefix, where a proxy may send its issuer', async () => {
    expect(await get(app, `/am${wellKnown}`)).toEqual(metadata(issuer, `${issuer}/oauth2`));
  });

  it.each(['', wholeForm])('§3.1 says the same to whoever asks by whatever name, at "%s"', async (path) => {
    const forged = await get(app, wellKnown + path, {
      host: 'evil.example.com',
      forwarded: 'host=evil.example.com;proto=http',
      'x-forwarded-host': 'evil.example.com',
      'x-forwarded-proto': 'http',
      'x-forwarded-port': '81',
      'x-forwarded-prefix': '/evil',
      'x-original-url': '/evil',
    });
    expect(forged).toEqual(await get(app, wellKnown + path));
    const absolute = await get(app, `http://evil.example.com${wellKnown}${path}`);
    expect(absolute).toEqual(forged);
  });

  it('§3.1 ignores a query', async () => {
    expect(await get(app, `${wellKnown}?realm=/alpha&x=%FF`)).toEqual(metadata(issuer, `${issuer}/oauth2`));
  });

  it('answers HEAD as GET, without the body', async () => {
    const answer = await ask(app, { method: 'HEAD', path: wellKnown + wholeForm });
    expect(answer).toEqual({ ...(await get(app, wellKnown + wholeForm)), body: '' });
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('answers 405 to %s', async (method) => {
    const headers = { allow: 'GET, HEAD' };
    const expected = refusal('invalid_request', 'The method is not allowed here.', { status: 405, headers });
    expect(await ask(app, { method, path: wellKnown })).toEqual(expected);
    expect(await ask(app, { method, path: wellKnown + wholeForm })).toEqual(expected);
    expect(await ask(app, { method, path: wholeForm + wellKnown })).toEqual(expected);
    expect(await ask(app, { method, path: `/oauth2${wellKnown}` })).toEqual(noEndpoint);
  });

  it.each([
    '/oauth2/realms/root/realms/gamma',
    '/oauth2/realms/root/realms/alpha/realms/gamma',
    '/oauth2/realms/root/realms/Alpha',
    '/oauth2/realms/root/realms/*',
    "/oauth2/realms/root/realms/'or'1'='1",
  ])('answers 404 for the realm that is not there in %s', async (path) => {
    expect(await get(app, wellKnown + path)).toEqual(noRealm);
    const appended = await get(app, path + wellKnown);
    expect(appended).toEqual(/[*']/.test(path) ? noEndpoint : noRealm);
  });

  it.each([
    '/',
    '/oauth2',
    '/oauth2/',
    '/oauth2/realms/root',
    '/oauth2/alpha',
    '/oauth2/realms/alpha',
    '/am/oauth2/realms/root/realms/alpha',
    `${wholeForm}/`,
    `/${wholeForm}`,
    '/oauth2/realms/root/realms/alph%61',
    '/oauth2/realms/root/realms%2Falpha',
    '/oauth2/realms/root//realms/alpha',
    '/oauth2/realms/root/realms/alpha/access_token',
    '/oauth2/realms/root/realms/%',
    '/oauth2/realms/root/realms/..',
    '/alpha',
  ])('answers 404 for another form than the one in an identifier: %s', async (path) => {
    expect(await get(app, wellKnown + path)).toEqual(noRealm);
    if (!path.startsWith('/am/')) expect(await get(app, path + wellKnown)).toEqual(noEndpoint);
  });

  it.each([
    '/.well-known/OAuth-Authorization-Server',
    `${wholeForm}/.well-known/OAuth-Authorization-Server`,
    '/.well-known/oauth-authorization-servers',
    `/am/am${wellKnown}`,
    `/x${wellKnown}`,
    `${wholeForm}${wellKnown}/`,
    `${wholeForm}${wellKnown}/x`,
    openId,
    `/am${openId}`,
    wholeForm + openId,
  ])('has nothing at %s', async (path) => {
    expect(await get(app, path)).toEqual(noEndpoint);
  });

  it('names the grants that are served, and no other', async () => {
    const { grant_types_supported: grantTypes } = JSON.parse((await get(app, wellKnown)).body) as {
      grant_types_supported: string[];
    };
    const served: string[] = [];
    for (const grant_type of [...grantTypes, 'implicit', 'urn:x']) {
      const answer = await postForm(app, '/oauth2/access_token', { grant_type, ...appCredentials });
      const { error } = JSON.parse(answer.body) as { error?: string };
      if (error !== 'unsupported_grant_type') served.push(grant_type);
    }
    expect(served).toEqual(grantTypes);
  });
});

describe('the issuer', () => {
  it('is where it listens by its settings, where it is not set, and not where it is asked', async () => {
    const app = await start({});
    const issuer = 'http://127.0.0.1:8080';
    expect(app.url).not.toBe(issuer);
    expect(await get(app, wellKnown)).toEqual(metadata(issuer, `${issuer}/oauth2`));
  });

  it('§3.1 has its path inserted before those of the realms', async () => {
    const issuer = 'https://example.com:8443/idp/Pre%20fix';
    const app = await start({ ISSUER: issuer });
    const at = `${wellKnown}/idp/Pre%20fix`;
    expect(await get(app, at)).toEqual(metadata(issuer, `${issuer}/oauth2`));
    expect(await get(app, at + wholeForm)).toEqual(metadata(issuer + wholeForm, issuer + wholeForm));
    for (const path of [wholeForm, '/idp', '/idp/Pre fix', '/idp/Pre%20fix/', '/idp/pre%20fix']) {
      const target = encodeURI(wellKnown + path).replaceAll('%2520', '%20');
      expect(await get(app, target)).toEqual(path === '/idp/Pre fix' ? await get(app, at) : noRealm);
    }
  });

  it.each([
    ['as it is', '/idp'],
    ['replaced by the deployment prefix, by a proxy', '/am'],
    ['removed by a proxy', ''],
  ])('has its metadata behind it, its path being %s', async (_what, path) => {
    const issuer = 'https://example.com/idp';
    const app = await start({ ISSUER: issuer });
    expect(await get(app, path + wellKnown)).toEqual(metadata(issuer, `${issuer}/oauth2`));
    const ofAlpha = metadata(issuer + wholeForm, issuer + wholeForm);
    expect(await get(app, path + wholeForm + wellKnown)).toEqual(ofAlpha);
    expect(await get(app, `/other${wholeForm}${wellKnown}`)).toEqual(noEndpoint);
  });

  it('has no path behind which a realm could be called .well-known', async () => {
    const app = await start({});
    const file = configuration({ '/.well-known': { clients: [client()] } });
    await expect(app.apply(file)).rejects.toThrow('realms[0].name: must be / or a path of realm names');
  });
});

describe.each([
  ['no path', 'https://auth.example.com', ''],
  ['the deployment prefix for its path', 'https://auth.example.com/am', '/am'],
])('every URL that is named answers, the issuer having %s', (_what, issuer, path) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await start({ ISSUER: issuer });
  });

  it.each(['', wholeForm])('for the realm at "%s"', async (realm) => {
    const named = members(await get(app, wellKnown + path + realm));
    const at = (name: string) => new URL(named[name]).pathname;
    const form = { grant_type: 'client_credentials', ...appCredentials };
    const { access_token: token } = members(await postForm(app, at('token_endpoint'), form));
    const asked = await postForm(app, at('introspection_endpoint'), { token, ...appCredentials });
    expect(members(asked)).toMatchObject({ active: true, iss: named.issuer });
    expect(await postForm(app, at('revocation_endpoint'), { token, ...appCredentials })).toEqual(ok('{}'));
    const again = await postForm(app, at('introspection_endpoint'), { token, ...appCredentials });
    expect(again).toEqual(ok('{"active":false}'));
    const urls = Object.keys(named).filter((name) => name.endsWith('_endpoint'));
    expect(urls).toEqual([
      'authorization_endpoint',
      'token_endpoint',
      'revocation_endpoint',
      'introspection_endpoint',
    ]);
    expect((await get(app, at('authorization_endpoint'))).body).toContain('<code>invalid_client</code>');
  });
});

describe('OPENID_CONFIGURATION=on', () => {
  const issuer = 'https://example.com/idp';
  let app: TestApp;
  beforeAll(async () => {
    app = await start({ ISSUER: issuer, OPENID_CONFIGURATION: 'on' });
  });

  it.each(['/idp', '/am', ''])('§5 has the same document behind the issuer, at "%s"', async (path) => {
    expect(await get(app, path + openId)).toEqual(metadata(issuer, `${issuer}/oauth2`));
    expect(await get(app, path + wholeForm + openId)).toEqual(
      metadata(issuer + wholeForm, issuer + wholeForm),
    );
    expect(await ask(app, { method: 'HEAD', path: path + openId })).toEqual({
      ...(await get(app, path + openId)),
      body: '',
    });
    const headers = { allow: 'GET, HEAD' };
    expect(await ask(app, { method: 'POST', path: path + openId })).toEqual(
      refusal('invalid_request', 'The method is not allowed here.', { status: 405, headers }),
    );
  });

  it.each([`${openId}/idp`, `${openId}${wholeForm}`, `/x${openId}`, `${openId}/`, `/oauth2${openId}`])(
    'has nothing at %s',
    async (path) => {
      expect(await get(app, path)).toEqual(noEndpoint);
    },
  );

  it('leaves the metadata where they were', async () => {
    expect(await get(app, `${wellKnown}/idp`)).toEqual(metadata(issuer, `${issuer}/oauth2`));
  });
});
