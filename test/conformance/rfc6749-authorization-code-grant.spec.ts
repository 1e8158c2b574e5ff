import { AuditLog } from '../../src/domain/audit.js';
import {
  Authorizing,
  callback,
  type Parameters,
  signInClients,
  signInConfiguration,
  verifier,
} from '../support/authorizing.js';
import type { Answer } from '../support/exchange.js';
import { InterruptedHasher } from '../support/interrupted-hasher.js';
import { credentials, pairOf } from '../support/token-life.js';
import { members, postForm, refusal } from '../support/token-endpoint.js';
import { askAxway, askForgeRock } from '../support/tokeninfo.js';

const hasher = new InterruptedHasher();
let browser: Authorizing;
beforeAll(async () => {
  browser = await Authorizing.start({ hasher });
});
afterAll(() => browser.app.stop());

const invalidCode = refusal('invalid_grant', 'The authorization code is invalid.');

/** A form with everything that a good redemption of `goodRequest`'s code has, except as stated. */
function redeem(code: string, form: Parameters = {}, realm = ''): Promise<Answer> {
  const client = form.client_id ?? 'app';
  const all = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: callback,
    code_verifier: verifier,
    ...(client === 'public' ? { client_id: client } : credentials(client)),
    ...form,
  };
  const sent = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return postForm(browser.app, `/oauth2${realm}/access_token`, Object.fromEntries(sent));
}

/** Which of the answers' tokens are good: in Axway's flavour, in ForgeRock's, at introspection, and for a refresh. */
async function alive(answer: Answer): Promise<boolean[]> {
  const { access, refresh } = pairOf(answer);
  const { app } = browser;
  const axway = await askAxway(app, `access_token=${access}`);
  const forgeRock = await askForgeRock(app, access);
  const rfc7662 = members(
    await postForm(app, '/oauth2/introspect', { token: access, ...credentials('app') }),
  );
  const grant = { grant_type: 'refresh_token', refresh_token: refresh ?? '', ...credentials('app') };
  const refreshed = refresh && (await postForm(app, '/oauth2/access_token', grant));
  const statuses = [axway.status === 200, forgeRock.status === 200, String(rfc7662.active) === 'true'];
  return refreshed ? [...statuses, refreshed.status === 200] : statuses;
}

