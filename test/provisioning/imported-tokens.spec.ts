import { Clock } from '../../src/domain/clock.js';
import { Directory } from '../../src/domain/directory.js';
import { TokenCodec } from '../../src/domain/token-codec.js';
import { TokenImporter } from '../../src/domain/token-import.js';
import { TokenImport } from '../../src/provisioning/import-tokens.js';
import { TestApp } from '../support/app.js';
import { appCredentials, client, configuration } from '../support/configuration.js';
import { type Answer, ask } from '../support/exchange.js';
import { formType } from '../support/token-endpoint.js';
import { askAxway, askForgeRock, axwayRefusals, deadIn } from '../support/tokeninfo.js';
import { FastHasher } from './fast-hasher.js';
import { fileOf, Notes } from './import-file.js';

let app: TestApp;
/** Those of this test alone. */
let accessToken: string;
let refreshToken: string;
let serial = 0;

beforeAll(async () => {
  const users = [{ username: 'ann', password: 'ann-password' }];
  const other = client({ client_id: 'other' });
  app = await TestApp.start({
    hasher: new FastHasher(),
    configuration: configuration({ '/': { clients: [client(), other], users, auth_level: 2 } }),
  });
});

afterAll(() => app.stop());

beforeEach(() => {
  serial += 1;
  accessToken = `AQIC5wM2LY4SfczeHvyo.*AAJTSQACMDE.*${serial}`;
  refreshToken = `r3fr3sh/+=of another server ${serial}`;
});

// The first test: the server of the later ones has read that there are such tokens.
it('imported tokens are unknown until the server has read that there are any, and expire', async () => {
  await importTokens();
  const query = new URLSearchParams({ access_token: accessToken }).toString();
  expect(await askAxway(app, query)).toEqual(axwayRefusals.unknown);
  await reload();
  expect((await askAxway(app, query)).status).toBe(200);
  app.clock.advance(3_600_000);
  await reload();
  expect(await askAxway(app, query)).toEqual(axwayRefusals.expired);
});

/** Imports an access token and a refresh token of ann's for the client app, valid for an hour. */
async function importTokens(more: object = {}) {
  const line = {
    client_id: 'app',
    username: 'ann',
    scope: 'read write',
    expires_at: app.clock.now() / 1000 + 3600,
    additional_information: { department: 'engineering' },
    ...more,
  };
  const lines = [
    { token: accessToken, ...line },
    { token: refreshToken, type: 'refresh_token', ...line },
  ];
  const notes = new Notes();
  const { nest } = app;
  const imports = new TokenImport(nest.get(Directory), nest.get(TokenImporter), nest.get(Clock));
  const counts = await imports.run(fileOf(lines), { fromLine: 1, strict: true }, notes);
  expect(notes.bad).toEqual([]);
  return counts;
}

/** Reads the keys again, as a running server does every 20 s. */
async function reload(): Promise<void> {
  await app.nest.get(TokenCodec).reload();
}

function post(path: string, form: Readonly<Record<string, string>>): Promise<Answer> {
  const body = new URLSearchParams({ ...appCredentials, ...form }).toString();
  return ask(app, { path, headers: { 'content-type': formType }, body });
}

function refresh(value: string, form: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return post('/oauth2/access_token', { grant_type: 'refresh_token', refresh_token: value, ...form });
}

function json({ body }: Answer): Record<string, unknown> {
  return JSON.parse(body) as Record<string, unknown>;
}

it('imported tokens are active at every endpoint, with the information that was imported', async () => {
  expect(await importTokens()).toMatchObject({ added: 2 });
  await reload();
  const query = new URLSearchParams({ access_token: accessToken }).toString();
  const axway = await askAxway(app, query);
  expect([axway.status, json(axway)]).toEqual([
    200,
    { audience: 'app', user_id: 'ann', scope: 'read write', expires_in: 3600 },
  ]);
  const forgeRock = await askForgeRock(app, accessToken);
  expect([forgeRock.status, json(forgeRock)]).toEqual([
    200,
    expect.objectContaining({ realm: '/', grant_type: 'password', auth_level: 2, scope: ['read', 'write'] }),
  ]);
  const introspection = await post('/oauth2/introspect', { token: accessToken });
  expect(json(introspection)).toMatchObject({ active: true, username: 'ann', scope: 'read write' });
});

it('imported refresh tokens are accepted from the client that they were issued to, and from no other', async () => {
  await importTokens();
  await reload();
  const stranger = await refresh(refreshToken, { client_id: 'other' });
  expect([stranger.status, json(stranger).error]).toEqual([400, 'invalid_grant']);
  const first = await refresh(refreshToken);
  expect([first.status, json(first).scope]).toEqual([200, 'read write']);
  const issued = json(first);
  const shown = json(await askForgeRock(app, String(issued.access_token)));
  expect(shown).toMatchObject({ grant_type: 'refresh_token', auth_level: 2 });
  expect((await refresh(String(issued.refresh_token))).status).toBe(200);
  expect(json(await refresh(refreshToken)).error).toBe('invalid_grant');
});

