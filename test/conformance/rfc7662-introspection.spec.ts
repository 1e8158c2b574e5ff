import { AccessTokenStore, hashToken } from '../../src/domain/access-token.js';
import { Directory } from '../../src/domain/directory.js';
import { TokenCodec } from '../../src/domain/token-codec.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { client, configuration, publicClient } from '../support/configuration.js';
import { type Answer, ask, type Ask } from '../support/exchange.js';
import {
  basic,
  failedClient,
  type Form,
  formType,
  malformed,
  members,
  postForm,
  refusal,
  parameterInUrl,
} from '../support/token-endpoint.js';
import { noRealm, ok } from '../support/tokeninfo.js';

const scopes = ['read', 'write', 'introspect'];
const users = [{ username: 'ann', password: 'ann-password' }];
/** A client for each right; `app` and `other` may see their own. */
const clients = [
  client({ scopes }),
  client({ client_id: 'other', scopes }),
  client({ client_id: 'in-realm', scopes, introspect: 'realm' }),
  client({ client_id: 'in-all', scopes, introspect: 'all' }),
];
const issuer = 'https://auth.example.com';
const endpoint = '/oauth2/introspect';
const inactive = ok('{"active":false}');

let app: TestApp;

beforeAll(async () => {
  app = await TestApp.start({
    hasher: new FastHasher(),
    settings: { ISSUER: issuer },
    configuration: configuration({
      '/': {
        auth_level: 7,
        clients: [
          ...clients,
          client({ client_id: 'mortal', access_token_lifetime: 2 }),
          publicClient({ client_id: 'public', scopes, introspect: 'all' }),
        ],
        users,
      },
      '/alpha': { auth_level: 5, clients, users },
      '/beta': { clients, users },
    }),
  });
});
afterAll(() => app.stop());

/** The form's part of client authentication. */
function credentials(clientId: string) {
  return { client_id: clientId, client_secret: 'app-secret' };
}

/** Tokens of a client, for `ann`. */
async function issued(clientId: string, { realm = '', scope = 'read', ...more } = {}) {
  const form = { grant_type: 'password', username: 'ann', password: 'ann-password', scope, ...more };
  const who = clientId === 'public' ? { client_id: clientId } : credentials(clientId);
  return members(await postForm(app, `/oauth2${realm}/access_token`, { ...form, ...who }));
}

async function accessToken(clientId: string, more: { realm?: string; scope?: string } = {}): Promise<string> {
  return (await issued(clientId, more)).access_token;
}

function introspect(form: Form, headers?: Ask['headers'], path = endpoint): Promise<Answer> {
  return postForm(app, path, form, headers);
}

function bearer(token: string) {
  return { authorization: `Bearer ${token}` };
}

/** RFC 6750 §3: how the bearer of a token is refused. */
function refusedBearer(status: number, error: string, description: string, realm = '/'): Answer {
  const headers = { 'www-authenticate': `Bearer realm="${realm}", error="${error}"` };
  return refusal(error, description, { status, headers });
}

const badBearer = refusedBearer(401, 'invalid_token', 'The access token is invalid.');

describe('an active token', () => {
  it('§2.2 is described, in this order', async () => {
    const token = await accessToken('app', { scope: 'write read' });
    const now = app.clock.now() / 1000;
    app.clock.advance(500);
    expect(await introspect({ token, ...credentials('app') })).toEqual(
      ok(
        '{"active":true,"scope":"write read","client_id":"app","username":"ann","user_id":"ann","token_type":"Bearer",' +
          `"exp":${Math.floor(now + 3600)},"iat":${Math.floor(now)},"sub":"ann","iss":"${issuer}",` +
          '"realm":"/","auth_level":7,"expires_in":3599}',
      ),
    );
  });

  it('§2.2 has no user name where the client acts for itself', async () => {
    const form = { grant_type: 'client_credentials', ...credentials('app') };
    const { access_token: token } = members(await postForm(app, '/oauth2/alpha/access_token', form));
    const now = app.clock.now() / 1000;
    const answer = await introspect({ token, ...credentials('app') }, {}, '/oauth2/alpha/introspect');
    expect(answer).toEqual(
      ok(
        '{"active":true,"scope":"read","client_id":"app","user_id":"app","token_type":"Bearer",' +
          `"exp":${Math.ceil(now) + 3600},"iat":${Math.floor(now)},"sub":"app","iss":"${issuer}/oauth2/realms/root/realms/alpha",` +
          '"realm":"/alpha","auth_level":0,"expires_in":3600}',
      ),
    );
  });

  it.each([
    ['of a resource owner', 'ann'],
    ['of a client that acts for itself', undefined],
  ])('§2.2 has no scope where it was issued without any: %s', async (_whose, username) => {
    const [realm, client, owner] = await Promise.all([
      app.nest.get(Directory).findRealm('/'),
      app.nest.get(Directory).findClient('/', 'app'),
      username && app.nest.get(Directory).findResourceOwner('/', username),
    ]);
    const token = app.nest.get(TokenCodec).mint('sya_');
    const now = app.clock.now();
    await app.nest.get(AccessTokenStore).insert({
      hash: hashToken(token),
      realm: '/',
      clientId: 'app',
      username,
      scope: [],
      grantType: 'authorization_code',
      authLevel: 0,
      issuedAt: now,
      expiresAt: now + 60_000,
      epochs: { realm: realm!.epoch, client: client!.epoch, resourceOwner: owner ? owner.epoch : undefined },
    });
    const answer = members(await introspect({ token, ...credentials('app') }));
    expect(answer).toMatchObject({ active: true, client_id: 'app', user_id: username ?? 'app' });
    expect(answer).not.toHaveProperty('scope');
  });

  it.each(['access_token', 'refresh_token', 'unknown'])('§2.1 is found with the hint %s', async (hint) => {
    const token = await accessToken('app');
    const answer = await introspect({ token, token_type_hint: hint, ...credentials('app') });
    expect(members(answer)).toMatchObject({ active: true });
  });

  it('§2.2 is no secret to its log: nothing of it is written there', async () => {
    const token = await accessToken('app');
    await introspect({ token, ...credentials('app') });
    expect(app.logged.join('')).not.toContain(token);
  });
});

