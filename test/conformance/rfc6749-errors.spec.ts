import { TestApp } from '../support/app.js';
import { appCredentials, client, configuration, publicClient } from '../support/configuration.js';
import type { Answer } from '../support/exchange.js';
import {
  basic,
  failedClient,
  type Form,
  malformed,
  refusal,
  TokenEndpoint,
} from '../support/token-endpoint.js';

const grant = { grant_type: 'client_credentials' };
const password = { grant_type: 'password', username: 'demo', password: 'correct' };

let app: TestApp;
let tokens: TokenEndpoint;

beforeAll(async () => {
  app = await TestApp.start({
    configuration: configuration({
      '/alpha': {
        clients: [
          client(),
          client({ client_id: 'batch', grant_types: ['client_credentials'] }),
          client({ client_id: 'idle', grant_types: [] }),
          client({ client_id: 'scopeless', scopes: ['read'], default_scopes: [] }),
          publicClient({ client_id: 'public' }),
        ],
        users: [
          { username: 'demo', password: 'correct' },
          { username: 'disabled', password: 'correct', enabled: false },
        ],
      },
    }),
  });
  tokens = new TokenEndpoint(app, '/oauth2/alpha/access_token');
});
afterEach(async () => expect(await tokens.leftBehind()).toBe(0));
afterAll(() => app.stop());

type Case = [what: string, form: Form, answer: Answer];

const secret = appCredentials.client_secret;
const unauthorized = refusal('unauthorized_client', 'The client may not use this grant type.');
const invalidGrant = refusal('invalid_grant', 'The resource owner credentials are invalid.');
const unsupported = refusal('unsupported_grant_type', 'The grant type is not supported.');
const badScope = refusal('invalid_scope', 'The scope is malformed.');
const foreignScope = refusal('invalid_scope', 'A requested scope is not registered for the client.');

const cases: Case[] = [
  ['nothing at all', '', refusal('invalid_request', 'The parameter grant_type is missing.')],
  ['no grant_type', appCredentials, refusal('invalid_request', 'The parameter grant_type is missing.')],
  ['no client', grant, failedClient('/alpha')],
  ['a failed client', { ...grant, client_id: 'app', client_secret: 'x' }, failedClient('/alpha')],
  [
    'a failed client before an unknown grant',
    { grant_type: 'x', client_id: 'app', client_secret: 'x' },
    failedClient('/alpha'),
  ],
  [
    'a grant of RFC 7523',
    { ...appCredentials, grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer' },
    unsupported,
  ],
  ['an unknown grant', { ...appCredentials, grant_type: 'x' }, unsupported],
  ['a grant in another case', { ...appCredentials, grant_type: 'Password' }, unsupported],
  ['a grant with a space', { ...appCredentials, grant_type: 'password ' }, unsupported],
  ['a grant named __proto__', { ...appCredentials, grant_type: '__proto__' }, unsupported],
  ['a grant named constructor', { ...appCredentials, grant_type: 'constructor' }, unsupported],
  ['the grant of the implicit flow', { ...appCredentials, grant_type: 'token' }, unsupported],
  [
    'a grant that is not the client’s',
    { ...password, client_id: 'batch', client_secret: secret },
    unauthorized,
  ],
  ['a client without grants', { ...grant, client_id: 'idle', client_secret: secret }, unauthorized],
  ['a public client’s client credentials', { ...grant, client_id: 'public' }, unauthorized],
  ['no username', { ...appCredentials, ...password, username: '' }, missing('username')],
  ['no password', { ...appCredentials, ...password, password: '' }, missing('password')],
  ['a wrong password', { ...appCredentials, ...password, password: 'x' }, invalidGrant],
  ['an unknown user', { ...appCredentials, ...password, username: 'nobody' }, invalidGrant],
  ['a disabled user', { ...appCredentials, ...password, username: 'disabled' }, invalidGrant],
  ['a malformed scope', { ...appCredentials, ...grant, scope: 'a\tb' }, badScope],
  ['an unregistered scope', { ...appCredentials, ...password, scope: 'admin' }, foreignScope],
  [
    'no scope where there is no default',
    { ...grant, client_id: 'scopeless', client_secret: secret },
    refusal('invalid_scope', 'No scope was requested and the client has no default scope.'),
  ],
  ['a repeated parameter', 'grant_type=x&grant_type=x', malformed],
];

function missing(name: string): Answer {
  return refusal('invalid_request', `The parameter ${name} is missing.`);
}

describe('the error of RFC 6749 §5.2', () => {
  it.each(cases)('§5.2 answers %s', async (_what, form, answer) => {
    expect(await tokens.ask(form)).toEqual(answer);
  });

  it.each(cases)('§5.2 describes %s in its own characters', async (_what, form) => {
    const { error_description: description } = JSON.parse((await tokens.ask(form)).body) as Record<
      string,
      string
    >;
    expect(description).toMatch(/^[\x20\x21\x23-\x5B\x5D-\x7E]+$/);
  });

  it('§5.2 is the same when the client used HTTP Basic', async () => {
    const headers = basic('app:app-secret');
    expect(await tokens.ask({ grant_type: 'x' }, { headers })).toEqual(unsupported);
    expect(await tokens.ask({ ...password, password: 'x' }, { headers })).toEqual(invalidGrant);
  });

  it('§5.2 says the same of every failure of a resource owner’s credentials', async () => {
    const bodies = cases
      .filter(([, , answer]) => answer === invalidGrant)
      .map(([, form]) => tokens.ask(form));
    expect(new Set((await Promise.all(bodies)).map((answer) => JSON.stringify(answer))).size).toBe(1);
  });
});
