import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { configuration } from '../support/configuration.js';
import { ask } from '../support/exchange.js';
import {
  allowed,
  ann,
  authorize,
  callback,
  codeClient,
  redeem,
  requestParameters,
} from '../support/sign-in.js';
import { formType, members } from '../support/token-endpoint.js';
import { pageError, parametersOf, Visitor } from '../support/visitor.js';

const issuer = 'https://auth.example.com';
const alphaIssuer = `${issuer}/oauth2/realms/root/realms/alpha`;

let app: TestApp;
beforeAll(async () => {
  const users = [ann];
  app = await TestApp.start({
    hasher: new FastHasher(),
    settings: { ISSUER: issuer },
    configuration: configuration({
      '/': {
        clients: [
          codeClient({ client_name: 'The application', additional_parameters: ['tenant'] }),
          codeClient({ client_id: 'two', redirect_uris: [callback, `${callback}?kept=1`, `${callback}?`] }),
          codeClient({ client_id: 'disabled', enabled: false }),
          codeClient({ client_id: 'no-codes', grant_types: ['password'] }),
          codeClient({ client_id: 'native', redirect_uris: ['com.example.app:/callback'] }),
        ],
        users,
      },
      '/alpha': { clients: [codeClient()], users },
    }),
  });
});
afterAll(() => app.stop());

const visitor = () => new Visitor(app);
const get = (parameters = {}, path?: string) => visitor().get(authorize(parameters, path));

describe('§4.1.1 what is never answered by a redirection', () => {
  it.each([
    'https://app.example.com/Callback',
    'https://app.example.com/callback/',
    'https://app.example.com/callback?',
    'https://app.example.com/callback?a=1',
    'https://app.example.com/callback%2F',
    'https://app.example.com/c%61llback',
    'https://app.example.com/x/../callback',
    'https://app.example.com/%2e/callback',
    'https://app.example.com/callback#',
    'https://app.example.com/callback#fragment',
    'https://app.example.com//callback',
    'https://app.example.com/callback%00',
    'https://app.example.com:443/callback',
    'https://app.example.com:8443/callback',
    'https://APP.example.com/callback',
    'HTTPS://app.example.com/callback',
    'http://app.example.com/callback',
    'https://user@app.example.com/callback',
    'https://app.example.com@evil.example.com/callback',
    'https://evil.example.com/callback',
    'https://evil.app.example.com/callback',
    'https://app.example.com.evil.example.com/callback',
    'https://app.example.com./callback',
    'https://app.example.com\\@evil.example.com/callback',
    'https://app.example.com/callback\r\nLocation: https://evil.example.com',
    ' https://app.example.com/callback',
    'https://app.example.com/callback ',
    '//app.example.com/callback',
    '/callback',
    'javascript:alert(1)',
    'data:text/html,x',
  ])('the redirect URI %j', async (redirect_uri) => {
    expect(pageError(await get({ redirect_uri }))).toEqual([
      400,
      expect.stringMatching(/^redirect_uri_mismatch$|^invalid_request$/),
    ]);
  });

  it('a repeated redirect URI', async () => {
    const again = `&redirect_uri=${encodeURIComponent(callback)}`;
    for (const more of [again, '&redirect_uri[]=x', '&redirect_uri=']) {
      expect(pageError(await visitor().get(authorize() + more))).toEqual([400, 'invalid_request']);
    }
  });

  it.each([
    [400, 'invalid_client', { client_id: undefined }],
    [400, 'invalid_client', { client_id: 'unknown' }],
    [400, 'invalid_client', { client_id: 'disabled' }],
    [400, 'redirect_uri_mismatch', { client_id: 'two', redirect_uri: undefined }],
    [400, 'invalid_request', { username: 'ann' }],
    [400, 'invalid_request', { csrf: '' }],
    [404, 'not_found', { realm: '/unknown' }],
  ])('status %s, %s, for %j', async (status, code, parameters) => {
    expect(pageError(await get(parameters))).toEqual([status, code]);
  });

  it('tells unknown and disabled clients in the same words', async () => {
    const texts = await Promise.all(
      ['unknown', 'disabled', undefined].map((client_id) => get({ client_id })),
    );
    const same = texts.map(({ body }) => body.replace(/[0-9a-f-]{36}/, ''));
    expect(new Set(same).size).toBe(1);
  });

  it.each(['state', 'scope', 'client_id', 'response_type', 'prompt', 'code_challenge', 'tenant'])(
    'a repeated %s',
    async (name) => {
      expect(pageError(await visitor().get(`${authorize()}&${name}=x&${name}=x`))).toEqual([
        400,
        'invalid_request',
      ]);
    },
  );

  it.each(['%FF', '%', '%00'])('an unreadable parameter, %s', async (value) => {
    expect(pageError(await visitor().get(`${authorize({ state: undefined })}&state=${value}`))).toEqual([
      400,
      'invalid_request',
    ]);
  });
});