describe('§2.2 no more than {"active":false} is said of', () => {
  const asked = (token: string) => introspect({ token, ...credentials('in-all') });

  it.each([
    ['what is no token', 'x'],
    ['a text of other characters', "' or 1=1--%_*é😀"],
    ['a token that was never issued', 'sya_BcYGjPOQSCrtbEc1F0ag8zf6OT9rCaMLiI1dYjFLT5z'],
    ['a token with a wrong tag', `sya_${'A'.repeat(54)}`],
    ['a long text', 'x'.repeat(50_000)],
  ])('%s', async (_what, token) => {
    expect(await asked(token)).toEqual(inactive);
  });

  it('a refresh token, whatever the hint', async () => {
    const { refresh_token: token } = await issued('app');
    expect(await asked(token)).toEqual(inactive);
    const hinted = { token, token_type_hint: 'refresh_token', ...credentials('app') };
    expect(await introspect(hinted)).toEqual(inactive);
  });

  it('an expired token', async () => {
    const token = await accessToken('mortal');
    const { exp, ...rest } = members(await asked(token));
    expect(rest).toMatchObject({ active: true, expires_in: 2 });
    app.clock.advance(Number(exp) * 1000 - app.clock.now() - 1);
    expect(members(await asked(token))).toMatchObject({ active: true, expires_in: 1 });
    app.clock.advance(1);
    expect(await asked(token)).toEqual(inactive);
  });

  it('a revoked token, and those of a revoked family', async () => {
    const [one, family] = [await issued('app'), await issued('app')];
    for (const token of [one.access_token, family.refresh_token]) {
      expect((await postForm(app, '/oauth2/revoke', { token, ...credentials('app') })).status).toBe(200);
    }
    expect(await asked(one.access_token)).toEqual(inactive);
    expect(await asked(family.access_token)).toEqual(inactive);
  });
});

describe('§4 a caller may see', () => {
  it.each([
    ['app', 'its own', '', 'app', true],
    ['app', "another client's", '', 'other', false],
    ['app', "another's of its own name in another realm", '/alpha', 'app', false],
    ['in-realm', 'its own', '', 'in-realm', true],
    ['in-realm', "another client's", '', 'other', true],
    ['in-realm', "a public client's", '', 'public', true],
    ['in-realm', "another's of its own name in another realm", '/alpha', 'in-realm', false],
    ['in-realm', "another client's in another realm", '/alpha', 'other', false],
    ['in-all', "another client's", '', 'other', true],
    ['in-all', "another client's in another realm", '/alpha', 'other', true],
  ])('as %s, %s (realm "%s", client %s): %s', async (caller, _whose, realm, owner, seen) => {
    const token = await accessToken(owner, { realm });
    const byCredentials = await introspect({ token, ...credentials(caller) });
    const own = await accessToken(caller, { scope: 'introspect' });
    const byToken = await introspect({ token }, bearer(own));
    expect(byToken).toEqual(byCredentials);
    if (seen) expect(members(byCredentials)).toMatchObject({ active: true, client_id: owner });
    else expect(byCredentials).toEqual(inactive);
  });

  it('of the realm that is asked, as its client there', async () => {
    const token = await accessToken('other', { realm: '/alpha' });
    const form = { token, ...credentials('in-realm') };
    for (const path of [
      '/oauth2/alpha/introspect',
      '/am/oauth2/realms/root/realms/alpha/introspect',
      '/oauth2/introspect?realm=/alpha',
    ]) {
      expect(members(await introspect(form, {}, path))).toMatchObject({ active: true, realm: '/alpha' });
    }
    expect(await introspect(form, {}, '/oauth2/beta/introspect')).toEqual(inactive);
    expect(await introspect(form, {}, '/oauth2/gamma/introspect')).toEqual(noRealm);
  });
});