it('RFC 6749 §6 imported refresh tokens without scope are refreshed without one, as often as others', async () => {
  await importTokens({ scope: '' });
  await reload();
  for (const scope of ['read', 'read write']) {
    expect(json(await refresh(refreshToken, { scope })).error).toBe('invalid_scope');
  }
  const forms: Readonly<Record<string, string>>[] = [{}, { scope: '' }, { scope: ' ' }];
  let value = refreshToken;
  for (const form of forms) {
    const answer = await refresh(value, form);
    expect([answer.status, json(answer).scope]).toEqual([200, '']);
    const { access_token: issued, refresh_token: next } = json(answer);
    expect(json(await askForgeRock(app, String(issued)))).toMatchObject({
      grant_type: 'refresh_token',
      scope: [],
    });
    const introspection = json(await post('/oauth2/introspect', { token: String(issued) }));
    expect(introspection).toMatchObject({ active: true, username: 'ann' });
    expect(introspection).not.toHaveProperty('scope');
    value = String(next);
  }
});

it('RFC 6749 §6 imported refresh tokens keep of their scope what is registered', async () => {
  await importTokens({ scope: 'gone read' });
  await reload();
  const answer = await refresh(refreshToken);
  expect([answer.status, json(answer).scope]).toEqual([200, 'read']);
});

it('imported tokens are not accepted as tokens of the other kind', async () => {
  await importTokens();
  await reload();
  expect(await askForgeRock(app, refreshToken)).toEqual(deadIn('/'));
  expect(json(await refresh(accessToken)).error).toBe('invalid_grant');
});

it('imported tokens stay revoked or used up when they are imported again', async () => {
  await importTokens();
  await reload();
  expect((await post('/oauth2/revoke', { token: accessToken })).status).toBe(200);
  expect((await refresh(refreshToken)).status).toBe(200);
  expect(await importTokens()).toMatchObject({ added: 0, alreadyThere: 2 });
  expect(await askForgeRock(app, accessToken)).toEqual(deadIn('/'));
  expect(json(await refresh(refreshToken)).error).toBe('invalid_grant');
});

it('imported tokens end when the password of their resource owner changes, as all tokens do', async () => {
  await importTokens();
  await reload();
  const users = [{ username: 'ann', password: 'another-password' }];
  await app.apply(configuration({ '/': { users } }));
  expect(await askForgeRock(app, accessToken)).toEqual(deadIn('/'));
  expect(json(await refresh(refreshToken)).error).toBe('invalid_grant');
});

describe('RFC 7009 §2.1 imported tokens that name a family', () => {
  let family: { readonly family: string };
  beforeEach(() => {
    family = { family: `AM's grant id ${serial}` };
  });

  async function revoke(value: string): Promise<void> {
    expect((await post('/oauth2/revoke', { token: value })).status).toBe(200);
  }

  it('end with the refresh token, and stay dead when they are imported again', async () => {
    await importTokens(family);
    await reload();
    const refreshed = json(await refresh(refreshToken));
    await revoke(String(refreshed.refresh_token));
    expect(await importTokens(family)).toMatchObject({ added: 0, alreadyThere: 2 });
    await reload();
    for (const token of [accessToken, String(refreshed.access_token)])
      expect(await askForgeRock(app, token)).toEqual(deadIn('/'));
    for (const token of [refreshToken, String(refreshed.refresh_token)])
      expect(json(await refresh(token)).error).toBe('invalid_grant');
  });

  it('end with the reuse of the refresh token (RFC 9700 §4.14.2)', async () => {
    await importTokens(family);
    await reload();
    expect((await refresh(refreshToken)).status).toBe(200);
    app.clock.advance(60_000);
    expect(json(await refresh(refreshToken)).error).toBe('invalid_grant');
    expect(await askForgeRock(app, accessToken)).toEqual(deadIn('/'));
  });

  it('do not end with an access token of it, nor with another family', async () => {
    await importTokens(family);
    await importTokens({ family: 'another', token: 'another access token', type: 'access_token' });
    await reload();
    await revoke(accessToken);
    expect((await refresh(refreshToken)).status).toBe(200);
    await revoke(refreshToken);
    expect((await askForgeRock(app, 'another access token')).status).toBe(200);
  });

  it('stay dead where a later file has another token of the revoked login', async () => {
    await importTokens(family);
    await reload();
    await revoke(refreshToken);
    expect(await importTokens({ ...family, token: 'a later token', type: 'access_token' })).toMatchObject({
      added: 0,
    });
    expect(await askForgeRock(app, 'a later token')).toEqual(deadIn('/'));
  });

  it('are not tied without it: each refresh token is a family of its own', async () => {
    await importTokens();
    await reload();
    await revoke(refreshToken);
    expect((await askForgeRock(app, accessToken)).status).toBe(200);
  });
});
