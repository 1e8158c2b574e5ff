import { Provisioner } from '../../src/provisioning/apply.js';
import { demoConfiguration } from '../../src/provisioning/demo.js';
import { KnownForms } from '../../src/hashing/known-forms.js';
import { MemoryDirectory } from '../../src/storage/memory/directory.js';
import { tester } from '../support/audit.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { FastHasher } from './fast-hasher.js';

describe('the demo', () => {
  const directory = new MemoryDirectory();
  const hasher = new FastHasher();

  beforeAll(async () => {
    await new Provisioner(directory, directory, hasher, new KnownForms(hasher), new StoppedClock()).apply(
      demoConfiguration,
      {},
      tester,
    );
  });

  it.each([
    ['/alpha', 'myClient', 'forgerock', ['write', 'read', 'mail', 'cn'], ['write'], 'realm'],
    [
      '/',
      'SampleConfidentialApp',
      '6808d4b6-ef09-4b0d-8f28-3b05da9c48ec',
      ['https://localhost:8090/auth/userinfo.email', 'resource.READ', 'resource.WRITE'],
      ['https://localhost:8090/auth/userinfo.email'],
      'own',
    ],
  ])('has in realm %s the client %s', async (realm, clientId, secret, scopes, defaultScopes, introspect) => {
    const client = await directory.findClient(realm, clientId);

    expect(client).toMatchObject({
      type: 'confidential',
      grantTypes: ['authorization_code', 'password', 'client_credentials', 'refresh_token'],
      scopes,
      defaultScopes,
      introspect,
      enabled: true,
    });
    expect(await hasher.verify(client?.secretHash ?? '', secret)).toBe(true);
  });

  it.each([
    ['/alpha', 'myClient', 'http://127.0.0.1:3000/callback'],
    ['/', 'SampleConfidentialApp', 'https://localhost/oauth_callback'],
  ])('sends codes of realm %s, client %s to %s', async (realm, clientId, redirectUri) => {
    const client = await directory.findClient(realm, clientId);

    expect(client?.redirectUris).toEqual([redirectUri]);
  });

  it.each([
    ['/alpha', 'demo', 'Ch4ng31t'],
    ['/', 'admin', 'changeme'],
  ])('has in realm %s the user %s', async (realm, username, password) => {
    const user = await directory.findResourceOwner(realm, username);

    expect(user).toMatchObject({ enabled: true });
    expect(await hasher.verify(user?.passwordHash ?? '', password)).toBe(true);
  });

  it('has attributes that its scopes ask for', async () => {
    const { attributes } = (await directory.findResourceOwner('/alpha', 'demo')) ?? {};

    expect(attributes?.get('mail')).toEqual(['demo@example.com']);
    expect(attributes?.get('cn')).toEqual(['Demo User']);
  });
});