describe('§2.1 the caller', () => {
  it('authenticates by HTTP Basic, in the form, or by a token of the scope introspect', async () => {
    const token = await accessToken('app');
    const own = await accessToken('app', { scope: 'read introspect' });
    const answers = [
      await introspect({ token }, basic('app:app-secret')),
      await introspect({ token, client_id: 'app' }, basic('app:app-secret')),
      await introspect({ token, ...credentials('app') }),
      await introspect({ token }, bearer(own)),
      await introspect({ token }, { authorization: `bearer ${own}` }),
    ];
    for (const answer of answers) expect(members(answer)).toMatchObject({ active: true, client_id: 'app' });
  });

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['nobody', {}, {}],
    ['an unknown client', credentials('nobody'), {}],
    ['a wrong secret', { client_id: 'app', client_secret: 'wrong' }, {}],
    ['a wrong secret in HTTP Basic', {}, basic('app:wrong')],
    ['a client without its secret', { client_id: 'app' }, {}],
    ['a public client, which anybody may say to be', { client_id: 'public' }, {}],
    ['a public client in HTTP Basic', {}, basic('public:')],
    ['a scheme with nothing behind it', {}, { authorization: 'Bearer' }],
    ['another scheme', {}, { authorization: 'Digest x' }],
  ])('is refused as %s', async (_what, form, headers) => {
    const token = await accessToken('app');
    expect(await introspect({ token, ...form }, headers)).toEqual(failedClient('/'));
    const path = '/oauth2/alpha/introspect';
    expect(await introspect({ token, ...form }, headers, path)).toEqual(failedClient('/alpha'));
  });

  it('RFC 6750 §3.1 is refused with a token that is worth nothing here', async () => {
    const token = await accessToken('app');
    const { access_token: revoked, refresh_token } = await issued('app', { scope: 'introspect' });
    await postForm(app, '/oauth2/revoke', { token: revoked, ...credentials('app') });
    const ofAlpha = await accessToken('app', { scope: 'introspect', realm: '/alpha' });
    for (const own of ['x', revoked, refresh_token, ofAlpha, `sya_${'A'.repeat(54)}`]) {
      expect(await introspect({ token }, bearer(own))).toEqual(badBearer);
    }
    const ofRoot = await accessToken('app', { scope: 'introspect' });
    expect(await introspect({ token }, bearer(ofRoot), '/oauth2/alpha/introspect')).toEqual(
      refusedBearer(401, 'invalid_token', 'The access token is invalid.', '/alpha'),
    );
  });

  it('RFC 6750 §3.1 is refused with a token of another scope, though it be the one asked about', async () => {
    const token = await accessToken('app', { scope: 'read write' });
    expect(await introspect({ token }, bearer(token))).toEqual(
      refusedBearer(403, 'insufficient_scope', 'The access token may not be used here.'),
    );
  });

  it('RFC 6749 §2.3 uses one method alone', async () => {
    const token = await accessToken('app');
    const own = await accessToken('app', { scope: 'introspect' });
    const twice = refusal(
      'invalid_request',
      'More than one method of client authentication was used: the Authorization header and the form.',
    );
    expect(await introspect({ token, ...credentials('app') }, bearer(own))).toEqual(twice);
    expect(await introspect({ token, ...credentials('app') }, basic('app:app-secret'))).toEqual(twice);
    const lines = { authorization: [`Bearer ${own}`, `Bearer ${own}`] };
    expect(await introspect({ token }, lines)).toEqual(malformed);
  });
});

describe('§2.1 the request', () => {
  const auth = basic('app:app-secret');

  it('names a token', async () => {
    const missing = refusal('invalid_request', 'The parameter token is missing.');
    expect(await introspect({}, auth)).toEqual(missing);
    expect(await introspect({ token: '' }, auth)).toEqual(missing);
    expect(await introspect({})).toEqual(failedClient('/'));
  });

  it.each([
    'token=a&token=b',
    'token[]=a',
    'token=a%00',
    'token=%FF',
    'token=a&token_type_hint=x&token_type_hint=y',
  ])('is not %s', async (form) => {
    expect(await introspect(form, auth)).toEqual(malformed);
  });

  it.each(['token', 'token_type_hint', 'client_id', 'client_secret'])(
    'has no %s in the query',
    async (name) => {
      const token = await accessToken('app');
      expect(await introspect({ token }, auth, `${endpoint}?${name}=${token}`)).toEqual(parameterInUrl);
      expect(app.logged.join('')).not.toContain(token);
    },
  );

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('is not made by %s', async (method) => {
    const headers = { allow: 'POST' };
    const refused = refusal('invalid_request', 'The method is not allowed here.', { status: 405, headers });
    const answer = await ask(app, { method, path: endpoint });
    expect(answer).toEqual(method === 'HEAD' ? { ...refused, body: '' } : refused);
  });

  it.each(['application/json', 'text/plain', `${formType}, text/plain`])(
    'is not of type %s',
    async (type) => {
      const answer = await introspect('{"token":"x"}', { ...auth, 'content-type': type });
      expect(answer).toEqual(
        refusal('invalid_request', 'The header Content-Type must be application/x-www-form-urlencoded.'),
      );
    },
  );
});