describe('§3.1 the endpoint', () => {
  it.each(['HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('refuses %s', async (method) => {
    const headers = { origin: 'https://app.example.com', 'access-control-request-method': 'POST' };
    for (const path of ['/oauth2/authorize', '/api/oauth/authorize', '/oauth2/logout']) {
      const answer = await ask(app, { method, path, headers });
      expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, POST']);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it.each([
    ['/oauth2/authorize', issuer],
    ['/am/oauth2/authorize', issuer],
    ['/oauth2/realms/root/authorize', issuer],
    ['/oauth2/alpha/authorize', alphaIssuer],
    ['/am/oauth2/realms/root/realms/alpha/authorize', alphaIssuer],
    ['/oauth2/realms/alpha/authorize', alphaIssuer],
  ])('is at %s, of the issuer %s (RFC 9207)', async (path, iss) => {
    const { visit } = await allowed(app, authorize({}, path));
    expect(parametersOf(visit)).toMatchObject({ iss, state: 'a state' });
  });

  it('is at the realm that the query names', async () => {
    const { visit } = await allowed(app, authorize({ realm: '/alpha' }));
    expect(parametersOf(visit)).toMatchObject({ iss: alphaIssuer });
  });

  it('§3.1 ignores parameters that it does not know, even twice', async () => {
    const page = await visitor().get(`${authorize({ nonce: 'n' })}&resource=a&resource=b`);
    expect(page.status).toBe(200);
  });

  it('§3.1 takes a parameter without a value for one that was not sent', async () => {
    const { visit } = await allowed(app, authorize({ state: '', response_mode: '', scope: '' }));
    expect(parametersOf(visit)).not.toHaveProperty('state');
  });
});

describe('§4.1.2 the answer', () => {
  it('has AM’s members in AM’s order', async () => {
    const { visit } = await allowed(app, authorize({ scope: 'write read' }));
    expect(visit.location).toMatch(
      /^https:\/\/app\.example\.com\/callback\?code=syc_[\w-]{54}&scope=write%20read&iss=https%3A%2F%2Fauth\.example\.com&state=a%20state&client_id=app$/,
    );
    expect(visit.headers['cache-control']).toBe('no-store');
  });

  it('has Axway’s members under Axway’s path, where commas separate scopes, too', async () => {
    const { visit } = await allowed(app, authorize({ scope: 'write,read' }, '/api/oauth/authorize'));
    expect(visit.location).toMatch(
      /^https:\/\/app\.example\.com\/callback\?code=syc_[\w-]{54}&state=a%20state&iss=https%3A%2F%2Fauth\.example\.com$/,
    );
    const { code } = parametersOf(visit);
    expect(members(await redeem(app, code, { path: '/api/oauth/token' })).scope).toBe('write read');
  });

  it('keeps the query of the redirect URI, and adds to it', async () => {
    for (const [redirect_uri, begin] of [
      [`${callback}?kept=1`, `${callback}?kept=1&code=`],
      [`${callback}?`, `${callback}?code=`],
    ]) {
      const { visit } = await allowed(app, authorize({ client_id: 'two', redirect_uri }));
      expect(visit.location?.slice(0, begin.length)).toBe(begin);
    }
  });

  it('goes to the one registered redirect URI where none is named, be it an application’s', async () => {
    const { visit } = await allowed(app, authorize({ client_id: 'native', redirect_uri: undefined }));
    expect(visit.location).toMatch(/^com\.example\.app:\/callback\?code=/);
  });

  it('is in the fragment for response_mode=fragment', async () => {
    const { visit } = await allowed(app, authorize({ response_mode: 'fragment' }));
    expect(parametersOf(visit, '#')).toMatchObject({ state: 'a state', iss: issuer, client_id: 'app' });
    expect(visit.location).not.toContain('?');
  });

  it('is a form for response_mode=form_post, which is sent by itself or by a button', async () => {
    const { visit } = await allowed(app, authorize({ response_mode: 'form_post', state: '"<&>\r\n' }));
    expect([visit.status, visit.location]).toEqual([200, undefined]);
    expect(visit.headers['content-security-policy']).toMatch(/; script-src 'sha256-[^']+'; /);
    expect(visit.body).toContain('action="https://app.example.com/callback"');
    expect(visit.body).toContain('name="state" value="&#34;&#60;&#38;&#62;&#13;&#10;"');
    expect(visit.body).toMatch(/name="code" value="syc_[\w-]{54}"/);
    expect(visit.body).toContain('<button>');
  });

  it('is good for a token in both flavours', async () => {
    const { visit } = await allowed(app, authorize({}, '/oauth2/alpha/authorize'));
    const token = members(
      await redeem(app, parametersOf(visit).code, { path: '/oauth2/alpha/access_token' }),
    );
    const info = await ask(app, {
      method: 'GET',
      path: `/oauth2/alpha/tokeninfo?access_token=${token.access_token}`,
    });
    expect(JSON.parse(info.body)).toMatchObject({ grant_type: 'authorization_code', realm: '/alpha' });
    const axway = await ask(app, {
      method: 'GET',
      path: `/api/oauth/tokeninfo?access_token=${token.access_token}`,
    });
    expect(JSON.parse(axway.body)).toMatchObject({ user_id: 'ann', audience: 'app' });
  });
});

describe('§4.1.2.1 what is answered by a redirection', () => {
  const errors = [
    ['unauthorized_client', { client_id: 'no-codes' }],
    ['unsupported_response_type', { response_type: 'token' }],
    ['unsupported_response_type', { response_type: 'code token' }],
    ['request_not_supported', { request: 'x' }],
    ['request_uri_not_supported', { request_uri: 'x' }],
    ['invalid_request', { response_type: undefined }],
    ['invalid_request', { code_challenge: undefined, code_challenge_method: undefined }],
    ['invalid_request', { code_challenge_method: 'plain' }],
    ['invalid_request', { code_challenge_method: undefined }],
    ['invalid_request', { code_challenge: undefined }],
    ['invalid_request', { code_challenge: 'short' }],
    ['invalid_request', { response_mode: 'unknown' }],
    ['invalid_request', { prompt: 'unknown' }],
    ['invalid_request', { prompt: 'none login' }],
    ['invalid_request', { max_age: '-1' }],
    ['invalid_request', { max_age: '1.5' }],
    ['invalid_scope', { scope: 'unknown' }],
    ['invalid_scope', { scope: '"' }],
    ['login_required', { prompt: 'none' }],
  ] as const;

  it.each(errors)('%s for %j', async (error, parameters) => {
    const visit = await get(parameters);
    expect(parametersOf(visit)).toEqual({
      error,
      error_description: expect.stringMatching(/^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/),
      state: 'a state',
      iss: issuer,
    });
    expect(visit.location).toMatch(
      /^https:\/\/app\.example\.com\/callback\?error=\w+&error_description=[^&+]+&state=a%20state&iss=/,
    );
  });

  const states = ['&#=?+%', '\r\nLocation: https://evil.example.com', '😀 é', "~!'()*", 's'.repeat(4096)];
  it.each(states)('the state %j comes back as it was', async (state) => {
    for (const response_mode of ['query', 'fragment'] as const) {
      const visit = await get({ state, response_mode, scope: 'unknown' });
      const separator = response_mode === 'query' ? '?' : '#';
      expect(parametersOf(visit, separator)).toMatchObject({ error: 'invalid_scope', state, iss: issuer });
      expect(visit.location?.split('state=')[1]).not.toMatch(/[^\w.~!'()*%&=-]/);
    }
  });

  it('an error is posted for response_mode=form_post', async () => {
    const visit = await get({ response_mode: 'form_post', scope: 'unknown' });
    expect([visit.status, visit.location]).toEqual([200, undefined]);
    expect(visit.body).toContain('name="error" value="invalid_scope"');
    expect(visit.body).toContain(`name="iss" value="${issuer}"`);
  });

  it('an error comes in its order: what is wrong with the client before what is wrong with the request', async () => {
    const all = {
      response_type: 'token',
      request: 'x',
      request_uri: 'x',
      response_mode: 'x',
      scope: '"',
      prompt: 'none',
    };
    const order: string[] = [];
    for (const mend of [
      { client_id: 'no-codes' },
      {},
      { response_type: 'code' },
      { request: undefined },
      { request_uri: undefined },
      { response_mode: undefined },
      { scope: 'read' },
    ]) {
      if (!('client_id' in mend)) Object.assign(all, mend);
      order.push(parametersOf(await get({ ...all, ...mend })).error);
    }
    expect(order).toEqual([
      'unauthorized_client',
      'unsupported_response_type',
      'request_not_supported',
      'request_uri_not_supported',
      'invalid_request',
      'invalid_scope',
      'login_required',
    ]);
  });

  it('access_denied when the user refuses, in whatever words', async () => {
    const visitor = new Visitor(app);
    const page = await visitor.signIn(authorize());
    for (const decision of ['deny', 'no', '', 'Allowed']) {
      expect(parametersOf(await visitor.submit(page, { decision }))).toMatchObject({
        error: 'access_denied',
        state: 'a state',
        iss: issuer,
      });
    }
    expect(parametersOf(await visitor.submit(page, { decision: 'ALLOW' }))).toHaveProperty('code');
  });
});

describe('§3.1 a posted request', () => {
  const form = () => Object.fromEntries(requestParameters());

  it('is asked for again by GET, so that the session comes along (SameSite)', async () => {
    const visitor = new Visitor(app);
    await visitor.signIn(authorize());
    const visit = await visitor.post('/oauth2/authorize', form(), { 'sec-fetch-site': 'cross-site' });
    expect([visit.status, visit.headers.location]).toEqual([
      303,
      expect.stringMatching(/^\?response_type=code&client_id=app&/),
    ]);
    const page = await visitor.follow(visit);
    expect(page.body).toContain('name="decision"');
    expect(parametersOf(await visitor.submit(page, { decision: 'allow' }))).toMatchObject({
      state: 'a state',
    });
  });

  it('keeps the realm of the URL, and takes none from the form', async () => {
    const visit = await visitor().post('/oauth2/authorize?realm=/alpha', { ...form(), realm: '/unknown' });
    expect(new URL(visit.location ?? '').searchParams.getAll('realm')).toEqual(['/alpha']);
    expect((await visitor().follow(visit)).body).toContain('name="password"');
  });

  it('has its parameters in the query if that names a client', async () => {
    const visit = await visitor().post(authorize({ state: 'in the query' }), {
      ...form(),
      state: 'in the form',
    });
    expect(new URL(visit.location ?? '').searchParams.get('state')).toBe('in the query');
  });

  it('has its parameters in the form, the decision among them, as AM’s scripts send them', async () => {
    const visitor = new Visitor(app);
    const page = await visitor.signIn(authorize());
    const [, csrf] = /name="csrf"\s+value="([^"]+)"/.exec(page.body) ?? [];
    const visit = await visitor.post('/oauth2/authorize', { ...form(), decision: 'allow', csrf }, {});
    expect(parametersOf(visit)).toHaveProperty('code');
  });

  it('shows its login page with a form that sends all of it again', async () => {
    const { body } = await visitor().post('/oauth2/authorize', { ...form(), decision: 'allow', csrf: 'x' });
    expect(body).toContain('action="?response_type=code&#38;client_id=app&#38;');
  });

  it.each([
    ['a type that is no form', { 'content-type': 'application/json' }, '{}'],
    ['a repeated part of our forms', { 'content-type': formType }, 'csrf=a&csrf=b'],
    ['a repeated parameter', { 'content-type': formType }, 'client_id=app&client_id=app'],
    [
      'more than a URL has room for',
      { 'content-type': formType },
      `client_id=app&state=${'s'.repeat(16_000)}`,
    ],
    ['more than is read', { 'content-type': formType }, `client_id=app&state=${'s'.repeat(60_000)}`],
  ])('is refused with %s', async (_what, headers, body) => {
    const answer = await ask(app, { path: '/oauth2/authorize', headers, body });
    expect(pageError({ ...answer, path: '' })).toEqual([400, 'invalid_request']);
  });
});

describe('the pages', () => {
  it.each([
    ['de', { ui_locales: 'fr de-CH en' }, {}],
    ['de', { locale: 'de' }, {}],
    ['en', { ui_locales: 'en', locale: 'de' }, {}],
    ['de', {}, { 'accept-language': 'fr;q=0.9, de;q=0.8, en;q=0.1' }],
    ['en', { ui_locales: 'en' }, { 'accept-language': 'de' }],
    ['en', {}, { 'accept-language': '*, ;;, de;q=0' }],
  ])('are in %s for %j and %j', async (lang, parameters, headers) => {
    const { body } = await visitor().get(authorize(parameters), headers);
    expect(body).toContain(`<html lang="${lang}">`);
  });

  it('are in the wanted language even if they say that something is wrong', async () => {
    const unknown = await get({ client_id: 'unknown', ui_locales: 'de' });
    expect(unknown.body).toContain('<title>Fehler: ');
    const repeated = await visitor().get(`${authorize({ ui_locales: 'de' })}&ui_locales=en`);
    expect(repeated.body).toContain('<html lang="de">');
  });

  it('show the correlation id by which an operator finds what was wrong', async () => {
    const response = await fetch(`${app.url}${authorize({ client_id: 'unknown' })}`);
    expect(await response.text()).toContain(response.headers.get('x-correlation-id'));
  });
});
