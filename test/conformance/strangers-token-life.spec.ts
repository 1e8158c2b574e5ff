import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { ClientCredentials, ResourceOwnerPassword } from 'simple-oauth2';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { client, configuration } from '../support/configuration.js';
import { FixedAddressApp } from '../support/fixed-address-app.js';

/** All that RFC 6749 appendix A.1 and A.2 allow and form-encoding changes. */
const id = 'my client:/?&=+%41"\\~';
const secret = 's3cret:/?&=+%41"\\~ ';
const credentials = { username: 'zoë', password: 'пароль &=+%41 😀' };

let door: FixedAddressApp;

beforeAll(async () => {
  const own = client({ client_id: id, client_secret: secret, client_secret_hash: undefined });
  const realm = { clients: [own], users: [credentials] };
  door = await FixedAddressApp.open('/idp', {
    hasher: new FastHasher(),
    configuration: configuration({ '/': realm, '/alpha/beta': realm }),
  });
});
afterAll(() => door.close());

interface Tokens {
  readonly access_token: string;
  readonly refresh_token?: string;
}

/** A client library, as far as it speaks what is served. */
interface Stranger {
  clientCredentials(scope: string): Promise<Tokens>;
  password(): Promise<Tokens>;
  refresh(refreshToken: string): Promise<Tokens>;
  introspect?(token: string): Promise<unknown>;
  revoke(token: string): Promise<unknown>;
  /** The error code that the library has read in a refusal. */
  codeOf(error: unknown): unknown;
}

async function oauth4webapi(issuer: URL, authentication: oauth.ClientAuth): Promise<Stranger> {
  const http = { [oauth.allowInsecureRequests]: true };
  const found = await oauth.discoveryRequest(issuer, { ...http, algorithm: 'oauth2' });
  const server = await oauth.processDiscoveryResponse(issuer, found);
  const self: oauth.Client = { client_id: id };
  const granted = [server, self, authentication] as const;
  return {
    clientCredentials: async (scope) => {
      const response = await oauth.clientCredentialsGrantRequest(...granted, { scope }, http);
      return oauth.processClientCredentialsResponse(server, self, response);
    },
    password: async () => {
      const response = await oauth.genericTokenEndpointRequest(...granted, 'password', credentials, http);
      return oauth.processGenericTokenEndpointResponse(server, self, response);
    },
    refresh: async (refreshToken) => {
      const response = await oauth.refreshTokenGrantRequest(...granted, refreshToken, http);
      return oauth.processRefreshTokenResponse(server, self, response);
    },
    introspect: async (token) => {
      const response = await oauth.introspectionRequest(...granted, token, http);
      return oauth.processIntrospectionResponse(server, self, response);
    },
    revoke: async (token) => {
      const response = await oauth.revocationRequest(...granted, token, http);
      return oauth.processRevocationResponse(response);
    },
    codeOf: (error) => (error instanceof oauth.ResponseBodyError ? error.error : error),
  };
}

async function openidClient(issuer: URL, authentication: openid.ClientAuth): Promise<Stranger> {
  const server = await openid.discovery(issuer, id, undefined, authentication, {
    algorithm: 'oauth2',
    execute: [openid.allowInsecureRequests],
  });
  return {
    clientCredentials: (scope) => openid.clientCredentialsGrant(server, { scope }),
    password: () => openid.genericGrantRequest(server, 'password', credentials),
    refresh: (refreshToken) => openid.refreshTokenGrant(server, refreshToken),
    introspect: (token) => openid.tokenIntrospection(server, token),
    revoke: (token) => openid.tokenRevocation(server, token),
    codeOf: (error) => (error instanceof openid.ResponseBodyError ? error.error : error),
  };
}

/** It discovers nothing, and cannot introspect: its paths are those that the metadata names. */
async function simpleOAuth2(issuer: URL, authorizationMethod: 'header' | 'body'): Promise<Stranger> {
  const wellKnown = `${issuer.origin}/.well-known/oauth-authorization-server${issuer.pathname}`;
  const metadata = (await (await fetch(wellKnown)).json()) as Record<string, string>;
  const path = (name: string) => new URL(metadata[name]).pathname;
  const options = {
    client: { id, secret },
    auth: {
      tokenHost: issuer.origin,
      tokenPath: path('token_endpoint'),
      revokePath: path('revocation_endpoint'),
    },
    options: { authorizationMethod },
  };
  const owner = new ResourceOwnerPassword(options);
  const tokens = ({ token }: { token: unknown }) => token as Tokens;
  return {
    clientCredentials: async (scope) => tokens(await new ClientCredentials(options).getToken({ scope })),
    password: async () => tokens(await owner.getToken(credentials)),
    refresh: async (refresh_token) => tokens(await owner.createToken({ refresh_token }).refresh()),
    revoke: (token) => owner.createToken({ access_token: token }).revoke('access_token'),
    codeOf: (error) => (error as { data?: { payload?: { error?: unknown } } }).data?.payload?.error ?? error,
  };
}

