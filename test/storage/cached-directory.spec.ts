import type { Change } from '../../src/domain/change-feed.js';
import type { MaybePromise } from '../../src/domain/maybe-promise.js';
import type { Client } from '../../src/domain/client.js';
import type { DirectoryChange, Effect } from '../../src/domain/directory-writer.js';
import type { Realm } from '../../src/domain/realm.js';
import type { ResourceOwner } from '../../src/domain/resource-owner.js';
import { CachedDirectory } from '../../src/storage/cached/directory.js';
import { MemoryDirectory } from '../../src/storage/memory/directory.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { aClient, anOwner, aRealm, Subjects } from './subjects.js';

/** Records every read. */
class WatchedDirectory extends MemoryDirectory {
  reads: string[] = [];

  override findRealm(path: string): Promise<Realm | undefined> {
    this.reads.push(`realm ${path}`);
    return super.findRealm(path);
  }

  override findClient(realm: string, clientId: string): Promise<Client | undefined> {
    this.reads.push(`client ${clientId} of ${realm}`);
    return super.findClient(realm, clientId);
  }

  override findResourceOwner(realm: string, username: string): Promise<ResourceOwner | undefined> {
    this.reads.push(`owner ${username} of ${realm}`);
    return super.findResourceOwner(realm, username);
  }
}

let stored: WatchedDirectory;
let subjects: Subjects;
let feed: RecordedChanges;
let clock: StoppedClock;
let directory: CachedDirectory;

/** Looks up a subject that has reached this epoch. */
type Finder = (minEpoch?: number) => MaybePromise<{ readonly epoch: number } | undefined>;

const [a, b] = ['/a', '/b'];
const everything = [a, b].flatMap((realm) => [
  `realm ${realm}`,
  `client one of ${realm}`,
  `client two of ${realm}`,
  `owner one of ${realm}`,
  `owner two of ${realm}`,
]);

beforeEach(async () => {
  stored = new WatchedDirectory();
  subjects = new Subjects(stored, stored);
  feed = new RecordedChanges();
  clock = new StoppedClock();
  directory = new CachedDirectory(stored, feed, clock, { entries: 100, maxAgeMs: 30_000 });
  for (const realm of [a, b]) {
    await subjects.make(
      { effect: 'add', realm: aRealm({ path: realm }) },
      { effect: 'add', client: aClient(realm, { clientId: 'one' }) },
      { effect: 'add', resourceOwner: anOwner(realm, { username: 'one' }) },
    );
  }
});

/** Looks up every subject, and returns the reads that reach the store. No subject is named `two`. */
async function readAnew(): Promise<string[]> {
  stored.reads = [];
  for (const realm of [a, b]) {
    await directory.findRealm(realm);
    for (const name of ['one', 'two']) await directory.findClient(realm, name);
    for (const name of ['one', 'two']) await directory.findResourceOwner(realm, name);
  }
  return stored.reads;
}

it.each<[string, Change, string[]]>([
  ['a client drops only its entry', { client: { realm: a, name: 'one' } }, ['client one of /a']],
  [
    'a client that was missing drops only its entry',
    { client: { realm: b, name: 'two' } },
    ['client two of /b'],
  ],
  [
    'a resource owner drops only its entry',
    { resourceOwner: { realm: b, name: 'one' } },
    ['owner one of /b'],
  ],
  [
    'a resource owner that was missing drops only its entry',
    { resourceOwner: { realm: a, name: 'two' } },
    ['owner two of /a'],
  ],
  ['a realm drops every entry, also of other realms', { realm: a }, everything],
  ['everything drops every entry', 'everything', everything],
  ['added tokens drops nothing', 'addedTokens', []],
  ['access tokens drops nothing', { accessTokens: [Buffer.alloc(32)] }, []],
])('a change of %s', async (_, change, dropped) => {
  expect(await readAnew()).toEqual(everything);
  expect(await readAnew()).toEqual([]);
  feed.announce(change);
  expect(await readAnew()).toEqual(dropped);
  expect(await readAnew()).toEqual([]);
});

describe.each<
  [string, (reached?: number) => MaybePromise<{ epoch: number } | undefined>, () => Promise<void>]
>([
  [
    'a realm',
    (reached) => directory.findRealm(a, reached),
    () => subjects.make({ effect: 'endTokens', realm: aRealm({ path: a }) }),
  ],
  [
    'a client',
    (reached) => directory.findClient(a, 'one', reached),
    () => subjects.make({ effect: 'endTokens', client: aClient(a, { clientId: 'one' }) }),
  ],
  [
    'a resource owner',
    (reached) => directory.findResourceOwner(a, 'one', reached),
    () => subjects.make({ effect: 'endTokens', resourceOwner: anOwner(a, { username: 'one' }) }),
  ],
])('the cached copy of %s', (_, find, renew) => {
  it('is returned to a caller that knows its epoch, an older one or none', async () => {
    const { epoch } = (await find())!;
    for (const reached of [undefined, 0, epoch - 1, epoch]) expect(await find(reached)).toEqual(await find());
    expect(stored.reads).toHaveLength(1);
  });

  it('is read again for a caller that knows a newer epoch, although no change was announced', async () => {
    const { epoch } = (await find())!;
    await renew();
    expect((await find(epoch))?.epoch).toBe(epoch);
    expect(stored.reads).toHaveLength(1);
    const renewed = await find(epoch + 1);
    expect(renewed!.epoch).toBeGreaterThan(epoch);
    expect(await find()).toBe(renewed);
    expect(stored.reads).toHaveLength(2);
  });
});

