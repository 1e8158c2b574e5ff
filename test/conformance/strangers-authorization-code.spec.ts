import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { AuthorizationCode } from 'simple-oauth2';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { configuration } from '../support/configuration.js';
import { FixedAddressApp } from '../support/fixed-address-app.js';
import { ann, callback, codeClient, publicCodeClient } from '../support/sign-in.js';
import { formOf, Visitor } from '../support/visitor.js';

/** All that RFC 6749 appendix A.1 and A.2 allow and form-encoding changes. */
const id = 'my client:/?&=+%41"\\~';
const secret = 's3cret:/?&=+%41"\\~ ';

let door: FixedAddressApp;
beforeAll(async () => {
  const realm = {
    clients: [
      codeClient({ client_id: id, client_secret: secret, client_secret_hash: undefined }),
      codeClient({ client_id: 'older', pkce: 'optional' }),
      publicCodeClient({ client_id: 'public' }),
    ],
    users: [ann],
  };
  door = await FixedAddressApp.open('/idp', {
    hasher: new FastHasher(),
    configuration: configuration({ '/': realm, '/alpha/beta': realm }),
  });
});
afterAll(() => door.close());

/** Signs in at an address and decides; returns where that leads. */
async function decide(address: URL, decision = 'allow'): Promise<URL> {
  const { location = '' } = await new Visitor(door).allow(address.pathname + address.search, { decision });
  return new URL(location);
}

const issuers = ['/idp', '/idp/oauth2/realms/root/realms/alpha/realms/beta'];

describe.each(issuers)('openid-client at %s', (path) => {
  const discover = (clientId: string, authentication: openid.ClientAuth) =>
    openid.discovery(new URL(door.url + path), clientId, undefined, authentication, {
      algorithm: 'oauth2',
      execute: [openid.allowInsecureRequests],
    });

  it.each([
    ['a confidential client', id, openid.ClientSecretBasic(secret)],
    ['a public client', 'public', openid.None()],
  ])('gets tokens for a code, and refreshes them: %s', async (_what, clientId, authentication) => {
    const config = await discover(clientId, authentication);
    expect(config.serverMetadata().supportsPKCE()).toBe(true);
    const verifier = openid.randomPKCECodeVerifier();
    const state = openid.randomState();
    const address = openid.buildAuthorizationUrl(config, {
      redirect_uri: callback,
      scope: 'read write',
      state,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const back = await decide(address);
    const checks = { expectedState: state, pkceCodeVerifier: verifier };
    await expect(
      openid.authorizationCodeGrant(config, back, { ...checks, expectedState: 'x' }),
    ).rejects.toThrow();
    const tokens = await openid.authorizationCodeGrant(config, back, checks);
    expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'read write', expires_in: 3600 });
    expect(await openid.refreshTokenGrant(config, tokens.refresh_token ?? '')).toMatchObject({
      scope: 'read write',
    });
  });

  it('reads a refusal', async () => {
    const config = await discover('public', openid.None());
    const address = openid.buildAuthorizationUrl(config, {
      redirect_uri: callback,
      code_challenge: await openid.calculatePKCECodeChallenge(openid.randomPKCECodeVerifier()),
      code_challenge_method: 'S256',
    });
    const back = await decide(address, 'deny');
    await expect(openid.authorizationCodeGrant(config, back)).rejects.toMatchObject({
      error: 'access_denied',
    });
  });
});

describe.each(issuers)('oauth4webapi at %s', (path) => {
  const insecure = { [oauth.allowInsecureRequests]: true };

  async function begin(responseMode: string) {
    const issuer = new URL(door.url + path);
    const found = await oauth.discoveryRequest(issuer, { ...insecure, algorithm: 'oauth2' });
    const server = await oauth.processDiscoveryResponse(issuer, found);
    const client: oauth.Client = { client_id: 'public' };
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const address = new URL(server.authorization_endpoint ?? '');
    const parameters = {
      response_type: 'code',
      client_id: client.client_id,
      redirect_uri: callback,
      response_mode: responseMode,
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    };
    address.search = new URLSearchParams(parameters).toString();
    return { server, client, verifier, state, address };
  }

  async function redeem(
    { server, client, verifier }: Awaited<ReturnType<typeof begin>>,
    answer: URLSearchParams,
  ) {
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      answer,
      callback,
      verifier,
      insecure,
    );
    return oauth.processAuthorizationCodeResponse(server, client, response);
  }

  it('gets tokens for a code, and finds the answer to be of its issuer', async () => {
    const begun = await begin('query');
    const back = await decide(begun.address);
    const answer = oauth.validateAuthResponse(begun.server, begun.client, back, begun.state);
    expect(await redeem(begun, answer)).toMatchObject({ token_type: 'bearer', scope: 'read' });
    await expect(redeem(begun, answer)).rejects.toMatchObject({ error: 'invalid_grant' });
    back.searchParams.set('iss', 'https://evil.example.com');
    expect(() => oauth.validateAuthResponse(begun.server, begun.client, back, begun.state)).toThrow(/iss/);
  });

  it('gets tokens for a code that was posted', async () => {
    const begun = await begin('form_post');
    const visit = await new Visitor(door).allow(begun.address.pathname + begun.address.search);
    const posted = new URLSearchParams(formOf(visit.body).hidden);
    const answer = oauth.validateAuthResponse(begun.server, begun.client, posted, begun.state);
    expect(await redeem(begun, answer)).toMatchObject({ scope: 'read' });
  });
});

it('simple-oauth2, which knows no PKCE, gets tokens where it is optional', async () => {
  const library = new AuthorizationCode({
    client: { id: 'older', secret: 'app-secret' },
    auth: { tokenHost: door.url, tokenPath: '/oauth2/access_token', authorizePath: '/oauth2/authorize' },
  });
  const address = library.authorizeURL({ redirect_uri: callback, scope: ['read', 'write'], state: 's' });
  const code = (await decide(new URL(address))).searchParams.get('code') ?? '';
  const { token } = await library.getToken({ code, redirect_uri: callback });
  expect(token).toMatchObject({ token_type: 'Bearer', scope: 'read write' });
});
