import { TestApp } from '../support/app.js';
import { appCredentials, client, configuration, publicClient } from '../support/configuration.js';
import { CountingHasher } from '../support/counting-hasher.js';
import { refusal, success, TokenEndpoint } from '../support/token-endpoint.js';

const invalidGrant = refusal('invalid_grant', 'The resource owner credentials are invalid.');
const longest = '€'.repeat(341) + 'x';
const unicode = 'пароль 密碼 😀 é e\u0301 " \\ $ \u00A0 &=+% ';

const hasher = new CountingHasher();
let app: TestApp;
let tokens: TokenEndpoint;

beforeAll(async () => {
  app = await TestApp.start({
    hasher,
    configuration: configuration({
      '/alpha': {
        auth_level: 3,
        clients: [
          client({ access_token_lifetime: 60, grant_types: ['password'] }),
          client({ client_id: 'batch', grant_types: ['client_credentials'] }),
          publicClient({ client_id: 'public' }),
        ],
        users: [
          { username: 'demo', password: 'correct' },
          { username: 'Zoë O’Neil 😀', password: unicode },
          { username: 'long', password: longest },
          { username: 'disabled', password: 'correct', enabled: false },
        ],
      },
      '/beta': { clients: [client()], users: [{ username: 'demo', password: 'of beta' }] },
    }),
  });
  tokens = new TokenEndpoint(app, '/oauth2/alpha/access_token');
});
afterEach(async () => expect(await tokens.leftBehind()).toBe(0));
afterAll(() => app.stop());

function form(username: string, password: string) {
  return { grant_type: 'password', username, password, ...appCredentials };
}

describe('the password grant', () => {
  it('§4.3.3 answers a token, for the client’s lifetime', async () => {
    expect(await tokens.ask(form('demo', 'correct'))).toEqual(success('read', 60));
    expect(await tokens.ask({ ...form('demo', 'correct'), scope: 'write read' })).toEqual(
      success('write read', 60),
    );
  });

  it('§4.3.3 keeps for whom it was issued', async () => {
    const issuedAt = app.clock.now();
    expect(await tokens.token(form('demo', 'correct'))).toMatchObject({
      realm: '/alpha',
      clientId: 'app',
      username: 'demo',
      scope: ['read'],
      grantType: 'password',
      authLevel: 3,
      issuedAt,
      expiresAt: issuedAt + 60_000,
    });
  });

  it('§4.3.2 serves a public client, which has no secret', async () => {
    const asked = { ...form('demo', 'correct'), client_id: 'public', client_secret: '' };
    expect(await tokens.ask(asked)).toEqual(success('read'));
  });

  it('§4.3 is off for a client whose registration does not list it', async () => {
    const expected = refusal('unauthorized_client', 'The client may not use this grant type.');
    const work = await hasher.during(async () => {
      expect(await tokens.ask({ ...form('demo', 'correct'), client_id: 'batch' })).toEqual(expected);
    });
    expect(work).toBe(0);
  });

  it('§4.3.2 takes user names and passwords of any characters', async () => {
    expect(await tokens.ask(form('Zoë O’Neil 😀', unicode))).toEqual(success('read', 60));
  });

  it('§4.3.2 compares passwords by their code points: nothing is normalized, folded or trimmed', async () => {
    for (const other of [unicode.normalize('NFD'), unicode.normalize('NFC'), unicode.trim(), ` ${unicode}`]) {
      expect(await tokens.ask(form('Zoë O’Neil 😀', other))).toEqual(invalidGrant);
    }
  });

  it('§4.3.2 refuses a password of more than 1 KiB before it is hashed', async () => {
    expect(Buffer.byteLength(longest)).toBe(1024);
    expect(await tokens.ask(form('long', longest))).toEqual(success('read', 60));
    const expected = refusal('invalid_request', 'The password is longer than 1024 bytes.');
    const work = await hasher.during(async () => {
      for (const tooLong of [`${longest}x`, 'x'.repeat(50_000)]) {
        expect(await tokens.ask(form('long', tooLong))).toEqual(expected);
        expect(await tokens.ask(form('nobody', tooLong))).toEqual(expected);
      }
    });
    expect(work).toBe(0);
  });
});

describe('refused resource owner credentials', () => {
  it.each([
    ['an unknown user', 'nobody', 'x'],
    ['an unknown user, another’s password', 'nobody', 'correct'],
    ['a wrong password', 'demo', 'x'],
    ['a password in another case', 'demo', 'CORRECT'],
    ['a disabled user', 'disabled', 'correct'],
    ['a disabled user, a wrong password', 'disabled', 'x'],
    ['the password of another realm’s user', 'demo', 'of beta'],
    ['a user name in another case', 'Demo', 'correct'],
    ['a user name with a space', 'demo ', 'correct'],
    ['an LDAP wildcard', '*)(uid=*', 'correct'],
    ['a SQL wildcard', 'dem%', 'correct'],
    ['another SQL wildcard', '____', 'correct'],
    ['a SQL injection', "' or 1=1--", 'correct'],
    ['__proto__', '__proto__', 'correct'],
    ['a user name of 50,000 characters', 'a'.repeat(50_000), 'correct'],
  ])('§5.2 are answered alike, and after as much work: %s', async (_what, username, password) => {
    const work = await hasher.during(async () => {
      expect(await tokens.ask(form(username, password))).toEqual(invalidGrant);
    });
    expect(work).toBe(1);
  });
});
