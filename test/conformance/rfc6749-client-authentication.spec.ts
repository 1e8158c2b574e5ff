import { TestApp } from '../support/app.js';
import { appCredentials, client, configuration, publicClient } from '../support/configuration.js';
import { CountingHasher } from '../support/counting-hasher.js';
import { askRaw } from '../support/exchange.js';
import {
  basic,
  failedClient,
  formType,
  malformed,
  refusal,
  success,
  TokenEndpoint,
  parameterInUrl,
} from '../support/token-endpoint.js';

const form = { grant_type: 'client_credentials' };
const failed = failedClient('/alpha');
const awkward = { client_id: 'ä:b c%&=+', client_secret: 'pa ss:wörd%41+€😀' };

const hasher = new CountingHasher();
let app: TestApp;
let tokens: TokenEndpoint;

beforeAll(async () => {
  const secret = { client_secret: 'chosen???', client_secret_hash: undefined };
  app = await TestApp.start({
    hasher,
    configuration: configuration({
      '/alpha': {
        clients: [
          client(),
          client({ client_id: 'chosen', ...secret }),
          client({ ...awkward, client_secret_hash: undefined }),
          client({ client_id: 'disabled', enabled: false }),
          client({ client_id: 'disabled-chosen', ...secret, enabled: false }),
          publicClient({ client_id: 'public' }),
          publicClient({ client_id: 'disabled-public', enabled: false }),
        ],
        users: [{ username: 'demo', password: 'correct' }],
      },
      '/closed': { enabled: false, clients: [client(), publicClient({ client_id: 'public' })] },
      '/other': { clients: [client({ client_id: 'elsewhere' })] },
    }),
  });
  tokens = new TokenEndpoint(app, '/oauth2/alpha/access_token');
});
afterEach(async () => expect(await tokens.leftBehind()).toBe(0));
afterAll(() => app.stop());

function encodedPair({ client_id: id, client_secret: secret }: typeof appCredentials): string {
  return [id, secret].map((text) => new URLSearchParams({ text }).toString().slice('text='.length)).join(':');
}

describe('HTTP Basic', () => {
  it.each([
    ['a plain pair', 'app:app-secret'],
    ['both halves form-encoded', encodedPair(awkward)],
    [
      '%20 for a space, hexadecimal digits in lower case',
      encodedPair(awkward).replaceAll('+', '%20').toLowerCase(),
    ],
    ['further colons, which belong to the secret', encodedPair(awkward).replace('ss%3A', 'ss:')],
  ])('§2.3.1 takes %s', async (_what, pair) => {
    expect(await tokens.ask(form, { headers: basic(pair) })).toEqual(success('read'));
  });

  it.each(['basic', 'BASIC', 'Basic  '])('§2.3.1 takes the scheme written as "%s"', async (scheme) => {
    const authorization = basic('app:app-secret').authorization.replace('Basic', scheme);
    expect(await tokens.ask(form, { headers: { authorization } })).toEqual(success('read'));
  });

  const encoded = basic('app:app-secret').authorization;
  it.each([
    ['nothing behind the scheme', 'Basic'],
    ['an empty header', ''],
    ['another scheme', encoded.replace('Basic', 'Digest')],
    ['a Bearer token', 'Bearer sya_x'],
    ['missing padding', encoded.replace(/=+$/, '')],
    ['padding too much', `${encoded}=`],
    ['text behind the padding', `${encoded}YQ==`],
    ['spaces within', encoded.replace('OmF', 'Om F')],
    ['base64url', basic('chosen:chosen???').authorization.replace('/', '_')],
    ['trailing bits that are not zero', encoded.replace(/[A-Za-z0-9](=+)$/, 'R$1')],
  ])('§2.3.1 refuses %s', async (_what, authorization) => {
    expect(await tokens.ask(form, { headers: { authorization } })).toEqual(failed);
  });

  it('§2.3.1 takes an empty secret for none', async () => {
    expect(await tokens.ask(form, { headers: basic('app:') })).toEqual(failed);
  });

  it.each([
    ['no colon', 'app'],
    ['no identifier', ':app-secret'],
    ['a NUL', 'app:app-secret\0'],
    ['an encoded NUL', 'app%00:app-secret'],
    ['a line feed', 'app:app-secret\n'],
    ['an encoded line feed', 'app%0A:app-secret'],
    ['a DEL', 'app:app-secret\x7F'],
    ['a broken escape', 'app%4:app-secret'],
    ['invalid UTF-8', 'app%FF:app-secret'],
    ['an encoded surrogate', 'app%ED%A0%80:app-secret'],
    ['octets that should have been encoded', Buffer.from('app:sécret', 'latin1')],
  ])('§2.3.1 refuses %s, before anything is compared', async (_what, pair) => {
    const work = await hasher.during(async () => {
      expect(await tokens.ask(form, { headers: basic(pair) })).toEqual(failed);
    });
    expect(work).toBe(0);
  });
});