describe('RFC 6749 §4.1.3', () => {
  it('§4.1.4 redeems a code for the tokens that the authorization request asked for', async () => {
    const code = await browser.code({ scope: 'write read' });
    const answer = await redeem(code, { scope: 'read' });
    expect(members(answer)).toEqual({
      access_token: expect.stringMatching(/^sya_[\w-]{54}$/),
      refresh_token: expect.stringMatching(/^syr_[\w-]{54}$/),
      scope: 'write read',
      token_type: 'Bearer',
      expires_in: 3600,
    });
    expect(await alive(answer)).toEqual([true, true, true, true]);
  });

  it('takes the code at the path of Axway and of the realm', async () => {
    const code = await browser.code();
    const form = { grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: verifier };
    members(await postForm(browser.app, '/api/oauth/token', { ...form, ...credentials('app') }));
    members(await redeem(await browser.code({}, { realm: '/alpha' }), {}, '/alpha'));
  });

  it('needs a code', async () => {
    expect(await redeem('')).toEqual(refusal('invalid_request', 'The parameter code is missing.'));
  });

  it('needs the grant type', async () => {
    const description = 'The client may not use this grant type.';
    expect(
      await redeem(await browser.code(), { client_id: 'password', client_secret: 'app-secret' }),
    ).toEqual(refusal('unauthorized_client', description));
  });

  it.each<[string, (code: string) => Promise<Answer>]>([
    ['another client', (code) => redeem(code, credentials('asking'))],
    ['a public client', (code) => redeem(code, { client_id: 'public' })],
    ['the same client of another realm', (code) => redeem(code, {}, '/alpha')],
    ['another redirect_uri', (code) => redeem(code, { redirect_uri: `${callback}/` })],
    ['no verifier', (code) => redeem(code, { code_verifier: undefined })],
    ['a wrong verifier', (code) => redeem(code, { code_verifier: verifier.replace('d', 'e') })],
    ['a short verifier', (code) => redeem(code, { code_verifier: verifier.slice(1) })],
    ['a long verifier', (code) => redeem(code, { code_verifier: verifier.repeat(3) })],
    [
      'its challenge as verifier',
      (code) => redeem(code, { code_verifier: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM' }),
    ],
  ])('refuses the code to %s, and its owner redeems it', async (_, attempt) => {
    const code = await browser.code();
    expect(await attempt(code)).toEqual(invalidCode);
    expect(await alive(await redeem(code))).toEqual([true, true, true, true]);
  });

  it('refuses what is no code', async () => {
    const { access, refresh } = pairOf(await redeem(await browser.code()));
    const session = await browser.signIn();
    for (const value of ['x', `syc_${'a'.repeat(54)}`, access, refresh ?? '', session]) {
      expect(await redeem(value)).toEqual(invalidCode);
    }
  });

  it('refuses an expired code', async () => {
    const [late, inTime] = [await browser.code(), await browser.code()];
    browser.app.clock.advance(59_999);
    members(await redeem(inTime));
    browser.app.clock.advance(1);
    expect(await redeem(late)).toEqual(invalidCode);
  });

  describe('a redirect_uri', () => {
    const bare = { client_id: 'optional', code_challenge: undefined, code_challenge_method: undefined };
    const unproven = { ...credentials('optional'), code_verifier: undefined };

    it.each<[string, Parameters, Parameters, boolean]>([
      ['sent, and the same', bare, unproven, true],
      ['sent, then missing', bare, { ...unproven, redirect_uri: undefined }, false],
      ['sent, then another', bare, { ...unproven, redirect_uri: 'https://client.example/' }, false],
      ['never sent', { ...bare, redirect_uri: undefined }, { ...unproven, redirect_uri: undefined }, true],
      ['not sent, then the registered one', { ...bare, redirect_uri: undefined }, unproven, true],
      [
        'not sent, then another',
        { ...bare, redirect_uri: undefined },
        { ...unproven, redirect_uri: 'https://x.example/' },
        false,
      ],
      ['sent with a challenge, then missing', {}, { redirect_uri: undefined }, true],
    ])('%s', async (_, request, form, good) => {
      const code = await browser.code(request);
      expect((await redeem(code, form)).status).toBe(good ? 200 : 400);
    });

    it('RFC 8252 §7.3 of a loopback port is the one that the request named', async () => {
      const redirect_uri = 'http://127.0.0.1:49152/callback';
      const code = await browser.code({ client_id: 'public', redirect_uri });
      const other = { client_id: 'public', redirect_uri: 'http://127.0.0.1:49153/callback' };
      expect(await redeem(code, other)).toEqual(invalidCode);
      members(await redeem(code, { client_id: 'public', redirect_uri }));
    });
  });
});

describe('RFC 9700 §4.8.2', () => {
  it('refuses a verifier for a code without challenge', async () => {
    const bare = { client_id: 'optional', code_challenge: undefined, code_challenge_method: undefined };
    const code = await browser.code(bare);
    expect(await redeem(code, credentials('optional'))).toEqual(invalidCode);
    members(await redeem(code, { ...credentials('optional'), code_verifier: undefined }));
  });
});

describe('RFC 6749 §4.1.2', () => {
  it('refuses a duplicate within a second, and its tokens live on', async () => {
    const code = await browser.code();
    const first = await redeem(code);
    browser.app.clock.advance(999);
    expect(await redeem(code)).toEqual(invalidCode);
    expect(await alive(first)).toEqual([true, true, true, true]);
  });

  it.each([
    ['with a refresh token', 'app', 4],
    ['without one', 'unrefreshed', 3],
  ])('ends all tokens of a code %s that is replayed later', async (_, client, kinds) => {
    const code = await browser.code({ client_id: client });
    const first = await redeem(code, credentials(client));
    browser.app.clock.advance(1000);
    expect(await redeem(code, credentials(client))).toEqual(invalidCode);
    expect(await alive(first)).toEqual(Array(kinds).fill(false));
  });

  it('ends the tokens of later refreshes as well, and long after the code has expired', async () => {
    const code = await browser.code();
    const { refresh = '' } = pairOf(await redeem(code));
    const grant = { grant_type: 'refresh_token', refresh_token: refresh, ...credentials('app') };
    const next = await postForm(browser.app, '/oauth2/access_token', grant);
    browser.app.clock.advance(600_000);
    expect(await redeem(code)).toEqual(invalidCode);
    expect(await alive(next)).toEqual([false, false, false, false]);
  });

  it.each<[string, (code: string) => Promise<Answer>]>([
    ['a wrong verifier', (code) => redeem(code, { code_verifier: verifier.replace('d', 'e') })],
    ['another redirect_uri', (code) => redeem(code, { redirect_uri: `${callback}/` })],
    ['another client', (code) => redeem(code, credentials('asking'))],
    ['another realm', (code) => redeem(code, {}, '/alpha')],
  ])('leaves the tokens alive when a used code comes with %s', async (_, attempt) => {
    const code = await browser.code();
    const first = await redeem(code);
    browser.app.clock.advance(5000);
    expect(await attempt(code)).toEqual(invalidCode);
    expect(await alive(first)).toEqual([true, true, true, true]);
  });

  it('records the replay', async () => {
    const code = await browser.code();
    await redeem(code);
    browser.app.clock.advance(1000);
    await redeem(code);
    const at = browser.app.clock.now();
    const events = await browser.app.nest
      .get(AuditLog)
      .list({ within: '/', action: 'family.reuse', limit: 100 });
    expect(events.filter((event) => event.at === at)).toEqual([
      expect.objectContaining({
        actor: expect.objectContaining({ kind: 'system', address: expect.stringContaining('127.0.0.1') }),
        realm: '/',
        name: 'app',
        tokenId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      }),
    ]);
  });

  it('redeems a code once, however many redeem it at once', async () => {
    const code = await browser.code();
    const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(code)));
    const good = answers.filter(({ status }) => status === 200);
    expect(good).toHaveLength(1);
    for (const answer of answers) if (answer !== good[0]) expect(answer).toEqual(invalidCode);
    expect(await alive(good[0])).toEqual([true, true, true, true]);
  });
});

