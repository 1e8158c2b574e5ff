import { tokenId } from '../../src/domain/access-token.js';
import { TokenCodec } from '../../src/domain/token-codec.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { adminConfiguration, type AdminTestApp, expectProblem, forgedToken } from '../support/admin.js';
import { TestApp } from '../support/app.js';
import { TokenLife } from '../support/token-life.js';

const path = '/admin/v1/tokens/explain';

let app: TestApp;
let admin: AdminTestApp;
let token: string;

beforeAll(async () => {
  app = await TestApp.start({ configuration: adminConfiguration(), hasher: new FastHasher() });
  admin = await app.admin();
  token = await admin.token();
  await app.nest.get(TokenCodec).reload();
});
afterAll(() => app.stop());

describe('POST /admin/v1/tokens/explain', () => {
  it('explains a token by its value and by its identifier, for tokens that may read alone', async () => {
    const { access } = await new TokenLife(app).login('read', { realm: '/alpha', scope: 'other' });
    for (const about of [{ token: access }, { id: tokenId(access) }]) {
      const { status, headers, json } = await admin.post(token, path, about);
      expect([status, headers['content-type']]).toEqual([200, 'application/json']);
      expect(json).toMatchObject({
        verdict: 'active',
        id: tokenId(access),
        token: { realm: '/alpha', client_id: 'read', username: 'ann', scope: ['other'] },
        answers: { axway: { status: 200 }, forgerock: { status: 200 }, rfc7662: { status: 200 } },
      });
      expect(JSON.stringify(json)).not.toContain(access);
    }
    const alphabet = await admin.token({ realm: '/alphabet' });
    const outside = await admin.post(alphabet, path, { token: access });
    expect(outside.json).toMatchObject({ verdict: 'inactive', reason: 'not_found' });
    expect(outside.json).not.toHaveProperty('token');
  });

  it('says what a resource server is told that names a realm, or introspects', async () => {
    const { access } = await new TokenLife(app).login('read', { realm: '/alpha', scope: 'other' });
    const introspected = await admin.post(token, path, {
      token: access,
      realm: '/alpha',
      client_id: 'none',
      client_realm: '/alphabet',
    });
    expect(introspected.json).toMatchObject({ verdict: 'inactive', reason: 'not_permitted' });
    const alpha = await admin.token({ realm: '/alpha' });
    expect((await admin.post(alpha, path, { token: access, client_id: 'read' })).json.verdict).toBe('active');
  });

  it.each<[string, string]>([
    ['forged', forgedToken()],
    ['foreign_form', 'a/b%?#; "\\ é'],
    ['foreign_form', 'x'.repeat(60_000)],
  ])('explains what is no token of ours: %s', async (_, value) => {
    const { status, json, body } = await admin.post(token, path, { token: value });
    expect([status, json.verdict]).toEqual([200, 'inactive']);
    expect(body).not.toContain(value);
  });

  it('refuses callers as every route does, before it reads the body', async () => {
    expectProblem(await admin.post(undefined, path, '['), 401, 'no-token');
    expectProblem(await admin.post('unknown', path, '['), 401, 'invalid-token');
    const none = await admin.token({ clientId: 'none' });
    expectProblem(await admin.post(none, path, '['), 403, 'insufficient-scope');
  });

  it('refuses realms outside the caller’s', async () => {
    const alpha = await admin.token({ realm: '/alpha' });
    for (const realm of ['/', '/alphabet']) {
      expectProblem(await admin.post(alpha, path, { token: 'x', realm }), 404, 'not-found');
      const asked = { token: 'x', client_id: 'read', client_realm: realm };
      expectProblem(await admin.post(alpha, path, asked), 404, 'not-found');
    }
  });

  it('takes POST alone', async () => {
    const answer = await admin.get(token, path);
    expectProblem(answer, 405, 'method-not-allowed');
    expect(answer.headers.allow).toBe('POST');
  });
});

