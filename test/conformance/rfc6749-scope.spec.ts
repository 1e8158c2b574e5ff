import { TestApp } from '../support/app.js';
import { appCredentials, client, configuration } from '../support/configuration.js';
import { refusal, success, TokenEndpoint } from '../support/token-endpoint.js';

const form = { grant_type: 'client_credentials', ...appCredentials };
const malformedScope = refusal('invalid_scope', 'The scope is malformed.');
const unregistered = refusal('invalid_scope', 'A requested scope is not registered for the client.');

/** Every character of RFC 6749 §3.3's scope-token, in one token. */
const everyCharacter = Array.from({ length: 0x7f - 0x21 }, (_, index) => String.fromCharCode(0x21 + index))
  .filter((character) => character !== '"' && character !== '\\')
  .join('');

let app: TestApp;
let tokens: TokenEndpoint;

beforeAll(async () => {
  const scopes = [
    'read',
    'write',
    '12',
    '__proto__',
    'https://localhost:8090/auth/userinfo.email',
    everyCharacter,
  ];
  const clients = [
    client({ scopes, default_scopes: ['write', 'read'] }),
    client({ client_id: 'scopeless', scopes, default_scopes: [] }),
    client({ client_id: 'nothing', scopes: [], default_scopes: [] }),
  ];
  app = await TestApp.start({ configuration: configuration({ '/': { clients }, '/alpha': { clients } }) });
  tokens = new TokenEndpoint(app, '/oauth2/alpha/access_token');
});
afterEach(async () => expect(await tokens.leftBehind()).toBe(0));
afterAll(() => app.stop());

describe('scope', () => {
  it.each([
    ['one token', 'read', 'read'],
    ['the order that was asked for', 'write 12 read', 'write 12 read'],
    ['a duplicate once, where it came first', 'write read write read', 'write read'],
    ['a URL', 'https://localhost:8090/auth/userinfo.email', 'https://localhost:8090/auth/userinfo.email'],
    ['names of the language', '__proto__ read', '__proto__ read'],
    ['every character of the grammar', everyCharacter, everyCharacter],
    ['the tokens between two spaces', 'read  write', 'read write'],
    ['the tokens between many spaces', 'read     write', 'read write'],
    ['the tokens behind a space', ' read', 'read'],
    ['the tokens before a space', 'read ', 'read'],
    ['the tokens among stray spaces, each once', '  write  read   write ', 'write read'],
  ])('§3.3 grants %s', async (_what, scope, granted) => {
    expect(await tokens.ask({ ...form, scope })).toEqual(success(granted));
  });

  it('§3.3 is the client’s default scope, and is said, when none is asked for', async () => {
    expect(await tokens.ask(form)).toEqual(success('write read'));
    for (const scope of ['', ' ', '   ']) {
      expect(await tokens.ask({ ...form, scope })).toEqual(success('write read'));
    }
  });

  it.each(['scopeless', 'nothing'])(
    '§3.3 must be asked for by a client without default: %s',
    async (client_id) => {
      const expected = refusal(
        'invalid_scope',
        'No scope was requested and the client has no default scope.',
      );
      expect(await tokens.ask({ ...form, client_id })).toEqual(expected);
      expect(await tokens.ask({ ...form, client_id, scope: ' ' })).toEqual(expected);
    },
  );

  it.each([
    ['a tab', 'read\twrite'],
    ['a line feed', 'read\nwrite'],
    ['a quotation mark', 'rea"d'],
    ['a backslash', 'rea\\d'],
    ['a DEL', 'read\x7F'],
    ['a letter beyond ASCII', 'réad'],
    ['a no-break space', 'read\u00A0write'],
    ['a byte order mark', '\uFEFFread'],
    ['a tab behind', 'read\t'],
    ['a carriage return and line feed behind', 'read\r\n'],
    ['an ideographic space', 'read\u3000write'],
  ])('§3.3 refuses %s', async (_what, scope) => {
    expect(await tokens.ask({ ...form, scope })).toEqual(malformedScope);
  });

  it.each(['admin', 'READ', 'read admin', 'rea', 'read,write', 'constructor', '%', '*'])(
    '§3.3 refuses what is not registered: %s',
    async (scope) => {
      expect(await tokens.ask({ ...form, scope })).toEqual(unregistered);
    },
  );
});

describe('scope under Axway’s path', () => {
  const path = '/api/oauth/token';

  it.each(['read,write', 'read, write', 'read ,write', 'read , write', 'read write', 'read,write,read'])(
    'Axway: separated by spaces or commas: "%s"',
    async (scope) => {
      expect(await tokens.ask({ ...form, scope }, { path })).toEqual(success('read write'));
    },
  );

  it.each(['read,write,', ',read,write', 'read,,write', 'read,  write', ' read , ,write, '])(
    'Axway: stray separators mean nothing: "%s"',
    async (scope) => {
      expect(await tokens.ask({ ...form, scope }, { path })).toEqual(success('read write'));
    },
  );

  it.each([',', ' ,, '])('Axway: separators alone ask for nothing: "%s"', async (scope) => {
    expect(await tokens.ask({ ...form, scope }, { path })).toEqual(success('write read'));
  });
});
