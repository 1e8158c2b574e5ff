import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { appCredentials, client, configuration } from '../support/configuration.js';
import { ask, type Ask } from '../support/exchange.js';
import { members, notFound, postForm, refusal } from '../support/token-endpoint.js';
import {
  askForgeRock,
  axwayRefusals,
  forgeRockMalformed,
  forgeRockPath,
  forgeRockRefusal,
  postAxway,
} from '../support/tokeninfo.js';

const ann = { username: 'ann', password: 'ann-password' };
const realms = {
  '/': { clients: [client({ access_token_lifetime: 60 })], users: [ann] },
  '/alpha': { clients: [client()] },
};
/** AM's answer up to 13.0, without a challenge. */
const notValid = forgeRockRefusal(400, 'invalid_request', 'Access Token not valid');

let app: TestApp;

beforeAll(async () => {
  app = await TestApp.start({
    hasher: new FastHasher(),
    settings: { TOKENINFO_ERRORS: 'openam12' },
    configuration: configuration(realms),
  });
});
afterAll(() => app.stop());

async function login(): Promise<Readonly<Record<string, string>>> {
  const form = { grant_type: 'password', ...ann, ...appCredentials };
  return members(await postForm(app, '/oauth2/access_token', form));
}

describe('TOKENINFO_ERRORS=openam12', () => {
  it('answers an active token as without it', async () => {
    const { access_token: token } = await login();
    expect(members(await askForgeRock(app, token))).toMatchObject({ access_token: token, client_id: 'app' });
  });

  it.each([
    ['no token', forgeRockPath, {}],
    ['an empty one', `${forgeRockPath}?access_token=`, {}],
    ['an unknown one in the query', `${forgeRockPath}?access_token=x`, {}],
    ['an unknown one in the header', forgeRockPath, { authorization: 'Bearer x' }],
    ['one that is not UTF-8', `${forgeRockPath}?access_token=%FF`, {}],
    ['another scheme', forgeRockPath, { authorization: 'Basic x' }],
    ['an unknown one in a named realm', '/oauth2/alpha/tokeninfo', { authorization: 'Bearer x' }],
  ] satisfies [string, string, Ask['headers']][])('answers 400 for %s', async (_what, path, headers) => {
    expect(await ask(app, { method: 'GET', path, headers })).toEqual(notValid);
    expect(await ask(app, { method: 'HEAD', path, headers })).toEqual({ ...notValid, body: '' });
  });

  it('answers 400 for a refresh token, and for a token of another realm than the one named', async () => {
    const { access_token: access, refresh_token: refresh } = await login();
    expect(await askForgeRock(app, refresh)).toEqual(notValid);
    expect(await askForgeRock(app, access, '/oauth2/alpha/tokeninfo')).toEqual(notValid);
  });

  it('answers 400 for a token that is expired, revoked or withdrawn', async () => {
    const [revoked, withdrawn] = [await login(), await login()];
    await postForm(app, '/oauth2/revoke', { token: revoked.access_token, ...appCredentials });
    expect(await askForgeRock(app, revoked.access_token)).toEqual(notValid);
    await app.apply(configuration({ ...realms, '/': { users: [{ ...ann, enabled: false }] } }));
    expect(await askForgeRock(app, withdrawn.access_token)).toEqual(notValid);
    await app.apply(configuration(realms));
    const expired = await login();
    app.clock.advance(60_000);
    expect(await askForgeRock(app, expired.access_token)).toEqual(notValid);
  });

  it('leaves answers that are not about a token as they are', async () => {
    const both = {
      method: 'GET',
      path: `${forgeRockPath}?access_token=x`,
      headers: { authorization: 'Bearer x' },
    };
    expect(await ask(app, both)).toEqual(
      forgeRockRefusal(400, 'invalid_request', 'Access Token cannot be provided in both query and header'),
    );
    const twice = `${forgeRockPath}?access_token=x&access_token=x`;
    expect(await ask(app, { method: 'GET', path: twice })).toEqual(forgeRockMalformed);
    expect(await ask(app, { method: 'GET', path: '/oauth2/beta/tokeninfo' })).toEqual(
      notFound('Realm not found'),
    );
    expect((await ask(app, { path: forgeRockPath })).status).toBe(405);
  });

  it('applies to that flavour alone', async () => {
    expect(await postAxway(app, 'access_token=x')).toEqual(axwayRefusals.unknown);
    const introspected = await postForm(app, '/oauth2/introspect', { token: 'x', ...appCredentials });
    expect(introspected.body).toBe('{"active":false}');
    const bearer = { authorization: 'Bearer x' };
    const headers = { 'www-authenticate': 'Bearer realm="/", error="invalid_token"' };
    expect(await postForm(app, '/oauth2/introspect', { token: 'x' }, bearer)).toEqual(
      refusal('invalid_token', 'The access token is invalid.', { status: 401, headers }),
    );
  });
});
