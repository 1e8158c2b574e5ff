import { Clock } from '../../src/domain/clock.js';
import { Directory } from '../../src/domain/directory.js';
import { TokenCodec } from '../../src/domain/token-codec.js';
import { TokenImporter } from '../../src/domain/token-import.js';
import { TokenImport } from '../../src/provisioning/import-tokens.js';
import { fileOf, Notes } from '../provisioning/import-file.js';
import { TestApp } from '../support/app.js';
import { appCredentials, client, configuration } from '../support/configuration.js';
import { CountingHasher } from '../support/counting-hasher.js';
import { members, postForm, refusal, success, TokenEndpoint } from '../support/token-endpoint.js';
import { askAxway } from '../support/tokeninfo.js';

const invalidGrant = refusal('invalid_grant', 'The resource owner credentials are invalid.');
const users = [
  { username: 'demo', password: 'correct' },
  { username: 'Zoë O’Neil', password: 'correct' },
  { username: 'e\u0301lan', password: 'café' },
  { username: 'decomposed', password: 'cafe\u0301' },
  { username: 'Disabled', password: 'café', enabled: false },
];
const clients = [client({ grant_types: ['password'] }), client({ client_id: 'refreshing' })];
const refreshing = { ...appCredentials, client_id: 'refreshing' };

const hasher = new CountingHasher();
let app: TestApp;
let tokens: TokenEndpoint;

beforeAll(async () => {
  app = await TestApp.start({
    hasher,
    configuration: configuration({
      '/fold': { usernames: 'fold', clients, users },
      '/exact': { clients, users },
    }),
  });
  tokens = new TokenEndpoint(app, '/oauth2/fold/access_token');
});
afterEach(async () => expect(await tokens.leftBehind()).toBe(0));
afterAll(() => app.stop());

const exact = { path: '/oauth2/exact/access_token' };

function form(username: string, password: string) {
  return { grant_type: 'password', username, password, ...appCredentials };
}

describe('a user name', () => {
  const spellings = [
    ['demo', 'demo'],
    ['DEMO', 'demo'],
    ['Demo', 'demo'],
    ['ZOË O’NEIL', 'Zoë O’Neil'],
    ['zoe\u0308 o’neil', 'Zoë O’Neil'],
    ['Zoe\u0308 O’Neil', 'Zoë O’Neil'],
  ];

  it.each(spellings)('§4.3.2 is folded where its realm does that: %s', async (sent, registered) => {
    expect(await tokens.token(form(sent, 'correct'))).toMatchObject({ username: registered, realm: '/fold' });
  });

  it.each(spellings.filter(([sent, registered]) => sent !== registered))(
    '§4.3.2 is compared exactly where its realm does not say so: %s',
    async (sent, registered) => {
      expect(await tokens.ask(form(sent, 'correct'), exact)).toEqual(invalidGrant);
      expect(await tokens.ask(form(registered, 'correct'), exact)).toEqual(success('read'));
    },
  );

  it('RFC 7662 §2.2 is answered as it is registered, whichever way it was sent, and refreshed', async () => {
    const issued = members(await tokens.ask({ ...form('zoe\u0308 o’NEIL', 'correct'), ...refreshing }));
    const refresh = { grant_type: 'refresh_token', refresh_token: issued.refresh_token, ...refreshing };
    const refreshed = members(await tokens.ask(refresh));
    for (const { access_token: token } of [issued, refreshed]) {
      const introspect = { token, ...refreshing };
      const told = members(await postForm(app, '/oauth2/fold/introspect', introspect));
      expect(told).toMatchObject({ active: true, username: 'Zoë O’Neil', sub: 'Zoë O’Neil' });
      expect(members(await askAxway(app, `access_token=${token}`))).toMatchObject({ user_id: 'Zoë O’Neil' });
    }
  });

  it('is folded in an import, too, and kept as it is registered', async () => {
    const line = { client_id: 'app', realm: '/fold', scope: 'read', expires_at: app.clock.now() / 1000 + 60 };
    const lines = [
      { ...line, token: 'imported access token', username: 'DEMO' },
      {
        ...line,
        token: 'imported refresh token',
        username: 'Demo',
        type: 'refresh_token',
        client_id: 'refreshing',
      },
      { ...line, token: 'nobody', username: 'nobody' },
      { ...line, token: 'of an exact realm', username: 'DEMO', realm: '/exact' },
    ];
    const notes = new Notes();
    const { nest } = app;
    const imports = new TokenImport(nest.get(Directory), nest.get(TokenImporter), nest.get(Clock));
    const counts = await imports.run(fileOf(lines), { fromLine: 1, strict: false }, notes);
    expect(counts).toMatchObject({ added: 2, bad: 2 });
    expect(notes.bad).toEqual([
      '3: username: is not in the directory',
      '4: username: is not in the directory',
    ]);
    await nest.get(TokenCodec).reload();
    const query = new URLSearchParams({ access_token: 'imported access token' }).toString();
    expect(members(await askAxway(app, query))).toMatchObject({ user_id: 'demo' });
    const refresh = { grant_type: 'refresh_token', refresh_token: 'imported refresh token' };
    expect(await tokens.token({ ...refresh, ...refreshing })).toMatchObject({ username: 'demo' });
    await tokens.leftBehind(); // The imported tokens were not granted here.
  });

  it('is folded from the moment that its realm says so, and its tokens live on', async () => {
    const realm = (usernames: 'exact' | 'fold') =>
      app.apply(configuration({ '/later': { usernames, clients, users } }));
    const later = { path: '/oauth2/later/access_token' };
    await realm('exact');
    const { access_token: token } = members(await tokens.ask(form('demo', 'correct'), later));
    expect(await tokens.ask(form('DEMO', 'correct'), later)).toEqual(invalidGrant);
    await realm('fold');
    expect(await tokens.ask(form('DEMO', 'correct'), later)).toEqual(success('read'));
    await realm('exact');
    expect(await tokens.ask(form('DEMO', 'correct'), later)).toEqual(invalidGrant);
    expect((await askAxway(app, `access_token=${token}`)).status).toBe(200);
  });
});

