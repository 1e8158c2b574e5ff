import type { Client } from '../../src/domain/client.js';
import { type DirectoryChange, UsernameCollision } from '../../src/domain/directory-writer.js';
import { aClient, anOwner, aRealm, type Subjects } from './subjects.js';
import { byTester } from '../support/audit.js';

/** What every DirectoryWriter must do, as seen through its Directory. */
export function directoryWriterContract(open: () => Subjects): void {
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

  it('increments the revision and replaces the configuration hash with every apply', async () => {
    const { writer } = subjects;
    const { revision } = await writer.state();
    expect(await writer.apply([], { revision, configurationHash: 'hash' }, byTester)).toBe(true);
    expect(await writer.state()).toEqual({ revision: revision + 1, configurationHash: 'hash' });
    expect(await writer.apply([], { revision: revision + 1 }, byTester)).toBe(true);
    expect(await writer.state()).toEqual({ revision: revision + 2, configurationHash: undefined });
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

  it('ends the tokens of subjects by epochs that no subject had before', async () => {
    await inhabit();
    const before = await subjects.epochs(realm);
    await subjects.make(...changes('endTokens'));
    await expectChanged();
    const after = await subjects.epochs(realm);
    expect(new Set([...before, ...after]).size).toBe(6);
  });

  it('removes the fields that an update leaves out', async () => {
    const client = aClient(realm, { name: 'n', description: 'd', contactEmail: 'e', application: 'a' });
    await subjects.make({ effect: 'add', client });
    const bare = aClient(realm, { type: 'public', secretHash: undefined });
    await subjects.make({ effect: 'update', client: bare });
    expect(await subjects.directory.findClient(realm, 'client')).toEqual({
      ...bare,
      epoch: expect.any(Number),
    });
  });

  it('removes subjects, and gives them another epoch when they are added again', async () => {
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

  it('removes a realm with its clients and resource owners, and no others', async () => {
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

  it('accepts the removal of subjects that do not exist', async () => {
    await subjects.make(
      { effect: 'remove', realm: aRealm({ path: realm }) },
      { effect: 'remove', client: aClient(realm) },
      { effect: 'remove', resourceOwner: anOwner(realm) },
      { effect: 'remove', realm: aRealm({ path: realm }) },
    );
  });

  it.each<[string, (realm: string) => DirectoryChange]>([
    ['a client in a missing realm', (path) => ({ effect: 'add', client: aClient(`${path}/none`) })],
    [
      'a resource owner in a missing realm',
      (path) => ({ effect: 'add', resourceOwner: anOwner(`${path}/none`) }),
    ],
    ['a realm that exists', (path) => ({ effect: 'add', realm: aRealm({ path }) })],
    ['a client that exists', (path) => ({ effect: 'add', client: aClient(path) })],
    ['a resource owner that exists', (path) => ({ effect: 'add', resourceOwner: anOwner(path) })],
    [
      'an update of a missing realm',
      (path) => ({ effect: 'update', realm: aRealm({ path: `${path}/none` }) }),
    ],
    [
      'ending the tokens of a missing client',
      (path) => ({ effect: 'endTokens', client: aClient(path, { clientId: 'none' }) }),
    ],
    [
      'an update of a missing resource owner',
      (path) => ({ effect: 'update', resourceOwner: anOwner(path, { username: 'none' }) }),
    ],
  ])('changes nothing at all when one change cannot be made: %s', async (_, impossible) => {
    const { directory, writer } = subjects;
    await inhabit();
    const state = await writer.state();
    const attempt = writer.apply(
      [
        ...changes('endTokens'),
        { effect: 'add', realm: aRealm({ path: `${realm}/new` }) },
        { effect: 'remove', resourceOwner: anOwner(realm, { username: 'nobody' }) },
        impossible(realm),
        { effect: 'remove', client: aClient(realm) },
      ],
      { ...state, configurationHash: 'never kept' },
      byTester,
    );
    await expect(attempt).rejects.toThrow();
    expect(await writer.state()).toEqual(state);
    expect(await directory.findRealm(realm)).toMatchObject({ authLevel: 0 });
    expect(await directory.findRealm(`${realm}/new`)).toBeUndefined();
    expect(await directory.findClient(realm, 'client')).toMatchObject(aClient(realm));
    expect(await directory.findResourceOwner(realm, 'owner')).toMatchObject(anOwner(realm));
  });

  it('changes nothing when the directory is at another revision', async () => {
    const { directory, writer } = subjects;
    const state = await writer.state();
    await subjects.make();
    for (const revision of [state.revision, state.revision + 2]) {
      const stale = { revision, configurationHash: 'never kept' };
      expect(
        await writer.apply([{ effect: 'remove', realm: aRealm({ path: realm }) }], stale, byTester),
      ).toBe(false);
    }
    expect(await writer.state()).toEqual({ ...state, revision: state.revision + 1 });
    expect(await directory.findRealm(realm)).toBeDefined();
  });

  describe('a change by itself', () => {
    const renamed = (before: Client | undefined): DirectoryChange => ({
      effect: 'update',
      client: aClient(realm, { name: 'renamed' }),
      before,
    });

    it('is made of the subject that it was planned for, and the configuration hash stays', async () => {
      const { directory, writer } = subjects;
      await inhabit();
      const state = await writer.state();
      await writer.apply([], { ...state, configurationHash: 'kept' }, byTester);
      const before = await directory.findClient(realm, 'client');
      expect(await writer.write(renamed(before), byTester)).toBe(true);
      expect(await directory.findClient(realm, 'client')).toEqual({ ...before, name: 'renamed' });
      expect(await writer.state()).toEqual({ revision: state.revision + 2, configurationHash: 'kept' });
    });

    it('is made once, of twenty that were planned for the same state', async () => {
      const { directory, writer } = subjects;
      await inhabit();
      const before = await directory.findClient(realm, 'client');
      const writes = Array.from({ length: 20 }, () => writer.write(renamed(before), byTester));
      expect((await Promise.all(writes)).filter(Boolean)).toHaveLength(1);
    });

    it('is made of a subject whose hash a sign-in has replaced, and keeps the new one', async () => {
      const { directory, writer } = subjects;
      await inhabit();
      const before = await directory.findClient(realm, 'client');
      const planned = { ...before!, secretHash: 'older hash' };
      const client = aClient(realm, { name: 'renamed', secretHash: 'older hash' });
      expect(await writer.write({ effect: 'update', client, before: planned }, byTester)).toBe(true);
      expect(await directory.findClient(realm, 'client')).toEqual({ ...before, name: 'renamed' });
    });

    it.each<[string, () => DirectoryChange]>([
      ['a client that is there', () => ({ effect: 'add', client: aClient(realm) })],
      ['a realm that is there', () => ({ effect: 'add', realm: aRealm({ path: realm }) })],
      ['a user without realm', () => ({ effect: 'add', resourceOwner: anOwner(`${realm}/none`) })],
      ['a client that is missing', () => renamed({ ...aClient(realm), epoch: 1 })],
      [
        'a realm that holds some',
        () => ({ effect: 'remove', realm: aRealm({ path: realm }), ifEmpty: true }),
      ],
    ])('is refused, and changes nothing: %s', async (_, refused) => {
      const { directory, writer } = subjects;
      await inhabit();
      const state = await writer.state();
      const stored = await directory.findRealm(realm);
      const change = { before: stored, ...refused() } as DirectoryChange;
      const planned = change.effect === 'add' ? { ...change, before: undefined } : change;
      expect(await writer.write(planned, byTester)).toBe(false);
      expect(await writer.state()).toEqual(state);
      expect(await directory.findClient(realm, 'client')).toMatchObject(aClient(realm));
    });

    it('removes a realm that is empty', async () => {
      const { directory, writer } = subjects;
      const before = await directory.findRealm(realm);
      const change = { effect: 'remove', realm: aRealm({ path: realm }), before, ifEmpty: true } as const;
      expect(await writer.write(change, byTester)).toBe(true);
      expect(await directory.findRealm(realm)).toBeUndefined();
    });
  });

  describe('a realm that folds user names', () => {
    const folding = (): DirectoryChange => ({
      effect: 'update',
      realm: aRealm({ path: realm, usernames: 'fold' }),
    });
    const added = (...usernames: string[]) =>
      usernames.map((username) => ({ effect: 'add', resourceOwner: anOwner(realm, { username }) }) as const);
    const found = async (key: string) =>
      (await subjects.directory.findFoldedResourceOwner(realm, key))?.username;

    it('finds those who were there before, and those who are added', async () => {
      const before = await subjects.epochs(realm);
      await subjects.make(...added('Ann', 'bob', 'Zoë'));
      await subjects.make(folding(), ...added('Cid'));
      await subjects.make(...added('DAN'));
      const keys = ['ann', 'bob', 'zoë', 'cid', 'dan'];
      expect(await Promise.all(keys.map(found))).toEqual(['Ann', 'bob', 'Zoë', 'Cid', 'DAN']);
      expect(await subjects.epochs(realm)).toEqual(before);
    });

    it('finds nobody by a key who was removed, or once it compares names exactly again', async () => {
      await subjects.make(folding(), ...added('Ann', 'Bob'));
      await subjects.make({ effect: 'remove', resourceOwner: anOwner(realm, { username: 'Ann' }) });
      expect([await found('ann'), await found('bob')]).toEqual([undefined, 'Bob']);
      await subjects.make(...added('aNN'), { effect: 'update', realm: aRealm({ path: realm }) });
      expect([await found('ann'), await found('bob')]).toEqual([undefined, undefined]);
      await subjects.make(...added('ann'));
      await subjects.make(
        { effect: 'remove', resourceOwner: anOwner(realm, { username: 'aNN' }) },
        folding(),
      );
      expect([await found('ann'), await found('bob')]).toEqual(['ann', 'Bob']);
    });

    it('renames a resource owner in one go', async () => {
      await subjects.make(folding(), ...added('Ann'));
      await subjects.make(...added('ann'), {
        effect: 'remove',
        resourceOwner: anOwner(realm, { username: 'Ann' }),
      });
      expect(await found('ann')).toBe('ann');
    });

    it('updates a resource owner, who keeps the key', async () => {
      await subjects.make(folding(), ...added('Ann'));
      const changed = anOwner(realm, { username: 'Ann', passwordHash: 'another' });
      await subjects.make({ effect: 'endTokens', resourceOwner: changed });
      expect(await subjects.directory.findFoldedResourceOwner(realm, 'ann')).toMatchObject(changed);
    });

    it.each<[string, string[], (add: typeof added) => DirectoryChange[], string[]]>([
      ['two that were there', ['Ann', 'bob', 'ann'], () => [folding()], ['Ann', 'ann']],
      ['one that is added', ['Zoë'], (add) => [folding(), ...add('zoe\u0308')], ['Zoë', 'zoe\u0308']],
      ['two that are added', [], (add) => [folding(), ...add('x', 'X')], ['X', 'x']],
    ])('refuses two names with one key, and changes nothing: %s', async (_, there, changes, names) => {
      const { directory, writer } = subjects;
      await subjects.make(...added(...there));
      const state = await writer.state();
      const attempt = writer.apply(changes(added), state, byTester);
      const collision = await attempt.then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(collision).toBeInstanceOf(UsernameCollision);
      expect((collision as UsernameCollision).realm).toBe(realm);
      expect([...(collision as UsernameCollision).usernames].sort()).toEqual(names);
      expect(await writer.state()).toEqual(state);
      expect(await directory.findRealm(realm)).toMatchObject({ usernames: 'exact' });
    });

    it('lets other realms have the same names', async () => {
      const other = await subjects.addRealm();
      await subjects.make(folding(), ...added('Ann'));
      await subjects.make(
        { effect: 'add', resourceOwner: anOwner(other, { username: 'ann' }) },
        { effect: 'add', resourceOwner: anOwner(other, { username: 'Ann' }) },
      );
      expect(await found('ann')).toBe('Ann');
    });
  });

  it('lets exactly one of several concurrent callers apply its changes to a revision', async () => {
    const { directory, writer } = subjects;
    const state = await writer.state();
    const clientIds = ['one', 'two', 'three'];
    const outcomes = await Promise.all(
      clientIds.map((clientId) =>
        writer.apply([{ effect: 'add', client: aClient(realm, { clientId }) }], state, byTester),
      ),
    );
    expect(outcomes.filter((applied) => applied)).toHaveLength(1);
    const found = await Promise.all(clientIds.map(async (clientId) => directory.findClient(realm, clientId)));
    expect(found.map((client) => client !== undefined)).toEqual(outcomes);
    expect((await writer.state()).revision).toBe(state.revision + 1);
  });

  it('lists the client identifiers, and counts the user names, that several realms have', async () => {
    const { writer } = subjects;
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
    expect(await writer.sharedNames([realm, other])).toEqual(shared);
    expect(await writer.sharedNames([realm, third])).toEqual({ clientIds: [], usernames: 0 });
    expect(await writer.sharedNames([])).toEqual({ clientIds: [], usernames: 0 });
    const everywhere = await writer.sharedNames(undefined);
    expect(everywhere.clientIds).toEqual(expect.arrayContaining(shared.clientIds));
    expect(everywhere.usernames).toBeGreaterThanOrEqual(1);
  });

  it('lists the clients that are named like a user, of their own realm or of another', async () => {
    const { writer } = subjects;
    const other = await subjects.addRealm();
    const third = await subjects.addRealm();
    const [own, across, cased] = ['own', 'across', 'cased'].map((name) => `${realm}-${name}`);
    await subjects.make(
      { effect: 'add', client: aClient(realm, { clientId: own, enabled: false }) },
      { effect: 'add', client: aClient(other, { clientId: own }) },
      { effect: 'add', resourceOwner: anOwner(realm, { username: own, enabled: false }) },
      { effect: 'add', resourceOwner: anOwner(other, { username: own }) },
      { effect: 'add', client: aClient(realm, { clientId: across }) },
      { effect: 'add', resourceOwner: anOwner(other, { username: across }) },
      { effect: 'add', client: aClient(realm, { clientId: cased }) },
      { effect: 'add', resourceOwner: anOwner(realm, { username: cased.toUpperCase() }) },
    );
    expect(await writer.clientsNamedLikeUsers([realm, other])).toEqual([across, own]);
    expect(await writer.clientsNamedLikeUsers([realm, third])).toEqual([own]);
    expect(await writer.clientsNamedLikeUsers([third])).toEqual([]);
    expect(await writer.clientsNamedLikeUsers([])).toEqual([]);
    expect(await writer.clientsNamedLikeUsers(undefined)).toEqual(expect.arrayContaining([across, own]));
  });

  it('finds the enabled clients whose redirect URIs may be insecure', async () => {
    const insecure = (clientId: string, enabled = true) =>
      ({ effect: 'add', client: aClient(realm, { clientId, enabled, insecureRedirectUris: true }) }) as const;
    await subjects.make(insecure(`${realm}-b`), insecure(`${realm}-a`), insecure(`${realm}-off`, false), {
      effect: 'add',
      client: aClient(realm, { clientId: `${realm}-secure` }),
    });
    const found = await subjects.writer.clientsWithInsecureRedirects();
    expect(found.filter((clientId) => clientId.startsWith(realm))).toEqual([`${realm}-a`, `${realm}-b`]);
  });
}
