import * as oauth from 'oauth4webapi';
import { ClientCredentials, ResourceOwnerPassword } from 'simple-oauth2';
import { TestApp } from '../support/app.js';
import { client, configuration, publicClient } from '../support/configuration.js';

const path = '/am/oauth2/realms/root/realms/alpha/access_token';
/** All that RFC 6749 appendix A.1 and A.2 allow and form-encoding changes. */
const id = 'my client:/?&=+%41"\\~';
const secret = 's3cret:/?&=+%41"\\~ ';
const password = 'пароль &=+%41 😀';

let app: TestApp;

beforeAll(async () => {
  app = await TestApp.start({
    configuration: configuration({
      '/alpha': {
        clients: [
          client({ client_id: id, client_secret: secret, client_secret_hash: undefined }),
          publicClient({ client_id: 'public' }),
        ],
        users: [{ username: 'zoë', password }],
      },
    }),
  });
});
afterAll(() => app.stop());

describe('oauth4webapi', () => {
  const insecure = { [oauth.allowInsecureRequests]: true };
  const confidential: oauth.Client = { client_id: id };
  const server = (): oauth.AuthorizationServer => ({ issuer: app.url, token_endpoint: app.url + path });

  it.each([
    ['client_secret_basic', oauth.ClientSecretBasic],
    ['client_secret_post', oauth.ClientSecretPost],
  ])('gets a token by client credentials, authenticated by %s', async (_method, authentication) => {
    const parameters = { scope: 'write read' };
    const response = await oauth.clientCredentialsGrantRequest(
      server(),
      confidential,
      authentication(secret),
      parameters,
      insecure,
    );
    expect(await oauth.processClientCredentialsResponse(server(), confidential, response)).toEqual({
      access_token: expect.stringMatching(/^sya_/) as string,
      token_type: 'bearer',
      expires_in: 3600,
      scope: 'write read',
    });
  });

  const refreshToken = { refresh_token: expect.stringMatching(/^syr_/) as string };
  it.each([
    ['a confidential client', id, oauth.ClientSecretBasic(secret), refreshToken],
    ['a public client', 'public', oauth.None(), {}],
  ])('gets a token by password for %s', async (_what, client_id, authentication, more) => {
    const parameters = { username: 'zoë', password };
    const response = await oauth.genericTokenEndpointRequest(
      server(),
      { client_id },
      authentication,
      'password',
      parameters,
      insecure,
    );
    expect(await oauth.processGenericTokenEndpointResponse(server(), { client_id }, response)).toEqual({
      access_token: expect.stringMatching(/^sya_/) as string,
      token_type: 'bearer',
      expires_in: 3600,
      scope: 'read',
      ...more,
    });
  });

  it('reads a refusal of the resource owner’s credentials', async () => {
    const response = await oauth.genericTokenEndpointRequest(
      server(),
      confidential,
      oauth.ClientSecretBasic(secret),
      'password',
      { username: 'zoë', password: 'wrong' },
      insecure,
    );
    await expect(
      oauth.processGenericTokenEndpointResponse(server(), confidential, response),
    ).rejects.toMatchObject({
      code: oauth.RESPONSE_BODY_ERROR,
      status: 400,
      error: 'invalid_grant',
      error_description: 'The resource owner credentials are invalid.',
    });
  });

  it('reads the challenge to a failed client', async () => {
    const authentication = oauth.ClientSecretBasic('wrong');
    const response = await oauth.clientCredentialsGrantRequest(
      server(),
      confidential,
      authentication,
      {},
      insecure,
    );
    await expect(
      oauth.processClientCredentialsResponse(server(), confidential, response),
    ).rejects.toMatchObject({
      code: oauth.WWW_AUTHENTICATE_CHALLENGE,
      status: 401,
      cause: [{ scheme: 'basic', parameters: { realm: '/alpha' } }],
    });
  });
});

describe.each(['header', 'body'] as const)('simple-oauth2, the client in the %s', (authorizationMethod) => {
  const options = (clientSecret = secret) => ({
    client: { id, secret: clientSecret },
    auth: { tokenHost: app.url, tokenPath: path },
    options: { authorizationMethod },
  });

  it('gets a token by client credentials', async () => {
    const accessToken = await new ClientCredentials(options()).getToken({ scope: ['read', 'write'] });
    expect(accessToken.token).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'read write' });
    expect(accessToken.token).not.toHaveProperty('refresh_token');
    expect(accessToken.expired()).toBe(false);
  });

  it('gets a token by password', async () => {
    const accessToken = await new ResourceOwnerPassword(options()).getToken({ username: 'zoë', password });
    expect(accessToken.token).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'read' });
  });

  it('reads a refusal', async () => {
    await expect(new ClientCredentials(options('wrong')).getToken({})).rejects.toMatchObject({
      output: { statusCode: 401 },
      data: { payload: { error: 'invalid_client', error_description: 'Client authentication failed.' } },
    });
    await expect(new ClientCredentials(options()).getToken({ scope: 'admin' })).rejects.toMatchObject({
      output: { statusCode: 400 },
      data: {
        payload: {
          error: 'invalid_scope',
          error_description: 'A requested scope is not registered for the client.',
        },
      },
    });
  });
});