describe('a password', () => {
  const work = (username: string, password: string, answer: unknown, more = {}) =>
    hasher.during(async () => expect(await tokens.ask(form(username, password), more)).toEqual(answer));

  it('§4.3.2 is compared as it was sent, then composed where that differs, in every realm', async () => {
    for (const more of [{}, exact]) {
      expect(await work('e\u0301lan', 'café', success('read'), more)).toBe(1);
      expect(await work('e\u0301lan', 'cafe\u0301', success('read'), more)).toBe(2);
      expect(await work('decomposed', 'cafe\u0301', success('read'), more)).toBe(1);
      expect(await work('decomposed', 'café', invalidGrant, more)).toBe(1);
    }
  });

  it('§4.3.2 is neither folded nor trimmed', async () => {
    for (const wrong of ['CAFÉ', 'Café', 'cafe', ' café', 'café ', 'ｃafé']) {
      expect(await work('e\u0301lan', wrong, invalidGrant)).toBe(1);
    }
  });

  it.each([
    ['a wrong password', 'demo'],
    ['a wrong password, the name in another spelling', 'DEMO'],
    ['an unknown user', 'nobody'],
    ['a disabled user', 'disabled'],
    ['a user of another realm', 'of-another'],
    ['an SQL wildcard', 'DEM%'],
    ['a name of 14,000 characters', 'E\u0301'.repeat(7000)],
  ])('§5.2 is one guess, and its refusal takes as much work: %s', async (_what, username) => {
    for (const more of [{}, exact]) {
      expect(await work(username, 'wrong', invalidGrant, more)).toBe(1);
      expect(await work(username, 'wrongx\u0301', invalidGrant, more)).toBe(1);
      expect(await work(username, 'wronge\u0301', invalidGrant, more)).toBe(2);
    }
    expect(await work('Disabled', 'cafe\u0301', invalidGrant)).toBe(2);
  });

  it('§4.3.2 is too long as it was sent, or composed', async () => {
    const tooLong = refusal('invalid_request', 'The password is longer than 1024 bytes.');
    // This one is longer when it is composed.
    const growing = '\u0958'.repeat(341);
    expect(await work('demo', 'e\u0301'.repeat(342), tooLong)).toBe(0);
    expect(await work('demo', growing, invalidGrant)).toBe(2);
    expect(await work('nobody', growing, invalidGrant)).toBe(2);
  });
});