describe('one method of authentication', () => {
  const headers = basic('app:app-secret');
  const twoMethods = refusal(
    'invalid_request',
    'More than one method of client authentication was used: the Authorization header and the form.',
  );

  it('§2.3.1 takes client_id and client_secret in the body', async () => {
    expect(await tokens.ask({ ...form, ...appCredentials })).toEqual(success('read'));
    expect(await tokens.ask({ ...form, ...awkward })).toEqual(success('read'));
  });

  it.each(['client_id', 'client_secret'])('§2.3.1 refuses %s in the URL', async (name) => {
    const path = `/oauth2/alpha/access_token?${name}=app`;
    expect(await tokens.ask({ ...form, ...appCredentials }, { path })).toEqual(parameterInUrl);
  });

  it('§2.3 refuses Basic beside client_secret, be they the same', async () => {
    expect(await tokens.ask({ ...form, ...appCredentials }, { headers })).toEqual(twoMethods);
    expect(await tokens.ask({ ...form, client_secret: 'x' }, { headers })).toEqual(twoMethods);
  });

  it('§2.3 takes a client_id beside Basic only when it is the same', async () => {
    expect(await tokens.ask({ ...form, client_id: 'app' }, { headers })).toEqual(success('read'));
    const expected = refusal('invalid_request', 'The parameter client_id is not the authenticated client.');
    for (const other of ['chosen', 'APP', 'nobody']) {
      expect(await tokens.ask({ ...form, client_id: other }, { headers })).toEqual(expected);
    }
  });

  it('§2.3.1 refuses a client_secret without client_id', async () => {
    const expected = refusal('invalid_request', 'The parameter client_id is missing.');
    expect(await tokens.ask({ ...form, client_secret: 'app-secret' })).toEqual(expected);
  });

  it('RFC 9110 §5.3 refuses two Authorization headers, the same or not', async () => {
    const { authorization } = headers;
    for (const pair of [
      [authorization, authorization],
      [authorization, 'Bearer x'],
      ['', authorization],
    ]) {
      expect(await tokens.ask(form, { headers: { authorization: pair } })).toEqual(malformed);
    }
  });

  it('RFC 9110 §5.3 finds the second Authorization header behind 2,500 others', async () => {
    const body = new URLSearchParams(form).toString();
    const lines = [
      'POST /oauth2/alpha/token HTTP/1.1\r\nHost: x',
      `Content-Type: ${formType}\r\nContent-Length: ${body.length}`,
      `Authorization: ${headers.authorization}`,
      ...Array.from({ length: 2500 }, () => 'a:b'),
      `Authorization: ${headers.authorization}`,
    ];
    expect(await askRaw(app, `${lines.join('\r\n')}\r\n\r\n${body}`)).toEqual(malformed);
  });
});

describe('a failed client', () => {
  const guesses: [string, Record<string, string>][] = [
    ['an unknown client', { client_id: 'nobody', client_secret: 'x' }],
    ['an unknown client without secret', { client_id: 'nobody' }],
    ['a wrong generated secret', { client_id: 'app', client_secret: 'x' }],
    ['a wrong chosen secret', { client_id: 'chosen', client_secret: 'x' }],
    ['a secret of more than 1 KiB', { client_id: 'chosen', client_secret: 'x'.repeat(1025) }],
    ['no secret', { client_id: 'chosen' }],
    ['another client’s secret', { client_id: 'app', client_secret: 'chosen???' }],
    [
      'the stored hash for the secret',
      { client_id: 'app', client_secret: String(client().client_secret_hash) },
    ],
    ['a disabled client', { client_id: 'disabled', client_secret: 'app-secret' }],
    ['a disabled client’s wrong secret', { client_id: 'disabled', client_secret: 'x' }],
    ['a disabled client with a chosen secret', { client_id: 'disabled-chosen', client_secret: 'chosen???' }],
    ['a disabled public client', { client_id: 'disabled-public' }],
    ['a public client with a secret', { client_id: 'public', client_secret: 'x' }],
    ['a client of another realm', { client_id: 'elsewhere', client_secret: 'app-secret' }],
    ['an identifier in another case', { client_id: 'APP', client_secret: 'app-secret' }],
    ['an identifier with a space', { client_id: 'app ', client_secret: 'app-secret' }],
    ['an LDAP wildcard', { client_id: '*)(uid=*', client_secret: 'app-secret' }],
    ['a SQL wildcard', { client_id: 'ap%', client_secret: 'app-secret' }],
    ['a SQL injection', { client_id: "' or 1=1--", client_secret: 'app-secret' }],
    ['an identifier of 50,000 characters', { client_id: 'a'.repeat(50_000), client_secret: 'x' }],
  ];

  it.each(guesses)('§5.2 is answered alike, and after as much work: %s', async (_what, credentials) => {
    const work = await hasher.during(async () => {
      expect(await tokens.ask({ ...form, ...credentials })).toEqual(failed);
    });
    expect(work).toBe(1);
  });

  it.each<Record<string, string>>([appCredentials, { client_id: 'public' }])(
    '§5.2 is what every client of a disabled realm is: $client_id',
    async (credentials) => {
      const work = await hasher.during(async () => {
        const answer = await tokens.ask({ ...form, ...credentials }, { path: '/oauth2/closed/token' });
        expect(answer).toEqual(failedClient('/closed'));
      });
      expect(work).toBe(1);
    },
  );

  it('§5.2 is challenged in the realm that was asked', async () => {
    expect(await tokens.ask(form)).toEqual(failed);
    for (const path of ['/api/oauth/token', '/oauth2/token', '/oauth2/realms/root/token']) {
      expect(await tokens.ask({ ...form, ...appCredentials }, { path })).toEqual(failedClient('/'));
    }
  });
});

describe('a public client', () => {
  const password = { grant_type: 'password', username: 'demo', password: 'correct', client_id: 'public' };

  it('§2.1 identifies itself by its client_id alone', async () => {
    expect(await tokens.ask(password)).toEqual(success('read'));
    expect(await tokens.ask({ ...password, client_secret: '' })).toEqual(success('read'));
    expect(await tokens.ask({ ...password, client_id: '' }, { headers: basic('public:') })).toEqual(
      success('read'),
    );
  });
});
