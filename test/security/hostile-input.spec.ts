import { gzipSync } from 'node:zlib';
import { TestApp } from '../support/app.js';
import { appCredentials, client, configuration } from '../support/configuration.js';
import {
  failedClient,
  formType,
  malformed,
  refusal,
  success,
  TokenEndpoint,
} from '../support/token-endpoint.js';

const grant = new URLSearchParams({ grant_type: 'client_credentials', ...appCredentials }).toString();
const tooLong = refusal('invalid_request', 'The body is too long.');
const maxFormBytes = 56 * 1024;

let app: TestApp;
let tokens: TokenEndpoint;

beforeAll(async () => {
  app = await TestApp.start({
    configuration: configuration({
      '/alpha': { clients: [client()], users: [{ username: 'demo', password: 'correct' }] },
    }),
  });
  tokens = new TokenEndpoint(app, '/oauth2/alpha/access_token');
});
afterEach(async () => expect(await tokens.leftBehind()).toBe(0));
afterAll(() => app.stop());

describe('what is no text', () => {
  const encoded = [
    ['a NUL', '%00'],
    ['a NUL within', 'a%00b'],
    ['a byte that UTF-8 has not', '%FF'],
    ['an overlong NUL', '%C0%80'],
    ['an overlong slash', '%C0%AF'],
    ['a sequence cut off', '%E2%82'],
    ['a lone high surrogate', '%ED%A0%80'],
    ['a surrogate pair in UTF-8', '%ED%A0%BD%ED%B8%80'],
    ['a code point beyond Unicode', '%F4%90%80%80'],
    ['a broken escape', '%4'],
    ['an escape of JavaScript', '%u0041'],
    ['a lone percent sign', '100%'],
  ];

  it.each(encoded)('App. B: a form is refused for %s, in any value or name', async (_what, text) => {
    for (const name of ['scope', 'username', 'password', 'refresh_token', 'unknown']) {
      expect(await tokens.ask(`${grant}&${name}=${text}`)).toEqual(malformed);
    }
    expect(await tokens.ask(`${grant}&${text}=x`)).toEqual(malformed);
    expect(await tokens.ask(`${grant}&${text}`)).toEqual(malformed);
    expect(await tokens.ask(grant.replace('app-secret', `app-secret${text}`))).toEqual(malformed);
    expect(await tokens.ask(grant.replace('credentials', `credentials${text}`))).toEqual(malformed);
  });

  it.each(encoded)('App. B: a query is refused for %s, in any value or name', async (_what, text) => {
    for (const query of [`unknown=${text}`, `${text}=x`, `realm=${text}`]) {
      expect(await tokens.ask(grant, { path: `/oauth2/alpha/access_token?${query}` })).toEqual(malformed);
    }
  });

  it.each([
    ['a NUL', [0x00]],
    ['a byte that UTF-8 has not', [0xff]],
    ['Latin-1', [0xe9]],
    ['an overlong NUL', [0xc0, 0x80]],
    ['a lone surrogate', [0xed, 0xa0, 0x80]],
    ['a sequence cut off', [0xe2, 0x82]],
    ['UTF-16', [0xff, 0xfe, 0x41, 0x00]],
  ])('App. B: a form is refused for %s in its bytes', async (_what, bytes) => {
    for (const name of ['scope', 'unknown']) {
      const form = Buffer.concat([Buffer.from(`${grant}&${name}=x`), Buffer.from(bytes)]);
      expect(await tokens.ask(form)).toEqual(malformed);
    }
  });

  it('App. B: UTF-8 may come as it is', async () => {
    expect(await tokens.ask(`${grant}&unknown=\u{1F600}\uFEFFé\r\n\t`)).toEqual(success('read'));
    // The mark is a part of the first parameter's name, which so is another.
    expect(await tokens.ask(`\uFEFF${grant}`)).toEqual(
      refusal('invalid_request', 'The parameter grant_type is missing.'),
    );
  });
});

describe('too much', () => {
  const padded = (length: number) => `${grant}&x=`.padEnd(length, 'x');

  it('a form of 56 KiB is read, one of a byte more is not', async () => {
    expect(await tokens.ask(padded(maxFormBytes))).toEqual(success('read'));
    expect(await tokens.ask(padded(maxFormBytes + 1))).toEqual(tooLong);
  });

  it('10 MB are refused', async () => {
    expect(await tokens.ask(Buffer.alloc(10_000_000, 'x'))).toEqual(tooLong);
  });

  it('a gzip bomb is not unpacked', async () => {
    const headers = { 'content-encoding': 'gzip' };
    expect(await tokens.ask(gzipSync(Buffer.alloc(50_000_000)), { headers })).toEqual(
      refusal('invalid_request', 'The header Content-Encoding must be identity.'),
    );
  });

  it('10,000 parameters are ignored where they are unknown', async () => {
    expect(await tokens.ask(`${'x=1&'.repeat(10_000)}${grant}`)).toEqual(success('read'));
    const names = Array.from({ length: 10_000 }, (_, index) => index.toString(36)).join('&');
    expect(await tokens.ask(`${names}&${grant}`)).toEqual(success('read'));
    expect(await tokens.ask(grant, { path: `/oauth2/alpha/access_token?${'&x'.repeat(5000)}` })).toEqual(
      success('read'),
    );
  });

  it('10,000 times one parameter are twice too often', async () => {
    expect(await tokens.ask(`${grant}${'&scope'.repeat(9000)}`)).toEqual(malformed);
  });

  it('a name 40 levels deep is one name', async () => {
    const deep = '[a]'.repeat(40);
    expect(await tokens.ask(`${grant}&unknown${deep}=x`)).toEqual(success('read'));
    expect(await tokens.ask(`${grant}&scope${deep}=x`)).toEqual(malformed);
    expect(await tokens.ask(`${grant}&__proto__${deep}=x&constructor[prototype]=x`)).toEqual(success('read'));
  });

  it('a scope of 10,000 tokens is answered like another', async () => {
    expect(await tokens.ask(`${grant}&scope=${'read+'.repeat(10_000)}read`)).toEqual(success('read'));
    expect(await tokens.ask(`${grant}&scope=${'x+'.repeat(10_000)}x`)).toEqual(
      refusal('invalid_scope', 'A requested scope is not registered for the client.'),
    );
  });
});

describe('what other parsers make of a form', () => {
  it('§3.2 has no semicolon between parameters', async () => {
    expect(await tokens.ask(`${grant}&x=1;scope=write`)).toEqual(success('read'));
    expect(await tokens.ask(grant.replaceAll('&', ';'))).toEqual(failedClient('/alpha'));
  });

  it.each([
    ['an array for a body', '[]', 'application/json'],
    ['a polluted prototype', '{"__proto__":{"grant_type":"client_credentials"}}', 'application/json'],
    [
      'a form in a form',
      `--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n${grant}\r\n--x--`,
      'multipart/form-data; boundary=x',
    ],
  ])('App. B takes no %s', async (_what, body, type) => {
    expect(await tokens.ask(body, { headers: { 'content-type': type } })).toEqual(
      refusal('invalid_request', 'The header Content-Type must be application/x-www-form-urlencoded.'),
    );
  });

  it('App. B takes no form in another charset than UTF-8, whatever its header says', async () => {
    const headers = { 'content-type': `${formType}; charset=utf-16` };
    expect(await tokens.ask(Buffer.from(grant, 'utf16le'), { headers })).toEqual(malformed);
  });
});