const strangers: [name: string, meet: (issuer: URL) => Promise<Stranger>][] = [
  ['oauth4webapi, HTTP Basic', (issuer) => oauth4webapi(issuer, oauth.ClientSecretBasic(secret))],
  ['oauth4webapi, in the form', (issuer) => oauth4webapi(issuer, oauth.ClientSecretPost(secret))],
  ['openid-client, HTTP Basic', (issuer) => openidClient(issuer, openid.ClientSecretBasic(secret))],
  ['openid-client, in the form', (issuer) => openidClient(issuer, openid.ClientSecretPost(secret))],
  ['simple-oauth2, HTTP Basic', (issuer) => simpleOAuth2(issuer, 'header')],
  ['simple-oauth2, in the form', (issuer) => simpleOAuth2(issuer, 'body')],
];

describe.each(strangers)('%s', (_name, meet) => {
  describe.each([
    ['/', '/idp'],
    ['/alpha/beta', '/idp/oauth2/realms/root/realms/alpha/realms/beta'],
  ])('in realm %s', (realm, path) => {
    let stranger: Stranger;
    beforeAll(async () => {
      stranger = await meet(new URL(door.url + path));
    });

    /** Whether a token is live, by the library where it can tell. */
    async function isLive(token: string): Promise<boolean> {
      const response = await fetch(`${door.url}/api/oauth/tokeninfo?access_token=${token}`);
      await response.text();
      const introspected = await stranger.introspect?.(token);
      if (introspected) expect(introspected).toMatchObject({ active: response.ok });
      return response.ok;
    }

    it('gets a token for itself, and ends it', async () => {
      const granted = await stranger.clientCredentials('write read');
      const { access_token: token } = granted;
      expect(granted).toMatchObject({ scope: 'write read', expires_in: 3600 });
      expect(granted).not.toHaveProperty('refresh_token');
      const introspected = await stranger.introspect?.(token);
      if (introspected) {
        expect(introspected).toMatchObject({
          active: true,
          client_id: id,
          sub: id,
          iss: door.url + path,
          realm,
        });
      }
      expect(await isLive(token)).toBe(true);
      await stranger.revoke(token);
      expect(await isLive(token)).toBe(false);
      await stranger.revoke(token);
    });

    it('gets tokens for a resource owner, refreshes them, and ends them', async () => {
      const first = await stranger.password();
      expect(first).toMatchObject({ scope: 'read', expires_in: 3600 });
      const second = await stranger.refresh(first.refresh_token ?? '');
      expect(second).toMatchObject({ scope: 'read', expires_in: 3600 });
      expect(second.refresh_token).not.toBe(first.refresh_token);
      const introspected = await stranger.introspect?.(second.access_token);
      if (introspected) expect(introspected).toMatchObject({ username: 'zoë', sub: 'zoë', realm });
      const replayed = stranger.refresh(first.refresh_token ?? '');
      expect(await replayed.catch((error: unknown) => stranger.codeOf(error))).toBe('invalid_grant');
      expect(await isLive(second.access_token)).toBe(true);
      await stranger.revoke(second.refresh_token ?? '');
      expect(await isLive(first.access_token)).toBe(false);
      expect(await isLive(second.access_token)).toBe(false);
      const revoked = stranger.refresh(second.refresh_token ?? '');
      expect(await revoked.catch((error: unknown) => stranger.codeOf(error))).toBe('invalid_grant');
    });
  });
});

it('simple-oauth2 ends both its tokens', async () => {
  const owner = new ResourceOwnerPassword({
    client: { id, secret },
    auth: {
      tokenHost: door.url,
      tokenPath: '/api/oauth/token',
      revokePath: '/api/oauth/revoke',
    },
  });
  const token = await owner.getToken(credentials);
  const refreshed = await token.refresh({ scope: ['read'] });
  expect(refreshed.expired()).toBe(false);
  await refreshed.revokeAll();
  await expect(refreshed.refresh()).rejects.toMatchObject({ data: { payload: { error: 'invalid_grant' } } });
});
