import { hashGeneratedSecret } from '../../src/domain/secret.js';
import { MemoryDirectory } from '../../src/storage/memory/directory.js';
import { apply, client, counts, directoryAfter, hasher, realm, user } from './directories.js';

describe('planning a new subject', () => {
  it('adds a realm with its clients and users', async () => {
    const directory = await directoryAfter(`realms:
  - name: /alpha
    auth_level: 5
    usernames: fold
    clients:
      - client_id: myClient
        client_secret: forgerock
        client_name: My client
        description: For the tests
        contact_email: a@example.com
        application: Tests
        grant_types: [password, client_credentials, password]
        scopes: [write, read, write]
        default_scopes: [write]
        access_token_lifetime: 60
        refresh_token_lifetime: 600
        refresh_token_max_lifetime: 6000
        refresh: preserve
        refresh_retry: graceful
        introspect: all
        lenient_authentication: true
        additional_information: {department: Tests, 12: twelve, __proto__: text}
        additional_parameters: [tenant, __proto__, tenant]
        attributes: {mail: a@example.com, cn: [Demo, User]}
    users:
      - username: demo
        password: Ch4ng31t
        attributes: {mail: demo@example.com}
        enabled: false
`);

    const myClient = await directory.findClient('/alpha', 'myClient');
    const demo = await directory.findResourceOwner('/alpha', 'demo');
    expect(await directory.findRealm('/alpha')).toMatchObject({
      path: '/alpha',
      authLevel: 5,
      usernames: 'fold',
      enabled: true,
    });
    expect(myClient).toMatchObject({
      realm: '/alpha',
      clientId: 'myClient',
      type: 'confidential',
      grantTypes: ['password', 'client_credentials'],
      scopes: ['write', 'read'],
      defaultScopes: ['write'],
      accessTokenLifetime: 60,
      refreshTokenLifetime: 600,
      refreshTokenMaxLifetime: 6000,
      refresh: { successor: 'preserve', graceful: true },
      introspect: 'all',
      lenientAuthentication: true,
      additionalInformation: [
        ['department', 'Tests'],
        ['12', 'twelve'],
        ['__proto__', 'text'],
      ],
      copiedParameters: ['tenant', '__proto__'],
      attributes: new Map([
        ['mail', ['a@example.com']],
        ['cn', ['Demo', 'User']],
      ]),
      name: 'My client',
      description: 'For the tests',
      contactEmail: 'a@example.com',
      application: 'Tests',
      enabled: true,
    });
    expect(demo).toMatchObject({ attributes: new Map([['mail', ['demo@example.com']]]), enabled: false });
    expect(await hasher.verify(myClient?.secretHash ?? '', 'forgerock')).toBe(true);
    expect(await hasher.verify(demo?.passwordHash ?? '', 'Ch4ng31t')).toBe(true);
  });

  it('stores hashes unchanged', async () => {
    const hash = await hasher.hash('Ch4ng31t');
    const generated = hashGeneratedSecret('forgerock');
    const directory = await directoryAfter(
      client(`client_secret_hash: ${generated}`),
      user(`password_hash: ${hash}`),
    );

    expect(await directory.findClient('/alpha', 'c')).toMatchObject({ secretHash: generated });
    expect(await directory.findResourceOwner('/alpha', 'u')).toMatchObject({ passwordHash: hash });
  });

  it('refuses new users without a password and new confidential clients without a secret', async () => {
    const directory = new MemoryDirectory();
    const file = `realms:
  - name: /alpha
    clients:
      - client_id: mobile
        client_type: public
      - client_id: gone
        state: absent
      - client_id: web
    users:
      - username: u
`;

    await expect(apply(directory, file)).rejects.toMatchObject({
      name: 'ConfigurationFileError',
      problems: [
        'symbolon.yaml:8: realms[0].clients[2].client_secret: is missing: a new confidential client needs client_secret or client_secret_hash',
        'symbolon.yaml:10: realms[0].users[0].password: is missing: a new user needs password or password_hash',
      ],
    });
    expect(await directory.findRealm('/alpha')).toBeUndefined();
  });
});

describe('planning a subject that is registered', () => {
  const secret = 'client_secret: forgerock';
  const password = 'password: Ch4ng31t';

  const both = `realms:\n  - {name: /alpha, clients: [{client_id: c, client_secret: s}], users: [{username: u, password: p}]}\n`;

  it('keeps a stored hash that the clear text still verifies against', async () => {
    const directory = await directoryAfter(
      client(`client_secret_hash: ${hashGeneratedSecret('forgerock')}`),
      user(`password_hash: ${await hasher.hash('Ch4ng31t')}`),
    );

    expect(await apply(directory, client(secret))).toEqual(counts({ unchanged: 2 }));
    expect(await apply(directory, user(password))).toEqual(counts({ unchanged: 2 }));
  });

  it('refuses a public client that is made confidential without a secret', async () => {
    const directory = await directoryAfter(client('client_type: public'));

    await expect(apply(directory, client('client_type: confidential'))).rejects.toThrow(
      'symbolon.yaml:4: realms[0].clients[0].client_secret: is missing',
    );
  });

  it('resets what an entry leaves out to its default, except credentials', async () => {
    const directory = await directoryAfter(client(`${secret}\nclient_name: C\nscopes: [read]`));
    const before = await directory.findClient('/alpha', 'c');

    await apply(directory, client('enabled: true'));

    expect(await directory.findClient('/alpha', 'c')).toEqual({ ...before, name: undefined, scopes: [] });
  });

  it('ignores the order of attributes, but not that of their values', async () => {
    const directory = await directoryAfter(client(`${secret}\nattributes: {a: x, b: [y, z]}`));
    const other = (attributes: string) =>
      client(`${secret}\nattributes: ${attributes}`) + '  - name: /forces-a-comparison\n';

    expect(await apply(directory, other('{b: [y, z], a: x}'))).toEqual(counts({ added: 1, unchanged: 2 }));
    expect(await apply(directory, other('{b: [z, y], a: x}'))).toEqual(counts({ updated: 1, unchanged: 2 }));
  });

  it('removes absent clients and users', async () => {
    const directory = await directoryAfter(
      both,
      'realms:\n  - {name: /alpha, clients: [{client_id: c, state: absent}], users: [{username: u, state: absent}]}\n',
    );

    expect(await directory.findClient('/alpha', 'c')).toBeUndefined();
    expect(await directory.findResourceOwner('/alpha', 'u')).toBeUndefined();
    expect(await directory.findRealm('/alpha')).toBeDefined();
  });

  it('removes an absent realm with its clients and users, and finds nothing to do the next time', async () => {
    const directory = await directoryAfter(both);

    expect(await apply(directory, realm('state: absent'))).toEqual(counts({ removed: 1 }));
    expect(await directory.findRealm('/alpha')).toBeUndefined();
    expect(await directory.findClient('/alpha', 'c')).toBeUndefined();
    expect(await apply(directory, realm('state: absent\n    auth_level: 1'))).toEqual(
      counts({ unchanged: 1 }),
    );
  });

  it('leaves subjects unchanged that the file does not name', async () => {
    const directory = await directoryAfter(both);
    const before = await directory.findClient('/alpha', 'c');

    await apply(directory, client(secret, 'other'));
    await apply(directory, 'realms: []');

    expect(await directory.findClient('/alpha', 'c')).toEqual(before);
    expect(await directory.findResourceOwner('/alpha', 'u')).toBeDefined();
    expect(await directory.findClient('/alpha', 'other')).toBeDefined();
  });
});
