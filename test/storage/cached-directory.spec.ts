import type { Change } from '../../src/domain/change-feed.js';
import type { MaybePromise } from '../../src/domain/maybe-promise.js';
import type { Client } from '../../src/domain/client.js';
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
let directory: CachedDirectory;

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
  directory = new CachedDirectory(stored, feed, new StoppedClock(), { entries: 100, maxAgeMs: 30_000 });
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
