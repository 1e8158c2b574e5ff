import { hashGeneratedSecret } from '../../src/domain/secret.js';
import { apply, client, counts, directoryAfter, realm, user } from './directories.js';

describe('a change', () => {
  const secret = 'client_secret: forgerock';
  const password = 'password: Ch4ng31t';

  it.each([
    ['stays', 'another authentication level', 'auth_level: 1', 'auth_level: 2'],
    ['stays', 'other pages', 'enabled: true', 'pages: {name: A}'],
    ['changes', 'the realm disabled', 'enabled: true', 'enabled: false'],
    ['stays', 'the realm enabled again', 'enabled: false', 'enabled: true'],
    ['stays', 'the realm still disabled', 'enabled: false', 'enabled: false\n    auth_level: 1'],
  ])('of a realm: its epoch %s with %s', async (epoch, _what, before, after) => {
    const directory = await directoryAfter(realm(before));
    const old = await directory.findRealm('/alpha');

    expect(await apply(directory, realm(after))).toEqual(counts({ updated: 1 }));

    const now = await directory.findRealm('/alpha');
    expect(now?.epoch === old?.epoch ? 'stays' : 'changes').toBe(epoch);
  });

  it.each([
    ['stays', 'another name', secret, `${secret}\nclient_name: C`],
    ['stays', 'other scopes', secret, `${secret}\nscopes: [read]`],
    ['stays', 'other attributes', secret, `${secret}\nattributes: {cn: C}`],
    ['stays', 'other refresh tokens', secret, `${secret}\nrefresh: none\nrefresh_retry: graceful`],
    ['stays', 'another lifetime', secret, `${secret}\nrefresh_token_max_lifetime: 60`],
    ['stays', 'other redirect URIs', secret, `${secret}\nredirect_uris: ["https://c.example/"]`],
    ['stays', 'other rules of sign-in', secret, `${secret}\npkce: optional\nconsent: implied`],
    ['stays', 'other origins', secret, `${secret}\norigins: ["https://c.example"]`],
    ['stays', 'another right to introspect', secret, `${secret}\nintrospect: all`],
    ['stays', 'other information', secret, `${secret}\nadditional_information: {a: b}`],
    ['stays', 'other parameters', secret, `${secret}\nadditional_parameters: [tenant]`],
    ['stays', 'the secret left out', `${secret}\nclient_name: C`, 'client_name: D'],
    ['changes', 'another secret', secret, 'client_secret: other'],
    ['changes', 'another hash', secret, `client_secret_hash: ${hashGeneratedSecret('other')}`],
    ['changes', 'the client disabled', secret, `${secret}\nenabled: false`],
    ['stays', 'the client enabled again', `${secret}\nenabled: false`, secret],
    ['changes', 'the client made public', secret, 'client_type: public'],
    ['changes', 'the client made confidential', 'client_type: public', secret],
  ])('of a client: its epoch %s with %s', async (epoch, _what, before, after) => {
    const directory = await directoryAfter(client(before));
    const old = await directory.findClient('/alpha', 'c');

    expect(await apply(directory, client(after))).toEqual(counts({ updated: 1, unchanged: 1 }));

    const now = await directory.findClient('/alpha', 'c');
    expect(now?.epoch === old?.epoch ? 'stays' : 'changes').toBe(epoch);
  });

  it.each([
    ['stays', 'other attributes', password, `${password}\nattributes: {cn: U}`],
    ['stays', 'the password left out', `${password}\nattributes: {cn: U}`, 'attributes: {cn: V}'],
    ['changes', 'another password', password, 'password: other'],
    ['changes', 'the user disabled', password, `${password}\nenabled: false`],
    ['changes', 'the user disabled, the password left out', password, 'enabled: false'],
    ['stays', 'the user enabled again', `${password}\nenabled: false`, password],
  ])('of a user: its epoch %s with %s', async (epoch, _what, before, after) => {
    const directory = await directoryAfter(user(before));
    const old = await directory.findResourceOwner('/alpha', 'u');

    expect(await apply(directory, user(after))).toEqual(counts({ updated: 1, unchanged: 1 }));

    const now = await directory.findResourceOwner('/alpha', 'u');
    expect(now?.epoch === old?.epoch ? 'stays' : 'changes').toBe(epoch);
  });
});
