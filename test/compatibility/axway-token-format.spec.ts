import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { appCredentials, client, configuration } from '../support/configuration.js';
import type { Answer } from '../support/exchange.js';
import {
  jsonHeaders,
  malformed,
  members,
  postForm,
  refusal,
  success,
  TokenEndpoint,
} from '../support/token-endpoint.js';
import { askAxway } from '../support/tokeninfo.js';

const path = '/api/oauth/token';
/** A scope with every character that one of the formats must escape. */
const odd = `a&b<c>]]>&amp;'+%41=/?#`;
const form = { grant_type: 'client_credentials', ...appCredentials };
const login = { ...appCredentials, grant_type: 'password', username: 'ann', password: 'ann-password' };

let app: TestApp;
let tokens: TokenEndpoint;

beforeAll(async () => {
  app = await TestApp.start({
    hasher: new FastHasher(),
    configuration: configuration({
      '/': {
        clients: [client({ scopes: ['read', 'write', odd] })],
        users: [{ username: 'ann', password: 'ann-password' }],
      },
    }),
  });
  tokens = new TokenEndpoint(app, path);
});
afterEach(async () => expect(await tokens.leftBehind()).toBe(0));
afterAll(() => app.stop());

/** An answer of 200 in another format. */
function answered(type: string, body: RegExp): Answer {
  const text: unknown = expect.stringMatching(body);
  return { status: 200, headers: { ...jsonHeaders, 'content-type': type }, body: text as string };
}

/** Expects a value from an answer to be an active token. */
async function expectLive(token: string | null | undefined): Promise<void> {
  expect(members(await askAxway(app, `access_token=${token}`))).toMatchObject({ audience: 'app' });
}

describe('format', () => {
  it.each(['json', '', undefined])('is JSON for %j', async (format) => {
    const asked = format === undefined ? form : { ...form, format };
    expect(await tokens.ask({ ...asked, scope: 'write read' })).toEqual(success('write read'));
  });

  it('may be urlencoded', async () => {
    const type = 'application/x-www-form-urlencoded';
    const plain = await tokens.ask({ ...form, format: 'urlencoded' });
    expect(plain).toEqual(
      answered(type, /^access_token=sya_[\w-]{54}&scope=read&token_type=Bearer&expires_in=3600$/),
    );
    const { body } = await tokens.ask({ ...login, format: 'urlencoded', scope: `write ${odd}` });
    const answer = new URLSearchParams(body);
    expect([...answer.keys()]).toEqual([
      'access_token',
      'refresh_token',
      'scope',
      'token_type',
      'expires_in',
    ]);
    expect(answer.get('scope')).toBe(`write ${odd}`);
    expect(answer.get('refresh_token')).toMatch(/^syr_[\w-]{54}$/);
    await expectLive(answer.get('access_token'));
  });

  it('may be xml', async () => {
    const plain = await tokens.ask({ ...form, format: 'xml' });
    const rest = '<scope>read</scope><token_type>Bearer</token_type><expires_in>3600</expires_in>';
    expect(plain).toEqual(
      answered(
        'application/xml',
        new RegExp(`^<oauth><access_token>sya_[\\w-]{54}</access_token>${rest}</oauth>$`),
      ),
    );
    const { body } = await tokens.ask({ ...login, format: 'xml', scope: `write ${odd}` });
    expect(body).toContain(`<scope>write a&amp;b&lt;c&gt;]]&gt;&amp;amp;'+%41=/?#</scope>`);
    expect(body).toMatch(/<refresh_token>syr_[\w-]{54}<\/refresh_token>/);
    await expectLive(/<access_token>(.*)<\/access_token>/.exec(body)?.[1]);
  });

  it('applies to a refresh that asks for it', async () => {
    const { refresh_token } = members(await tokens.ask(login));
    const again = { ...appCredentials, grant_type: 'refresh_token', refresh_token, format: 'urlencoded' };
    const { body } = await tokens.ask(again);
    await expectLive(new URLSearchParams(body).get('access_token'));
  });

  it.each(['JSON', 'Xml', 'yaml', 'json ', 'toString', '__proto__', 'json,xml'])(
    'cannot be %j: nothing is issued',
    async (format) => {
      expect(await tokens.ask({ ...form, format })).toEqual(
        refusal('invalid_request', 'The parameter format is none of json, urlencoded, xml.'),
      );
    },
  );

  it('uses no refresh token up when it is unknown', async () => {
    const { refresh_token } = members(await tokens.ask(login));
    const again = { ...appCredentials, grant_type: 'refresh_token', refresh_token };
    expect((await tokens.ask({ ...again, format: 'yaml' })).status).toBe(400);
    expect((await tokens.ask(again)).status).toBe(200);
  });

  it('is refused when it is repeated', async () => {
    const text = new URLSearchParams(form).toString();
    expect(await tokens.ask(`${text}&format=xml&format=xml`)).toEqual(malformed);
    expect(await tokens.ask(`${text}&format[]=xml`)).toEqual(malformed);
  });

  it.each(['urlencoded', 'xml'])('leaves a refusal JSON: %s', async (format) => {
    expect(await tokens.ask({ ...form, scope: 'admin', format })).toEqual(
      refusal('invalid_scope', 'A requested scope is not registered for the client.'),
    );
  });

  it("works under Axway's path alone, and is read from the form alone", async () => {
    expect(await tokens.ask({ ...form, format: 'xml' }, { path: '/oauth2/access_token' })).toEqual(
      success('read'),
    );
    expect(await tokens.ask(form, { path: `${path}?format=xml` })).toEqual(success('read'));
    const { body } = await postForm(app, '/oauth2/token', { ...form, format: 'yaml', grant_type: 'x' });
    expect(body).toContain('unsupported_grant_type');
  });
});
