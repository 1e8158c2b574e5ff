import type { SubjectKind } from '../../src/domain/audit.js';
import type { SubjectQuery, SubjectRecords } from '../../src/domain/subject-records.js';
import { byTester } from '../support/audit.js';
import { hostileNames } from './names.js';
import { aClient, anOwner, aRealm, type Subjects } from './subjects.js';

/** Names whose order by bytes is neither that of a language nor that of UTF-16, and prefixes of one another. */
const peculiarNames = [
  ...hostileNames,
  'a',
  'aa',
  'ab',
  'a%',
  'a_',
  'a\\',
  'A',
  'Z',
  'z',
  'ä',
  'é',
  '\ud7ff',
  '\ue000',
  '\uffff',
  'x\uffff',
  'x\uffffy',
  '\u{10000}',
  '\u{1f600}',
  '\u{1f600}!',
  '\u{1f601}',
  '\u{10ffff}',
  '\u{10ffff}\u{10ffff}',
];

/** In the order of their bytes. */
function sorted(names: readonly string[]): string[] {
  return [...names].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}

/** What every SubjectRecords must do after a DirectoryWriter has written. */
export function subjectRecordsContract(open: () => { subjects: Subjects; records: SubjectRecords }): void {
  let subjects: Subjects;
  let records: SubjectRecords;
  let realm: string;
  beforeAll(() => {
    ({ subjects, records } = open());
  });
  beforeEach(async () => {
    realm = await subjects.addRealm();
  });

  const { at } = byTester;
  const later = { ...byTester, at: at + 1001 };

  async function names(kind: SubjectKind, query: Partial<SubjectQuery> = {}): Promise<string[]> {
    const { records: found, last } = await records.list(kind, { realm, limit: 1000, ...query });
    expect(last).toBeUndefined();
    return found.map(({ subject }) => nameOf(subject));
  }

  /** Adds clients and users of these names. */
  async function add(path: string, ...added: readonly string[]): Promise<void> {
    await subjects.make(
      ...added.flatMap((name) => [
        { effect: 'add', client: aClient(path, { clientId: name }) } as const,
        { effect: 'add', resourceOwner: anOwner(path, { username: name }) } as const,
      ]),
    );
  }

  it('finds nothing where nothing is', async () => {
    expect(await records.find('realm', { realm: `${realm}/none` })).toBeUndefined();
    expect(await records.find('client', { realm, name: 'client' })).toBeUndefined();
    expect(await records.find('user', { realm, name: 'owner' })).toBeUndefined();
    expect(await records.list('client', { realm, limit: 10 })).toEqual({ records: [] });
    expect(await records.list('user', { realm: `${realm}/none`, limit: 10 })).toEqual({ records: [] });
    expect(await records.search(realm, `${realm}/none`, 10)).toEqual([]);
  });

  it('finds subjects as the directory does, with the times of their changes', async () => {
    const { directory, writer } = subjects;
    await add(realm, 'x');
    const client = (await directory.findClient(realm, 'x'))!;
    const user = (await directory.findResourceOwner(realm, 'x'))!;
    const times = { createdAt: at, updatedAt: at };
    expect(await records.find('realm', { realm })).toEqual({
      subject: await directory.findRealm(realm),
      ...times,
    });
    expect(await records.find('client', { realm, name: 'x' })).toEqual({ subject: client, ...times });
    expect(await records.find('user', { realm, name: 'x' })).toEqual({ subject: user, ...times });

    await writer.apply(
      [
        { effect: 'update', realm: aRealm({ path: realm, authLevel: 3 }) },
        { effect: 'update', client: { ...client, name: 'Title' } },
        { effect: 'endTokens', resourceOwner: user },
      ],
      await writer.state(),
      later,
    );
    const changed = { createdAt: at, updatedAt: later.at };
    expect(await records.find('realm', { realm })).toMatchObject({ subject: { authLevel: 3 }, ...changed });
    expect(await records.find('client', { realm, name: 'x' })).toMatchObject({
      subject: { name: 'Title' },
      ...changed,
    });
    expect(await records.find('user', { realm, name: 'x' })).toMatchObject(changed);
    expect((await records.list('client', { realm, limit: 1 })).records[0]).toMatchObject(changed);
  });

  it('has no times of a subject that was added before they were recorded', async () => {
    const root = await records.find('realm', { realm: '/' });
    expect(root).toEqual({ subject: await subjects.directory.findRealm('/') });
  });

  it.each(['client', 'user'] as const)('lists each %s of a realm in the order of bytes', async (kind) => {
    await add(realm, ...peculiarNames);
    await subjects.make({ effect: 'add', realm: aRealm({ path: `${realm}/below` }) });
    await add(`${realm}/below`, 'below');
    const inOrder = sorted(peculiarNames);
    expect(await names(kind)).toEqual(inOrder);
    expect(await names(kind, { descending: true })).toEqual(inOrder.toReversed());
    for (const prefix of [...peculiarNames, '', 'x', 'nobody', '\u{10ffff}\u{10ffff}\u{10ffff}']) {
      const beginning = inOrder.filter((name) => name.startsWith(prefix));
      expect([prefix, await names(kind, { prefix })]).toEqual([prefix, beginning]);
    }
  });

  it.each([false, true])('lists in parts, and says where each ends (descending: %s)', async (descending) => {
    await add(realm, ...peculiarNames);
    const expected = sorted(peculiarNames);
    if (descending) expected.reverse();
    const found: string[] = [];
    for (let after: string | undefined; ;) {
      const part = await records.list('user', { realm, limit: 7, descending, after });
      expect(part.records.length).toBeLessThanOrEqual(7);
      found.push(...part.records.map(({ subject }) => subject.username));
      if (part.last === undefined) break;
      expect(part.last).toBe(found.at(-1));
      after = part.last;
    }
    expect(found).toEqual(expected);
  });

  it('shows each standing name once to a walk amid changes', async () => {
    const standing = sorted(Array.from({ length: 30 }, (_, n) => `n${n}`));
    const passing = standing.map((name) => `${name}-passing`);
    await add(realm, ...standing, ...passing);
    const found: string[] = [];
    for (let after: string | undefined, page = 0; ; page += 1) {
      const part = await records.list('client', { realm, limit: 3, after, enabled: true });
      found.push(...part.records.map(({ subject }) => subject.clientId));
      if (part.last === undefined) break;
      after = part.last;
      // Before the walk and behind it: a client that is renamed is removed, and added by another name.
      const gone = [...passing.splice(0, 1), ...passing.splice(-1)];
      await subjects.make(
        ...gone.map((clientId) => ({ effect: 'remove', client: aClient(realm, { clientId }) }) as const),
      );
      await add(realm, `m-${page}`, `n3-${page}`, `${after}-behind`, `z-${page}`);
    }
    expect(found.filter((name) => standing.includes(name))).toEqual(standing);
    expect(new Set(found).size).toBe(found.length);
    expect(found.length).toBeGreaterThan(standing.length);
  });

  it('lists enabled or disabled subjects, and the clients that may use a grant type', async () => {
    await subjects.make(
      { effect: 'add', client: aClient(realm, { clientId: 'on', grantTypes: ['password'] }) },
      { effect: 'add', client: aClient(realm, { clientId: 'off', enabled: false }) },
      { effect: 'add', resourceOwner: anOwner(realm, { username: 'off', enabled: false }) },
      { effect: 'add', resourceOwner: anOwner(realm, { username: 'on' }) },
      { effect: 'add', realm: aRealm({ path: `${realm}/off`, enabled: false }) },
    );
    expect(await names('client', { enabled: true })).toEqual(['on']);
    expect(await names('client', { enabled: false })).toEqual(['off']);
    expect(await names('user', { enabled: true })).toEqual(['on']);
    expect(await names('user', { enabled: false })).toEqual(['off']);
    expect(await names('realm', { enabled: true })).toEqual([realm]);
    expect(await names('realm', { enabled: false })).toEqual([`${realm}/off`]);
    expect(await names('client', { grantType: 'password' })).toEqual(['on']);
    expect(await names('client', { grantType: 'client_credentials', enabled: true })).toEqual([]);
    expect(await names('client', { grantType: `' or 1=1--` })).toEqual([]);
  });

  it('lists a realm and those below it, and no others', async () => {
    const below = ['/a', '/a.b', '/a-b', '/a/b', '/a/b/c', '/A', '/~'].map((path) => realm + path);
    const others = ['-x', '.x', '~', 'x'].map((end) => realm + end);
    await subjects.make(
      ...[...below, ...others].map((path) => ({ effect: 'add', realm: aRealm({ path }) }) as const),
    );
    expect(await names('realm')).toEqual([realm, ...sorted(below)]);
    expect(await names('realm', { realm: `${realm}/a`, descending: true })).toEqual([
      `${realm}/a/b/c`,
      `${realm}/a/b`,
      `${realm}/a`,
    ]);
    expect(await names('realm', { prefix: `${realm}/a` })).toEqual(
      sorted(below.filter((path) => path.startsWith(`${realm}/a`))),
    );
    expect(await names('realm', { realm: `${realm}/a`, prefix: realm })).toHaveLength(3);
    expect(await names('realm', { realm: `${realm}/a`, prefix: `${realm}/a.` })).toEqual([]);
    expect(await names('realm', { realm: '/', prefix: realm })).toEqual(sorted([realm, ...below, ...others]));
    const first = await records.list('realm', { realm: '/', limit: 1 });
    expect(first.records.map(({ subject }) => subject.path)).toEqual(['/']);
    expect(first.last).toBe('/');
  });

  it('searches by the beginnings of names, in a realm and those below it', async () => {
    const mark = realm.slice(1);
    const below = `${realm}/${mark}-deep`;
    const beside = `${realm}-beside`;
    await subjects.make(
      { effect: 'add', realm: aRealm({ path: below, enabled: false }) },
      { effect: 'add', realm: aRealm({ path: beside }) },
      { effect: 'add', client: aClient(below, { clientId: `${mark}-b`, name: 'B' }) },
      { effect: 'add', client: aClient(realm, { clientId: `${mark}-a`, name: `${mark} Title` }) },
      { effect: 'add', client: aClient(realm, { clientId: 'c', name: `${mark} Title`, enabled: false }) },
      { effect: 'add', client: aClient(beside, { clientId: `${mark}-b` }) },
      { effect: 'add', resourceOwner: anOwner(below, { username: mark, enabled: false }) },
      { effect: 'add', resourceOwner: anOwner(beside, { username: mark }) },
      { effect: 'add', resourceOwner: anOwner(realm, { username: mark.toUpperCase() }) },
    );
    const inside = [
      { kind: 'realm', realm, enabled: true },
      { kind: 'realm', realm: below, enabled: false },
      { kind: 'client', realm, name: `${mark}-a`, title: `${mark} Title`, enabled: true },
      { kind: 'client', realm: below, name: `${mark}-b`, title: 'B', enabled: true },
      { kind: 'client', realm, name: 'c', title: `${mark} Title`, enabled: false },
      { kind: 'user', realm: below, name: mark, enabled: false },
    ];
    expect(await records.search(mark, realm, 10)).toEqual(inside);
    const everywhere = await records.search(mark, '/', 10);
    expect(everywhere).toEqual(expect.arrayContaining(inside));
    expect(everywhere).toHaveLength(inside.length + 3);
    expect(await records.search(mark, below, 10)).toEqual([inside[1], inside[3], inside[5]]);
    expect(await records.search(`${realm}/`, realm, 10)).toEqual([inside[1]]);
    expect(await records.search(mark, realm, 1)).toEqual([inside[0], inside[2], inside[5]]);
    expect(await records.search(`${mark} T`, '/', 10)).toEqual([inside[2], inside[4]]);
  });

  it.each(['/', 'realm'])('searches for names of any characters (within %s)', async (within) => {
    await add(realm, ...peculiarNames);
    for (const text of peculiarNames) {
      const found = await records.search(text, within === '/' ? '/' : realm, 200);
      const users = found.filter((one) => one.kind === 'user' && one.realm === realm);
      const expected = sorted(peculiarNames).filter((name) => name.startsWith(text));
      expect([text, users.map(({ name }) => name)]).toEqual([text, expected]);
    }
  });
}

function nameOf(subject: object): string {
  const { path, clientId, username } = subject as { path?: string; clientId?: string; username?: string };
  return (path ?? clientId ?? username)!;
}