describe('a body', () => {
  const deep = '['.repeat(30_000) + ']'.repeat(30_000);

  it.each<[string, string | Buffer, string?]>([
    ['nothing', ''],
    ['no JSON', 'canary'],
    ['an unfinished object', '{"token":"canary"'],
    ['more than one value', '{"token":"canary"}{}'],
    ['a form', 'token=canary'],
    ['a list', '[]'],
    ['a list of objects', '[{"token":"canary"}]'],
    ['null', 'null'],
    ['a number', '1'],
    ['a text', '"canary"'],
    ['an empty object', '{}'],
    ['a deep list', deep],
    ['a deep member', `{"token":${deep}}`],
    ['a deep object', `{"token":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`],
    ['nine levels', `{"token":${'['.repeat(8)}${']'.repeat(8)}}`],
    ['no UTF-8', Buffer.from('{"token":"\xff"}', 'latin1')],
    ['a text in UTF-16', Buffer.from('{"token":"canary"}', 'utf16le')],
    ['a byte order mark', '\uFEFF{"token":"canary"}'],
    ['__proto__', '{"__proto__":{"token":"canary"}}'],
    ['__proto__ beside a token', '{"token":"canary","__proto__":"canary"}'],
    ['constructor', '{"token":"canary","constructor":"canary"}'],
    ['an unknown member', '{"token":"canary","canary":"canary"}'],
    ['a member in another case', '{"Token":"canary"}'],
    ['a repeated member', '{"token":"canary","token":"canary"}'],
    ['a repeated member in another writing', '{"token":"canary","\\u0074oken":"canary"}'],
    ['a repeated __proto__', '{"__proto__":1,"__proto__":2}'],
    ['a member that is repeated further in', '{"token":{"a":1,"a":2}}'],
    ['both a token and an id', `{"token":"canary","id":"${'A'.repeat(43)}"}`],
    ['a token that is no text', '{"token":1}', '/token'],
    ['a token that is null', '{"token":null}', '/token'],
    ['a token that is a list', '{"token":["canary"]}', '/token'],
    ['an empty token', '{"token":""}', '/token'],
    ['a token with a NUL', '{"token":"canary\\u0000"}', '/token'],
    ['a token with half of a character', '{"token":"canary\\ud800"}', '/token'],
    ['an id that is too short', '{"id":"AAAA"}', '/id'],
    ['an id in another alphabet', `{"id":"${'+'.repeat(43)}"}`, '/id'],
    ['a realm that is no path', '{"token":"canary","realm":"canary"}', '/realm'],
    [
      'a realm of 10,000 characters',
      JSON.stringify({ token: 'x', realm: `/${'x'.repeat(10_000)}` }),
      '/realm',
    ],
    ['a realm with a NUL', '{"token":"canary","realm":"/a\\u0000"}', '/realm'],
    [
      'a client of 10,000 characters',
      JSON.stringify({ token: 'x', client_id: 'x'.repeat(10_000) }),
      '/client_id',
    ],
    ['a realm of no client', '{"token":"canary","client_realm":"/"}', '/client_realm'],
  ])('is refused with 400: %s', async (_, body, pointer = '') => {
    const answer = await admin.post(token, path, body);
    const { errors } = expectProblem(answer, 400, 'bad-request');
    expect(errors).toEqual([{ pointer, detail: expect.any(String) }]);
    expect(answer.body).not.toContain('canary');
  });

  it.each(['/', '%2F', '?', '#', ';', '%', "'", '"', '\\', '\n', 'é'])(
    'may name a client by any text: %p',
    async (name) => {
      expect((await admin.post(token, path, { token: 'x', client_id: name })).status).toBe(200);
    },
  );

  it('may have names and colons within its texts', async () => {
    const value = '{"token":"x","token":"y"} \\" : ":';
    expect((await admin.post(token, path, { token: value })).status).toBe(200);
    expect((await admin.post(token, path, `\n{ "token"\t: "\\":" }\r\n`)).status).toBe(200);
  });

  it.each([65_537, 1_000_000])('of %d bytes is refused with 413', async (length) => {
    const body = `{"token":"${'x'.repeat(length - 12)}"}`;
    expect(body).toHaveLength(length);
    expectProblem(await admin.post(token, path, body), 413, 'too-large');
  });

  it('of 65,536 bytes is read', async () => {
    expect((await admin.post(token, path, `{"token":"${'x'.repeat(65_536 - 12)}"}`)).status).toBe(200);
  });

  it.each<Record<string, string>>([
    {},
    { 'content-type': '' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/jsonx' },
    { 'content-type': 'application/json, application/json' },
    { 'content-type': 'application/problem+json' },
    { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  ])('that is not JSON in UTF-8 is refused with 415: %p', async (headers) => {
    expectProblem(
      await admin.ask(token, { path, body: '{"token":"x"}', headers }),
      415,
      'unsupported-media-type',
    );
  });

  it.each([
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
    'application/json; charset=iso-8859-1',
    'application/json;odata="a;\\"b"\t; ;',
  ])('of the type %s is read (RFC 8259 §11)', async (type) => {
    const headers = { 'content-type': type };
    expect((await admin.ask(token, { path, body: '{"token":"x"}', headers })).status).toBe(200);
  });

  it('with a query is refused', async () => {
    expectProblem(await admin.post(token, `${path}?token=x`, { token: 'x' }), 400, 'bad-request');
  });
});
