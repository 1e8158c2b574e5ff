import { METHODS } from 'node:http';
import { DataSource } from 'typeorm';
import { AccessTokenStore, hashToken } from '../../src/domain/access-token.js';
import { TestApp } from '../support/app.js';
import { appCredentials, client, configuration } from '../support/configuration.js';
import { ask } from '../support/exchange.js';
import {
  formType,
  jsonHeaders,
  malformed,
  refusal,
  success,
  TokenEndpoint,
  parameterInUrl,
} from '../support/token-endpoint.js';

const endpoints = ['/oauth2/access_token', '/oauth2/token', '/api/oauth/token'];
const form = { grant_type: 'client_credentials', ...appCredentials };
const oauthParameters = [
  'grant_type',
  'scope',
  'username',
  'password',
  'client_id',
  'client_secret',
  'refresh_token',
  'code',
  'redirect_uri',
  'code_verifier',
  'client_assertion',
  'client_assertion_type',
  'assertion',
];

let app: TestApp;
let tokens: TokenEndpoint;

beforeAll(async () => {
  app = await TestApp.start({ configuration: configuration({ '/': { clients: [client()] } }) });
  tokens = new TokenEndpoint(app, '/oauth2/access_token');
});
afterEach(async () => expect(await tokens.leftBehind()).toBe(0));
afterAll(() => app.stop());

describe.each(endpoints)('POST %s', (path) => {
  it('§5.1 answers a token, its type, lifetime and scope, which nothing may cache', async () => {
    expect(await tokens.ask(form, { path })).toEqual(success('read'));
  });

  // A CONNECT's target is no path: Node closes its connection.
  const others = METHODS.filter((method) => method !== 'POST' && method !== 'CONNECT');
  it.each(others)('§3.2 answers 405 to %s, whatever it carries', async (method) => {
    const headers = { allow: 'POST' };
    const expected = refusal('invalid_request', 'The method is not allowed here.', { status: 405, headers });
    const body = method === 'HEAD' ? '' : expected.body;
    expect(await tokens.ask(form, { path, method })).toEqual({ ...expected, body });
  });
});

describe('the body, RFC 6749 appendix B', () => {
  const wrongType = refusal(
    'invalid_request',
    'The header Content-Type must be application/x-www-form-urlencoded.',
  );

  it.each([
    ['JSON', 'application/json', JSON.stringify(form)],
    ['multipart', 'multipart/form-data; boundary=x', '--x--'],
    ['text', 'text/plain', new URLSearchParams(form).toString()],
    ['an empty Content-Type', '', new URLSearchParams(form).toString()],
    ['a type that begins alike', `${formType}-2`, new URLSearchParams(form).toString()],
  ])('§3.2 refuses %s', async (_what, type, body) => {
    expect(await tokens.ask(body, { headers: { 'content-type': type } })).toEqual(wrongType);
  });

  it('§3.2 refuses a body without Content-Type', async () => {
    const body = new URLSearchParams(form).toString();
    expect(await ask(app, { path: '/oauth2/token', body })).toEqual(wrongType);
  });

  it.each(['gzip', 'deflate', 'br', 'identity, gzip'])(
    '§3.2 refuses a body encoded as %s',
    async (encoding) => {
      expect(await tokens.ask(form, { headers: { 'content-encoding': encoding } })).toEqual(
        refusal('invalid_request', 'The header Content-Encoding must be identity.'),
      );
    },
  );
});

describe('parameters', () => {
  it.each(oauthParameters)('§3.2 refuses %s in the query, even empty', async (name) => {
    expect(await tokens.ask(form, { path: `/oauth2/token?${name}=` })).toEqual(parameterInUrl);
    expect(await tokens.ask(form, { path: `/oauth2/token?${name}[]=x` })).toEqual(parameterInUrl);
  });

  it.each(oauthParameters)('§3.2 refuses %s sent twice', async (name) => {
    const { [name as keyof typeof form]: value = 'x', ...others } = form;
    const rest = new URLSearchParams(others).toString();
    const lists = [`${name}[]`, `${name}%5B0%5D`, `${name}[$ne]`, `${name}[a][b]`];
    for (const twice of [`${name}=${value}&${name}=${value}`, ...lists.map((list) => `${list}=${value}`)]) {
      expect(await tokens.ask(`${rest}&${twice}`)).toEqual(malformed);
    }
  });

  it('§3.2 takes an empty parameter for one that was not sent', async () => {
    expect(await tokens.ask({ ...form, scope: '', username: '', code: '' })).toEqual(success('read'));
    expect(await tokens.ask('grant_type&scope')).toEqual(
      refusal('invalid_request', 'The parameter grant_type is missing.'),
    );
  });

  it.each([
    'x=1',
    'x=1&x=2',
    'x[]=1',
    '__proto__=1',
    '__proto__[scope]=write',
    'constructor=1',
    'toString=1',
    '=',
  ])('§3.2 ignores the unknown parameter %s', async (unknown) => {
    const known = new URLSearchParams(form).toString();
    expect(await tokens.ask(`${unknown}&${known}`)).toEqual(success('read'));
    expect(await tokens.ask(form, { path: `/oauth2/token?${unknown}` })).toEqual(success('read'));
  });
});

describe('the answer', () => {
  it('§5.1 has no header beyond those of its own, and a correlation id', async () => {
    const response = await fetch(`${app.url}/oauth2/token`, { method: 'POST' });
    expect([...response.headers.keys()].sort()).toEqual([
      ...['cache-control', 'connection', 'content-length', 'content-type', 'date', 'keep-alive', 'pragma'],
      'x-correlation-id',
    ]);
    expect(response.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.headers.get('content-length')).toBe(String((await response.text()).length));
  });

  it('§10.10 carries a token of 256 random bits and a tag of 64, kept as its hash alone', async () => {
    const { body, headers } = await tokens.ask(form);
    const { access_token: value } = JSON.parse(body) as { access_token: string };
    expect(headers).toEqual(jsonHeaders);
    const [, random, tag] = /^sya_(.{43})(.{11})$/.exec(value) ?? [];
    expect(Buffer.from(random, 'base64url')).toHaveLength(32);
    expect(Buffer.from(tag, 'base64url')).toHaveLength(8);
    expect(await app.nest.get(AccessTokenStore).find(hashToken(value))).toMatchObject({ realm: '/' });
    const rows: unknown = await app.nest.get(DataSource).query('SELECT access_token::text FROM access_token');
    expect(JSON.stringify(rows)).not.toContain(value.slice('sya_'.length));
  });

  it('§A.12 writes a token with letters, digits, _ and - alone, each another', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => tokens.ask(form)));
    const values = answers.map(({ body }) => (JSON.parse(body) as { access_token: string }).access_token);
    expect(new Set(values).size).toBe(50);
    for (const value of values) expect(value).toMatch(/^sya_[A-Za-z0-9_-]{54}$/);
  });
});