describe('token information', () => {
  const axwaySettings = {
    AXWAY_ADDITIONAL_PARAMETERS: JSON.stringify([
      ...['getState', 'getRedirectUri', 'getScope', 'getParameters'].map((method) => ({
        name: method,
        value: `\${accesstoken.authn.getAuthorizationRequest().${method}()}`,
      })),
      { name: 'information', value: '${accesstoken.getAdditionalInformation()}' },
    ]),
  };

  it('names the grant, the user and the level in ForgeRock’s flavour, and the refresh after it', async () => {
    const answer = await redeem(await browser.code());
    const { access, refresh = '' } = pairOf(answer);
    const told = members(await askForgeRock(browser.app, access));
    expect(told).toMatchObject({
      grant_type: 'authorization_code',
      realm: '/',
      auth_level: 7,
      scope: ['read'],
    });
    const grant = { grant_type: 'refresh_token', refresh_token: refresh, ...credentials('app') };
    const next = pairOf(await postForm(browser.app, '/oauth2/access_token', grant));
    expect(members(await askForgeRock(browser.app, next.access))).toMatchObject({
      grant_type: 'refresh_token',
    });
  });

  it('has the level that the realm had when the code was made', async () => {
    const code = await browser.code();
    await browser.app.apply(signInConfiguration().replace('"auth_level":7', '"auth_level":8'));
    const { access, refresh = '' } = pairOf(await redeem(code));
    expect(members(await askForgeRock(browser.app, access))).toMatchObject({ auth_level: 7 });
    const grant = { grant_type: 'refresh_token', refresh_token: refresh, ...credentials('app') };
    const next = pairOf(await postForm(browser.app, '/oauth2/access_token', grant));
    expect(members(await askForgeRock(browser.app, next.access))).toMatchObject({ auth_level: 7 });
    await browser.app.apply(signInConfiguration());
  });

  it('has the authorization request and the merged additional information in Axway’s flavour', async () => {
    const additional_parameters = ['tenant', 'colour', 'shape'];
    const clients = signInClients.map((fields) =>
      fields.client_id === 'app'
        ? { ...fields, additional_parameters, additional_information: new Map([['department', 'sales']]) }
        : fields,
    );
    const other = await Authorizing.start({
      settings: axwaySettings,
      configuration: signInConfiguration(clients),
    });
    const before = browser;
    browser = other;
    const code = await browser.code({ tenant: 'red', colour: 'blue', department: 'none', scope: 'write' });
    const answer = await redeem(code, { state: 'ignored', tenant: 'green', shape: 'round', scope: 'read' });
    const told = members(await askAxway(browser.app, `access_token=${pairOf(answer).access}`));
    expect(told).toMatchObject({
      user_id: 'ann',
      scope: 'write',
      getState: 'state-1',
      getRedirectUri: callback,
      getScope: 'write',
      information: '{department=sales, tenant=green, colour=blue, shape=round}',
    });
    expect(told.getParameters).toContain('code=xxxxxxxx');
    expect(told.getParameters).toContain('code_verifier=xxxxxxxx');
    for (const secret of [code, verifier]) expect(told.getParameters).not.toContain(secret);
    browser = before;
    await other.app.stop();
  });
});

