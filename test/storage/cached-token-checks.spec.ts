import { type AccessToken, hashToken } from '../../src/domain/access-token.js';
import { TokenChecker } from '../../src/domain/token-checker.js';
import type { DirectoryChange, Effect } from '../../src/domain/directory-writer.js';
import { TokenFactory } from '../../src/domain/token-factory.js';
import { SeparateCodeStore } from '../../src/domain/code-register.js';
import { MemoryCodeRegister } from '../../src/storage/memory/code-register.js';
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
import { RecordedEvents } from '../support/audit.js';

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
let codec: TokenCodec;
/** A token that is issued before every test. */
let value: string;

beforeEach(async () => {
  clock = new StoppedClock();
  feed = new RecordedChanges();
  stored = new CountingStore(clock, new RecordedEvents());
  const directory = new MemoryDirectory();
  subjects = new Subjects(directory, directory);
  codec = new TokenCodec(new KeyStore(), clock);
  await codec.reload();
  const limits = { entries: 100, maxAgeMs: 30 * second };
  service = new TokenService(
    new CachedAccessTokenStore(stored, feed, clock, limits),
    stored.refreshTokens,
    new TokenChecker(new CachedDirectory(directory, feed, clock, limits), clock),
    codec,
    new TokenFactory(codec, clock, { keepsRequests: false }),
    clock,
    new SeparateCodeStore(new MemoryCodeRegister(clock), stored.refreshTokens),
  );
  await subjects.make(
    { effect: 'add', realm: aRealm({ path: realm }) },
    { effect: 'add', client: aClient(realm) },
    { effect: 'add', resourceOwner: anOwner(realm) },
  );
  value = await issue();
});

/** Issues a token with the subjects' current epochs. */
async function issue(): Promise<string> {
  const text = codec.mint('sya_');
  const epochs = await subjects.epochs(realm);
  const [realmEpoch, client, resourceOwner] = epochs.map((epoch) => epoch ?? 0);
  const times = { issuedAt: clock.now(), expiresAt: clock.now() + lifetime };
  const token = aToken({ ...names, ...times, epochs: { realm: realmEpoch, client, resourceOwner } });
  await stored.insert({ ...token, hash: hashToken(text) });
  return text;
}

async function inspected(text = value): Promise<string> {
  const inspection = await service.inspect(text, () => true);
  return inspection.status === 'active' ? `active for ${inspection.secondsLeft} s` : inspection.status;
}

it('a cached token is active as long as the stored one, and expires at the same moment', async () => {
  expect(await inspected()).toBe('active for 20 s');
  clock.advance(second);
  expect(await inspected()).toBe('active for 19 s');
  clock.advance(19 * second - 1);
  expect(await inspected()).toBe('active for 1 s');
  clock.advance(1);
  expect(await inspected()).toBe('expired');
  expect(stored.finds).toBe(1);
});

const disabled = { enabled: false };

it.each<[string, DirectoryChange, string]>([
  ['realm is disabled', { effect: 'endTokens', realm: aRealm({ path: realm, ...disabled }) }, 'disabled'],
  ['realm has another epoch', { effect: 'endTokens', realm: aRealm({ path: realm }) }, 'unknown'],
  ['realm is removed', { effect: 'remove', realm: aRealm({ path: realm }) }, 'disabled'],
  ['client is disabled', { effect: 'endTokens', client: aClient(realm, disabled) }, 'disabled'],
  ['client has another epoch', { effect: 'endTokens', client: aClient(realm) }, 'unknown'],
  ['client is removed', { effect: 'remove', client: aClient(realm) }, 'disabled'],
  ['client is updated', { effect: 'update', client: aClient(realm, { name: 'x' }) }, 'active for 20 s'],
  ['owner is disabled', { effect: 'endTokens', resourceOwner: anOwner(realm, disabled) }, 'disabled'],
  ['owner has another epoch', { effect: 'endTokens', resourceOwner: anOwner(realm) }, 'unknown'],
  ['owner is removed', { effect: 'remove', resourceOwner: anOwner(realm) }, 'disabled'],
])('a cached token is checked against its subjects as they are now: its %s', async (_, change, status) => {
  expect(await inspected()).toBe('active for 20 s');
  await subjects.make(change);
  expect(await inspected()).toBe('active for 20 s');
  feed.announce(changeOf(change));
  for (let count = 0; count < 3; count += 1) expect(await inspected()).toBe(status);
  expect(stored.finds).toBe(1);
});

/** The change that PostgreSQL's directory writer announces for this one. */
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
])('before a change of its %s is received', (_, change) => {
  it('a token issued after it is active, and looking it up ends the tokens issued before', async () => {
    expect(await inspected()).toBe('active for 20 s');
    await subjects.make(change('endTokens'));
    const later = await issue();
    expect(await inspected()).toBe('active for 20 s');
    expect(await inspected(later)).toBe('active for 20 s');
    expect(await inspected()).toBe('unknown');
  });

  it('a token issued after it is active, also when no token was looked up before', async () => {
    await subjects.make(change('endTokens'));
    const later = await issue();
    expect(await Promise.all([inspected(), inspected(later)])).toEqual(['unknown', 'active for 20 s']);
  });
});

it('a token of a client that was missing is active before the addition of the client is received', async () => {
  await subjects.make({ effect: 'remove', client: aClient(realm) });
  expect(await inspected()).toBe('disabled');
  await subjects.make({ effect: 'add', client: aClient(realm) });
  expect(await inspected(await issue())).toBe('active for 20 s');
  expect(await inspected()).toBe('unknown');
});
