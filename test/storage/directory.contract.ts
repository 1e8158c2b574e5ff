import type { Attributes } from '../../src/domain/attributes.js';
import { foldUsername } from '../../src/domain/username.js';
import { hostileNames } from './names.js';
import { aClient, anOwner, aRealm, type Subjects } from './subjects.js';

/** What every Directory must do after its DirectoryWriter has written to it. */
export function directoryContract(open: () => Subjects): void {
  let subjects: Subjects;
  let realm: string;
  beforeAll(() => {
    subjects = open();
  });
  beforeEach(async () => {
    realm = await subjects.addRealm();
  });

  it('has the root realm from the start', async () => {
    expect(await subjects.directory.findRealm('/')).toMatchObject({ path: '/', authLevel: 0, enabled: true });
  });

  it('finds nothing where nothing is registered', async () => {
    const { directory } = subjects;
    await subjects.make(
      { effect: 'add', client: aClient('/', { clientId: realm }) },
      { effect: 'add', resourceOwner: anOwner('/', { username: realm }) },
    );
    expect(await directory.findRealm(`${realm}/nested`)).toBeUndefined();
    expect(await directory.findClient(realm, realm)).toBeUndefined();
    expect(await directory.findResourceOwner(realm, realm)).toBeUndefined();
  });

  it('returns every field of a realm', async () => {
    const nested = aRealm({
      path: `${realm}/A.b_c~d-9`,
      authLevel: 2_147_483_647,
      usernames: 'fold',
      pages: {
        name: 'Ἄλφα <&"',
        accent: '#0055aa',
        scopes: new Map([
          ['12', { en: 'twelve', de: 'zwölf' }],
          ['__proto__', { en: undefined, de: 'nur deutsch' }],
        ]),
      },
      enabled: false,
    });
    await subjects.make({ effect: 'add', realm: nested });
    expect(await subjects.directory.findRealm(nested.path)).toEqual({
      ...nested,
      epoch: expect.any(Number),
    });
  });

  it('returns every field of a confidential client', async () => {
    const client = aClient(realm, {
      secretHash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA',
      grantTypes: ['password', 'client_credentials'],
      redirectUris: ['https://client.example/?a={},"\\', 'com.example.app:/callback'],
      insecureRedirectUris: true,
      pkce: 'optional',
      consent: 'implied',
      origins: ['https://client.example', 'http://localhost:3000'],
      scopes: ['write', 'https://localhost:8090/auth/userinfo.email', '{},', '12'],
      defaultScopes: ['write', '{},'],
      accessTokenLifetime: 2_147_483_647,
      lenientAuthentication: true,
      attributes: peculiarAttributes,
      name: "Ἄλφα “quoted” \\ 'single'",
      description: 'two\nlines',
      contactEmail: 'someone@example.org',
      application: '',
      enabled: false,
    });
    await subjects.make({ effect: 'add', client });
    expect(await subjects.directory.findClient(realm, client.clientId)).toEqual({
      ...client,
      epoch: expect.any(Number),
    });
  });

  it('returns a public client without the fields that it does not have', async () => {
    const client = aClient(realm, {
      type: 'public',
      secretHash: undefined,
      grantTypes: [],
      scopes: [],
    });
    await subjects.make({ effect: 'add', client });
    expect(await subjects.directory.findClient(realm, client.clientId)).toEqual({
      ...client,
      epoch: expect.any(Number),
    });
  });

  it('returns every field of a resource owner', async () => {
    const resourceOwner = anOwner(realm, { attributes: peculiarAttributes, enabled: false });
    await subjects.make({ effect: 'add', resourceOwner });
    expect(await subjects.directory.findResourceOwner(realm, 'owner')).toEqual({
      ...resourceOwner,
      epoch: expect.any(Number),
    });
  });

  it('knows the origins of the enabled clients of a realm', async () => {
    const { directory } = subjects;
    const origin = 'https://app.example';
    await subjects.make(
      { effect: 'add', client: aClient(realm, { origins: ['https://other.example', origin] }) },
      {
        effect: 'add',
        client: aClient(realm, { clientId: 'off', origins: ['https://off.example'], enabled: false }),
      },
      { effect: 'add', client: aClient('/', { clientId: realm, origins: ['https://root.example'] }) },
    );
    expect(await directory.listsOrigin(realm, origin)).toBe(true);
    expect(await directory.listsOrigin('/', origin)).toBe(false);
    for (const other of [
      'https://off.example',
      'https://root.example',
      'https://APP.example',
      '',
      '%',
      'null',
    ]) {
      expect(await directory.listsOrigin(realm, other)).toBe(false);
    }
  });

  it('distinguishes upper case from lower case', async () => {
    const { directory } = subjects;
    await subjects.make(
      { effect: 'add', realm: aRealm({ path: `${realm}/alpha`, authLevel: 1 }) },
      { effect: 'add', realm: aRealm({ path: `${realm}/Alpha`, authLevel: 2 }) },
      { effect: 'add', client: aClient(realm, { clientId: 'myClient', name: 'one' }) },
      { effect: 'add', client: aClient(realm, { clientId: 'MyClient', name: 'two' }) },
      { effect: 'add', resourceOwner: anOwner(realm, { username: 'Demo' }) },
    );
    expect(await directory.findRealm(`${realm}/alpha`)).toMatchObject({ authLevel: 1 });
    expect(await directory.findRealm(`${realm}/Alpha`)).toMatchObject({ authLevel: 2 });
    expect(await directory.findClient(realm, 'myClient')).toMatchObject({ name: 'one' });
    expect(await directory.findClient(realm, 'MyClient')).toMatchObject({ name: 'two' });
    expect(await directory.findResourceOwner(realm, 'demo')).toBeUndefined();
  });

  it('finds a resource owner by the key of its name where the realm folds user names, and nowhere else', async () => {
    const { directory } = subjects;
    const folding = `${realm}/folding`;
    const names = [
      'Demo',
      'ZOË',
      'e\u0301lan',
      `' or 1=1--`,
      '%',
      '_',
      'STRASSE',
      'Straße',
      '12',
      '__proto__',
    ];
    await subjects.make(
      { effect: 'add', realm: aRealm({ path: folding, usernames: 'fold' }) },
      ...[realm, folding].flatMap((path) =>
        names.map((username) => ({ effect: 'add', resourceOwner: anOwner(path, { username }) }) as const),
      ),
    );
    for (const name of names) {
      const key = foldUsername(name);
      expect(await directory.findFoldedResourceOwner(folding, key)).toEqual(
        await directory.findResourceOwner(folding, name),
      );
      expect(await directory.findResourceOwner(folding, name)).toMatchObject({ username: name });
      expect(await directory.findFoldedResourceOwner(realm, key)).toBeUndefined();
    }
    for (const key of ['Demo', 'demo ', 'dem%', '', 'owner', 'e\u0301lan']) {
      expect(await directory.findFoldedResourceOwner(folding, key)).toBeUndefined();
    }
    expect(await directory.findFoldedResourceOwner(`${folding}/none`, 'demo')).toBeUndefined();
  });

  it('distinguishes names that differ only in their bytes', async () => {
    const { directory } = subjects;
    const changes = hostileNames.flatMap((name) => [
      { effect: 'add', client: aClient(realm, { clientId: name, description: name }) } as const,
      { effect: 'add', resourceOwner: anOwner(realm, { username: name, passwordHash: name }) } as const,
    ]);
    await subjects.make(...changes);
    for (const name of hostileNames) {
      expect(await directory.findClient(realm, name)).toMatchObject({ clientId: name, description: name });
      expect(await directory.findResourceOwner(realm, name)).toMatchObject({
        username: name,
        passwordHash: name,
      });
    }
  });

  it.each(hostileNames)('finds nothing by a name that is not registered: %j', async (name) => {
    const { directory } = subjects;
    await subjects.make(
      { effect: 'add', client: aClient(realm, { clientId: 'x' }) },
      { effect: 'add', resourceOwner: anOwner(realm, { username: 'x' }) },
    );
    expect(await directory.findRealm(name)).toBeUndefined();
    expect(await directory.findClient(realm, name)).toBeUndefined();
    expect(await directory.findClient(name, 'x')).toBeUndefined();
    expect(await directory.findResourceOwner(realm, name)).toBeUndefined();
    expect(await directory.findResourceOwner(name, 'x')).toBeUndefined();
  });

  it('does not mix up the end of a realm’s path with the beginning of a name', async () => {
    const { directory } = subjects;
    await subjects.make(
      { effect: 'add', client: aClient(realm, { clientId: 'a b' }) },
      { effect: 'add', resourceOwner: anOwner(realm, { username: 'a b' }) },
    );
    expect(await directory.findClient(`${realm} a`, 'b')).toBeUndefined();
    expect(await directory.findResourceOwner(`${realm} a`, 'b')).toBeUndefined();
  });
}

/** Names that JavaScript's objects reorder or lose, and values that a careless store drops. */
const peculiarAttributes: Attributes = new Map([
  ['mail', ['one@example.org', 'two@example.org', 'one@example.org']],
  ['__proto__', ['not a prototype']],
  ['constructor', ['not one either']],
  ['toString', []],
  ['12', ['twelve']],
  ['2', ['two']],
  ['', ['']],
  ['𝒩ame "quoted"\\\'', ['null', '\u2028', '{"a":1}', ' ']],
]);
