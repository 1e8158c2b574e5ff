import { byTester } from '../support/audit.js';
import { clientDefaults } from '../support/client-defaults.js';
import { DirectoryWriter } from '../../src/domain/directory-writer.js';
import { TestApp } from '../support/app.js';
import { appCredentials, client, configuration } from '../support/configuration.js';
import { basic, failedClient, refusal, success, TokenEndpoint } from '../support/token-endpoint.js';

const form = { grant_type: 'client_credentials', ...appCredentials };

let app: TestApp;
let tokens: TokenEndpoint;

beforeAll(async () => {
  app = await TestApp.start({
    configuration: configuration({
      '/alpha': {
        auth_level: 3,
        clients: [
          client({ access_token_lifetime: 60 }),
          client({ client_id: 'web', grant_types: ['password'] }),
        ],
        users: [{ username: 'demo', password: 'correct' }],
      },
    }),
  });
  tokens = new TokenEndpoint(app, '/oauth2/alpha/access_token');
});
afterEach(async () => expect(await tokens.leftBehind()).toBe(0));
afterAll(() => app.stop());

describe('the client credentials grant', () => {
  it('§4.4.3 answers a token and, the client being able to ask again, no refresh token', async () => {
    expect(await tokens.ask(form)).toEqual(success('read', 60));
    expect(await tokens.ask({ ...form, scope: 'write read offline_access' })).toEqual(
      refusal('invalid_scope', 'A requested scope is not registered for the client.'),
    );
  });

  it('§4.4 issues in the client’s own name, whatever user the form names', async () => {
    const issuedAt = app.clock.now();
    const token = await tokens.token({ ...form, username: 'demo', password: 'correct', scope: 'write' });
    expect(token).toMatchObject({
      realm: '/alpha',
      clientId: 'app',
      username: undefined,
      scope: ['write'],
      grantType: 'client_credentials',
      authLevel: 0,
      issuedAt,
      expiresAt: issuedAt + 60_000,
    });
    expect(token?.epochs.resourceOwner).toBeUndefined();
  });

  it('§4.4 is off for a client whose registration does not list it', async () => {
    const expected = refusal('unauthorized_client', 'The client may not use this grant type.');
    expect(await tokens.ask({ ...form, client_id: 'web' })).toEqual(expected);
  });

  it('§4.4.2 needs a client that proves itself', async () => {
    expect(await tokens.ask({ grant_type: 'client_credentials', client_id: 'app' })).toEqual(
      failedClient('/alpha'),
    );
    expect(
      await tokens.ask({ ...form, client_id: '', client_secret: '' }, { headers: basic('app:') }),
    ).toEqual(failedClient('/alpha'));
  });

  it('§4.4 is closed to a public client even where the registry lists it', async () => {
    const registry = app.nest.get(DirectoryWriter);
    const publicClient = {
      realm: '/alpha',
      clientId: 'public',
      type: 'public',
      grantTypes: ['client_credentials'],
      scopes: ['read'],
      defaultScopes: ['read'],
      ...clientDefaults,
      accessTokenLifetime: 60,
      attributes: new Map(),
      enabled: true,
    } as const;
    expect(
      await registry.apply([{ effect: 'add', client: publicClient }], await registry.state(), byTester),
    ).toBe(true);
    expect(await tokens.ask({ grant_type: 'client_credentials', client_id: 'public' })).toEqual(
      refusal('unauthorized_client', 'A public client may not use this grant type.'),
    );
  });
});