describe('a change of a subject', () => {
  const disable = (name: string) => signInConfiguration().replaceAll(name, `${name},"enabled":false`);

  afterEach(() => browser.app.apply(signInConfiguration()));

  it.each([
    ['disabled user', disable('"username":"ann"'), invalidCode],
    ['new password', signInConfiguration().replaceAll('ann-password', 'other-password'), invalidCode],
    [
      'new secret of the client',
      signInConfiguration(
        signInClients.map((fields) =>
          fields.client_id === undefined || fields.client_id === 'app'
            ? { ...fields, client_secret_hash: undefined, client_secret: 'app-secret ' }
            : fields,
        ),
      ),
      refusal('invalid_client', 'Client authentication failed.', {
        status: 401,
        headers: { 'www-authenticate': 'Basic realm="/"' },
      }),
    ],
  ])('%s ends a code before its redemption, and the session', async (_, changed, expected) => {
    const session = await browser.signIn();
    const code = await browser.code({}, { session });
    await browser.app.apply(changed);
    expect(await redeem(code)).toEqual(expected);
    await browser.app.apply(signInConfiguration());
    expect(await redeem(code)).toEqual(invalidCode);
  });

  const duringSignIn = [
    ['disabled user', disable('"username":"ann"')],
    ['new password', signInConfiguration().replaceAll('ann-password', 'other-password')],
    ['disabled realm', disable('"name":"/alpha"')],
  ] as const;

  it.each(duringSignIn)('%s during login: the session has ended as it begins', async (_, changed) => {
    hasher.interruption = () => browser.app.apply(changed);
    const session = await browser.signIn({ realm: '/alpha' });
    expect(hasher.interruption).toBeUndefined();
    const sent = { realm: '/alpha', session };
    expect((await browser.attempt({}, sent)).kind).not.toBe('code');
    await browser.app.apply(signInConfiguration());
    expect((await browser.attempt({}, sent)).kind).toBe('login');
  });

  it.each(duringSignIn)(
    '%s ends the session during consent, and enabling does not revive it',
    async (_, changed) => {
      const session = await browser.signIn({ realm: '/alpha' });
      const posted = { form: 'consent', decision: 'allow' } as const;
      await browser.app.apply(changed);
      const sent = { realm: '/alpha', session, posted };
      expect((await browser.attempt({}, sent)).kind).not.toBe('code');
      await browser.app.apply(signInConfiguration());
      expect((await browser.attempt({}, sent)).kind).toBe('login');
    },
  );
});