it.each<[string, () => MaybePromise<{ epoch: number } | undefined>, (reached: number) => unknown]>([
  ['client', () => stored.findClient(a, 'two'), (reached) => directory.findClient(a, 'two', reached)],
  [
    'resource owner',
    () => stored.findResourceOwner(a, 'two'),
    (reached) => directory.findResourceOwner(a, 'two', reached),
  ],
])(
  'a %s that was missing is read again for a caller that knows that it now exists',
  async (_, written, find) => {
    await readAnew();
    await subjects.make(
      { effect: 'add', client: aClient(a, { clientId: 'two' }) },
      { effect: 'add', resourceOwner: anOwner(a, { username: 'two' }) },
    );
    const { epoch } = (await written())!;
    expect(await find(epoch)).toMatchObject({ epoch });
  },
);

describe.each<[string, (effect: Effect) => DirectoryChange, Finder]>([
  ['realm', (effect) => ({ effect, realm: aRealm({ path: a }) }), (min) => directory.findRealm(a, min)],
  [
    'client',
    (effect) => ({ effect, client: aClient(a, { clientId: 'one' }) }),
    (min) => directory.findClient(a, 'one', min),
  ],
  [
    'resource owner',
    (effect) => ({ effect, resourceOwner: anOwner(a, { username: 'one' }) }),
    (min) => directory.findResourceOwner(a, 'one', min),
  ],
])('a %s that was removed', (_, change, find) => {
  let before: number;
  beforeEach(async () => {
    before = (await find())!.epoch;
    await subjects.make(change('remove'));
    feed.announce('everything');
    stored.reads = [];
  });

  it('is read once for a thousand callers that know an epoch it had', async () => {
    for (let count = 0; count < 1000; count += 1) expect(await find(before)).toBeUndefined();
    expect(await find(before - 1)).toBeUndefined();
    expect(await find()).toBeUndefined();
    expect(stored.reads).toHaveLength(1);
  });

  it('is found as soon as its addition is announced', async () => {
    expect(await find(before)).toBeUndefined();
    await subjects.make(change('add'));
    expect(await find(before)).toBeUndefined();
    feed.announce('everything');
    expect((await find(before))!.epoch).toBeGreaterThan(before);
    expect(stored.reads).toHaveLength(2);
  });

  it('is found by a caller that knows its new epoch, although its addition was not announced', async () => {
    expect(await find(before)).toBeUndefined();
    await subjects.make(change('add'));
    const found = await find(before + 1);
    expect(found!.epoch).toBeGreaterThan(before);
    expect(await find(before)).toBe(found);
    expect(stored.reads).toHaveLength(2);
  });

  it('is read again after 5 s', async () => {
    await find(before);
    clock.advance(4_999);
    await find(before);
    expect(stored.reads).toHaveLength(1);
    clock.advance(1);
    await find(before);
    expect(stored.reads).toHaveLength(2);
  });
});

it('a client that was removed is read once, however long its name', async () => {
  const [realm, clientId] = [`/${'r'.repeat(100)}`.repeat(10), 'c'.repeat(255)];
  for (let count = 0; count < 3; count += 1) {
    expect(await directory.findClient(realm, clientId, 7)).toBeUndefined();
  }
  expect(stored.reads).toHaveLength(1);
});

it('a client that is disabled is read for each caller that knows its epoch: it may have been enabled since', async () => {
  await subjects.make({ effect: 'endTokens', client: aClient(a, { clientId: 'one', enabled: false }) });
  const { epoch } = (await directory.findClient(a, 'one'))!;
  expect(await directory.findClient(a, 'one', epoch - 1)).toMatchObject({ enabled: false });
  expect(stored.reads).toHaveLength(1);
  await subjects.make({ effect: 'update', client: aClient(a, { clientId: 'one' }) });
  expect(await directory.findClient(a, 'one', epoch)).toMatchObject({ enabled: true, epoch });
});

it('distinguishes subjects whose realm and name look alike when joined', async () => {
  await subjects.make(
    { effect: 'add', realm: aRealm({ path: '/a/b' }) },
    { effect: 'add', client: aClient('/a/b', { clientId: 'c', name: 'of b' }) },
    { effect: 'add', client: aClient(a, { clientId: 'b\nc', name: 'of a' }) },
    { effect: 'add', client: aClient(a, { clientId: 'b/c', name: 'of a, too' }) },
  );
  const found = [
    await directory.findClient('/a/b', 'c'),
    await directory.findClient(a, 'b\nc'),
    await directory.findClient(a, 'b/c'),
    await directory.findResourceOwner('/a/b', 'c'),
  ];
  expect(found.map((client) => client && 'name' in client && client.name)).toEqual([
    'of b',
    'of a',
    'of a, too',
    undefined,
  ]);
});
