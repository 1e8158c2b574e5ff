import type { DirectoryChange } from '../../src/domain/directory-writer.js';
import { aClient, anOwner, aRealm, type Subjects } from './subjects.js';

/** What every Registry must do, as its Directory shows it. */
export function registryContract(open: () => Subjects): void {
  let subjects: Subjects;
  let realm: string;
  beforeAll(() => {
    subjects = open();
  });
  beforeEach(async () => {
    realm = await subjects.addRealm();
  });

  /** Fills the realm with a client and a resource owner. */
  async function inhabit(): Promise<void> {
    await subjects.make(
      { effect: 'add', client: aClient(realm) },
      { effect: 'add', resourceOwner: anOwner(realm) },
    );
  }

  /** The same change for the realm, its client and its resource owner. */
  function changes(effect: 'update' | 'endTokens'): DirectoryChange[] {
    return [
      { effect, realm: aRealm({ path: realm, authLevel: 7 }) },
      { effect, client: aClient(realm, { name: 'changed', attributes: new Map([['12', ['x']]]) }) },
      { effect, resourceOwner: anOwner(realm, { attributes: new Map([['__proto__', ['x']]]) }) },
    ];
  }

  async function expectChanged(): Promise<void> {
    const { directory } = subjects;
    expect(await directory.findRealm(realm)).toMatchObject({ authLevel: 7 });
    const client = await directory.findClient(realm, 'client');
    expect(client).toEqual({
      ...aClient(realm),
      name: 'changed',
      attributes: expect.any(Map),
      epoch: client!.epoch,
    });
    expect(client!.attributes).toEqual(new Map([['12', ['x']]]));
    const owner = await directory.findResourceOwner(realm, 'owner');
    expect(owner!.attributes).toEqual(new Map([['__proto__', ['x']]]));
  }

  it('starts at a revision without a configuration hash, or goes on from the last', async () => {
    const { registry } = subjects;
    const { revision } = await registry.state();
    expect(await registry.apply([], { revision, configurationHash: 'hash' })).toBe(true);
    expect(await registry.state()).toEqual({ revision: revision + 1, configurationHash: 'hash' });
    expect(await registry.apply([], { revision: revision + 1 })).toBe(true);
    expect(await registry.state()).toEqual({ revision: revision + 2, configurationHash: undefined });
  });

  it('adds subjects with an epoch that no other subject has', async () => {
    await inhabit();
    const epochs = [...(await subjects.epochs(realm)), ...(await subjects.epochs('/'))];
    const given = epochs.filter((epoch) => epoch !== undefined);
    expect(given).toHaveLength(4);
    expect(new Set(given).size).toBe(4);
  });

  it('updates subjects and leaves their epochs', async () => {
    await inhabit();
    const before = await subjects.epochs(realm);
    await subjects.make(...changes('update'));
    await expectChanged();
    expect(await subjects.epochs(realm)).toEqual(before);
  });

  it('renews subjects with epochs that nobody had before', async () => {
    await inhabit();
    const before = await subjects.epochs(realm);
    await subjects.make(...changes('endTokens'));
    await expectChanged();
    const after = await subjects.epochs(realm);
    expect(new Set([...before, ...after]).size).toBe(6);
  });

  it('takes away what an update leaves out', async () => {
    const client = aClient(realm, { name: 'n', description: 'd', contactEmail: 'e', application: 'a' });
    await subjects.make({ effect: 'add', client });
    const bare = aClient(realm, { type: 'public', secretHash: undefined });
    await subjects.make({ effect: 'update', client: bare });
    expect(await subjects.directory.findClient(realm, 'client')).toEqual({
      ...bare,
      epoch: expect.any(Number),
    });
  });

  it('removes subjects, and gives those that come again another epoch', async () => {
    await inhabit();
    const [, ...before] = await subjects.epochs(realm);
    await subjects.make(
      { effect: 'remove', client: aClient(realm) },
      { effect: 'remove', resourceOwner: anOwner(realm) },
    );
    expect(await subjects.epochs(realm)).toEqual([expect.any(Number), undefined, undefined]);
    await inhabit();
    const [, ...after] = await subjects.epochs(realm);
    expect(new Set([...before, ...after]).size).toBe(4);
  });

  it('removes a realm with its clients and resource owners, and nobody else’s', async () => {
    await inhabit();
    const nested = `${realm}/nested`;
    await subjects.make(
      { effect: 'add', realm: aRealm({ path: nested }) },
      { effect: 'add', client: aClient(nested) },
      { effect: 'add', resourceOwner: anOwner(nested) },
    );
    const [before] = await subjects.epochs(realm);
    await subjects.make({ effect: 'remove', realm: aRealm({ path: realm }) });
    expect(await subjects.epochs(realm)).toEqual([undefined, undefined, undefined]);
    expect(await subjects.epochs(nested)).not.toContain(undefined);
    await subjects.make({ effect: 'add', realm: aRealm({ path: realm }) });
    expect(await subjects.epochs(realm)).toEqual([expect.any(Number), undefined, undefined]);
    expect(await subjects.epochs(realm)).not.toContain(before);
  });

  it('does not mind removing what is gone already', async () => {
    await subjects.make(
      { effect: 'remove', realm: aRealm({ path: realm }) },
      { effect: 'remove', client: aClient(realm) },
      { effect: 'remove', resourceOwner: anOwner(realm) },
      { effect: 'remove', realm: aRealm({ path: realm }) },
    );
  });

  it.each<[string, (realm: string) => DirectoryChange]>([
    ['a client in no realm', (path) => ({ effect: 'add', client: aClient(`${path}/none`) })],
    ['a resource owner in no realm', (path) => ({ effect: 'add', resourceOwner: anOwner(`${path}/none`) })],
    ['a realm that is there', (path) => ({ effect: 'add', realm: aRealm({ path }) })],
    ['a client that is there', (path) => ({ effect: 'add', client: aClient(path) })],
    ['a resource owner that is there', (path) => ({ effect: 'add', resourceOwner: anOwner(path) })],
    ['an update of no realm', (path) => ({ effect: 'update', realm: aRealm({ path: `${path}/none` }) })],
    [
      'a renewal of no client',
      (path) => ({ effect: 'endTokens', client: aClient(path, { clientId: 'none' }) }),
    ],
    [
      'an update of no resource owner',
      (path) => ({ effect: 'update', resourceOwner: anOwner(path, { username: 'none' }) }),
    ],
  ])('changes nothing at all when one change cannot be made: %s', async (_, impossible) => {
    const { directory, registry } = subjects;
    await inhabit();
    const state = await registry.state();
    const attempt = registry.apply(
      [
        ...changes('endTokens'),
        { effect: 'add', realm: aRealm({ path: `${realm}/new` }) },
        { effect: 'remove', resourceOwner: anOwner(realm, { username: 'nobody' }) },
        impossible(realm),
        { effect: 'remove', client: aClient(realm) },
      ],
      { ...state, configurationHash: 'never kept' },
    );
    await expect(attempt).rejects.toThrow();
    expect(await registry.state()).toEqual(state);
    expect(await directory.findRealm(realm)).toMatchObject({ authLevel: 0 });
    expect(await directory.findRealm(`${realm}/new`)).toBeUndefined();
    expect(await directory.findClient(realm, 'client')).toMatchObject(aClient(realm));
    expect(await directory.findResourceOwner(realm, 'owner')).toMatchObject(anOwner(realm));
  });

  it('changes nothing when the directory has gone on from the revision', async () => {
    const { directory, registry } = subjects;
    const state = await registry.state();
    await subjects.make();
    for (const revision of [state.revision, state.revision + 2]) {
      const stale = { revision, configurationHash: 'never kept' };
      expect(await registry.apply([{ effect: 'remove', realm: aRealm({ path: realm }) }], stale)).toBe(false);
    }
    expect(await registry.state()).toEqual({ ...state, revision: state.revision + 1 });
    expect(await directory.findRealm(realm)).toBeDefined();
  });

  it('lets exactly one of several appliers have a revision', async () => {
    const { directory, registry } = subjects;
    const state = await registry.state();
    const clientIds = ['one', 'two', 'three'];
    const outcomes = await Promise.all(
      clientIds.map((clientId) =>
        registry.apply([{ effect: 'add', client: aClient(realm, { clientId }) }], state),
      ),
    );
    expect(outcomes.filter((applied) => applied)).toHaveLength(1);
    const found = await Promise.all(clientIds.map(async (clientId) => directory.findClient(realm, clientId)));
    expect(found.map((client) => client !== undefined)).toEqual(outcomes);
    expect((await registry.state()).revision).toBe(state.revision + 1);
  });

  it('names the clients, and counts the resource owners, that several realms have', async () => {
    const { registry } = subjects;
    const other = await subjects.addRealm();
    const third = await subjects.addRealm();
    for (const path of [realm, other]) {
      await subjects.make(
        { effect: 'add', client: aClient(path, { clientId: `${realm}-b` }) },
        { effect: 'add', client: aClient(path, { clientId: `${realm}-a`, enabled: path === other }) },
        { effect: 'add', client: aClient(path, { clientId: path }) },
        { effect: 'add', resourceOwner: anOwner(path, { username: realm, enabled: path === other }) },
        { effect: 'add', resourceOwner: anOwner(path, { username: path === realm ? 'demo' : 'Demo' }) },
      );
    }
    const shared = { clientIds: [`${realm}-a`, `${realm}-b`], usernames: 1 };
    expect(await registry.sharedNames([realm, other])).toEqual(shared);
    expect(await registry.sharedNames([realm, third])).toEqual({ clientIds: [], usernames: 0 });
    expect(await registry.sharedNames([])).toEqual({ clientIds: [], usernames: 0 });
    const everywhere = await registry.sharedNames(undefined);
    expect(everywhere.clientIds).toEqual(expect.arrayContaining(shared.clientIds));
    expect(everywhere.usernames).toBeGreaterThanOrEqual(1);
  });
}
