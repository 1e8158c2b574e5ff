import { type AccessToken, hashToken } from '../../src/domain/access-token.js';
import { TokenChecker } from '../../src/domain/token-checker.js';
import type { DirectoryChange, Effect } from '../../src/domain/directory-writer.js';
import { TokenFactory } from '../../src/domain/token-factory.js';
import { TokenCodec } from '../../src/domain/token-codec.js';
import { TokenService } from '../../src/domain/token.service.js';
import { CachedAccessTokenStore } from '../../src/storage/cached/access-token-store.js';
import { CachedDirectory } from '../../src/storage/cached/directory.js';
import { MemoryDirectory } from '../../src/storage/memory/directory.js';
import { MemoryTokenStore } from '../../src/storage/memory/token-store.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { KeyStore } from '../support/key-store.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { aToken } from './access-token-store.contract.js';
import { aClient, anOwner, aRealm, Subjects } from './subjects.js';

const second = 1000;
const lifetime = 20 * second;
const realm = '/alpha';
const names = { realm, clientId: 'client', username: 'owner' };

/** Counts how often it is asked for a token. */
class CountingStore extends MemoryTokenStore {
  finds = 0;

  override find(hash: Buffer): Promise<AccessToken | undefined> {
    this.finds += 1;
    return super.find(hash);
  }
}

let clock: StoppedClock;
let feed: RecordedChanges;
let stored: CountingStore;
let subjects: Subjects;
let service: TokenService;
let form: TokenCodec;
/** A token of before every test. */
let value: string;

beforeEach(async () => {
  clock = new StoppedClock();
  feed = new RecordedChanges();
  stored = new CountingStore(clock);
  const directory = new MemoryDirectory();
  subjects = new Subjects(directory, directory);
  form = new TokenCodec(new KeyStore(), clock);
  await form.reload();
  const limits = { entries: 100, maxAgeMs: 30 * second };
  service = new TokenService(
    new CachedAccessTokenStore(stored, feed, clock, limits),
    stored.refresh,
    new TokenChecker(new CachedDirectory(directory, feed, clock, limits), clock),
    form,
    new TokenFactory(form, clock, { keepsRequests: false }),
    clock,
  );
  await subjects.make(
    { effect: 'add', realm: aRealm({ path: realm }) },
    { effect: 'add', client: aClient(realm) },
    { effect: 'add', resourceOwner: anOwner(realm) },
  );
  value = await issue();
});

/** A token of the subjects as they are now. */
async function issue(): Promise<string> {
  const text = form.mint('sya_');
  const epochs = await subjects.epochs(realm);
  const [realmEpoch, client, resourceOwner] = epochs.map((epoch) => epoch ?? 0);
  const times = { issuedAt: clock.now(), expiresAt: clock.now() + lifetime };
  const token = aToken({ ...names, ...times, epochs: { realm: realmEpoch, client, resourceOwner } });
  await stored.insert({ ...token, hash: hashToken(text) });
  return text;
}

async function inspected(text = value): Promise<string> {
  const inspection = await service.inspect(text, () => true);
  return inspection.status === 'live' ? `live for ${inspection.secondsLeft} s` : inspection.status;
}

it('a copy is as live as its token, and expires in the same moment', async () => {
  expect(await inspected()).toBe('live for 20 s');
  clock.advance(second);
  expect(await inspected()).toBe('live for 19 s');
  clock.advance(18 * second);
  expect(await inspected()).toBe('live for 1 s');
  clock.advance(1);
  expect(await inspected()).toBe('expired');
  expect(stored.finds).toBe(1);
});

const disabled = { enabled: false };

it.each<[string, DirectoryChange, string]>([
  ['realm is disabled', { effect: 'renew', realm: aRealm({ path: realm, ...disabled }) }, 'withdrawn'],
  ['realm has another epoch', { effect: 'renew', realm: aRealm({ path: realm }) }, 'unknown'],
  ['realm is removed', { effect: 'remove', realm: aRealm({ path: realm }) }, 'withdrawn'],
  ['client is disabled', { effect: 'renew', client: aClient(realm, disabled) }, 'withdrawn'],
  ['client has another epoch', { effect: 'renew', client: aClient(realm) }, 'unknown'],
  ['client is removed', { effect: 'remove', client: aClient(realm) }, 'withdrawn'],
  ['client is updated', { effect: 'update', client: aClient(realm, { name: 'x' }) }, 'live for 20 s'],
  ['owner is disabled', { effect: 'renew', resourceOwner: anOwner(realm, disabled) }, 'withdrawn'],
  ['owner has another epoch', { effect: 'renew', resourceOwner: anOwner(realm) }, 'unknown'],
  ['owner is removed', { effect: 'remove', resourceOwner: anOwner(realm) }, 'withdrawn'],
])('a copy is judged by its subjects of now: its %s', async (_, change, status) => {
  expect(await inspected()).toBe('live for 20 s');
  await subjects.make(change);
  expect(await inspected()).toBe('live for 20 s');
  feed.announce(changeOf(change));
  for (let count = 0; count < 3; count += 1) expect(await inspected()).toBe(status);
  expect(stored.finds).toBe(1);
});

/** As the registry of the database tells of it. */
function changeOf(change: DirectoryChange): Parameters<RecordedChanges['announce']>[0] {
  if ('realm' in change) return { realm };
  const subject = 'client' in change ? 'client' : 'resourceOwner';
  const name = subject === 'client' ? names.clientId : names.username;
  return { [subject]: { realm, name } } as Parameters<RecordedChanges['announce']>[0];
}

describe.each<[string, (effect: Effect) => DirectoryChange]>([
  ['realm', (effect) => ({ effect, realm: aRealm({ path: realm }) })],
  ['client', (effect) => ({ effect, client: aClient(realm) })],
  ['owner', (effect) => ({ effect, resourceOwner: anOwner(realm) })],
])('before a change of its %s is heard of', (_, change) => {
  it('a token that was issued after it is live, and ends those of before', async () => {
    expect(await inspected()).toBe('live for 20 s');
    await subjects.make(change('renew'));
    const later = await issue();
    expect(await inspected()).toBe('live for 20 s');
    expect(await inspected(later)).toBe('live for 20 s');
    expect(await inspected()).toBe('unknown');
  });

  it('a token that was issued after it is live, also when it is asked about first', async () => {
    await subjects.make(change('renew'));
    const later = await issue();
    expect(await Promise.all([inspected(), inspected(later)])).toEqual(['unknown', 'live for 20 s']);
  });
});

it('a token of a client that was not there is live before it is heard that the client has come', async () => {
  await subjects.make({ effect: 'remove', client: aClient(realm) });
  expect(await inspected()).toBe('withdrawn');
  await subjects.make({ effect: 'add', client: aClient(realm) });
  expect(await inspected(await issue())).toBe('live for 20 s');
  expect(await inspected()).toBe('unknown');
});
