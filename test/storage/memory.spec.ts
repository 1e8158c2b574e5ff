import { memoryTokenStorage } from '../../src/storage/memory/token-storage.js';
import { MemoryTokenStore } from '../../src/storage/memory/token-store.js';
import { MemoryDirectory } from '../../src/storage/memory/directory.js';
import { KeyStore } from '../support/key-store.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { aToken, accessTokenStoreContract, factsOf } from './access-token-store.contract.js';
import { directoryContract } from './directory.contract.js';
import { directoryWriterContract } from './directory-writer.contract.js';
import { aRefreshToken } from './refresh-token-store.contract.js';
import { Subjects } from './subjects.js';
import { tokenImporterContract } from './token-importer.contract.js';
import { RecordedEvents, tester } from '../support/audit.js';

describe('access tokens in memory', () => {
  accessTokenStoreContract(() => new MemoryTokenStore(new StoppedClock(), new RecordedEvents()));

  it('are removed when they have expired and others are inserted', async () => {
    const clock = new StoppedClock();
    const store = new MemoryTokenStore(clock, new RecordedEvents());
    const mortal = aToken({ expiresAt: clock.now() + 1000 });
    const others = Array.from({ length: 3000 }, () => aToken({ expiresAt: clock.now() + 2000 }));
    await store.insert(mortal);
    clock.advance(1000);
    for (const token of others) await store.insert(token);
    expect(await store.find(mortal.hash)).toBeUndefined();
    for (const token of others) expect(await store.find(token.hash)).toEqual(factsOf(token));
  });
});

describe('a storage in memory', () => {
  function open() {
    const keys = new KeyStore();
    const feed = new RecordedChanges();
    return { keys, feed, ...memoryTokenStorage(new StoppedClock(), keys, feed, new RecordedEvents()) };
  }

  tokenImporterContract(open);

  it('expects foreign tokens after an import, and announces added tokens', async () => {
    const { keys, feed, importer } = open();
    await importer.add({ accessTokens: [aToken()], refreshTokens: [] });
    expect((await keys.read()).foreignTokens).toBe(true);
    expect(feed.announced).toEqual(['addedTokens']);
  });

  it('knows who revoked a family that has an access token alone, and records it once', async () => {
    const events = new RecordedEvents();
    const clock = new StoppedClock();
    const { refreshTokens, records } = memoryTokenStorage(
      clock,
      new KeyStore(),
      new RecordedChanges(),
      events,
    );
    const token = aToken({ family: '0f1b2c3d-0000-4000-8000-000000000000' });
    await refreshTokens.begin(undefined, token);
    expect(await records.findFamilyRevocation(token.family!)).toBeUndefined();
    const event = { at: clock.now(), actor: tester, action: 'family.reuse' } as const;
    for (const at of [clock.now(), clock.now() + 1]) {
      await refreshTokens.revokeFamily(token.family!, { at, by: 'reuse', event });
    }
    expect(await records.findFamilyRevocation(token.family!)).toEqual({ at: clock.now(), by: 'reuse' });
    expect(await records.findAccessToken(token.hash)).toMatchObject({ revocation: { by: 'family' } });
    expect(events.events).toEqual([event]);
  });

  it('purges expired tokens and ended families, in batches', async () => {
    const now = Date.UTC(2026, 5, 1);
    const { accessTokens, refreshTokens, purger } = open();
    const [over, active] = [aToken({ expiresAt: now }), aToken({ expiresAt: now + 1 })];
    for (const token of [over, active]) await accessTokens.insert(token);
    const ended = aRefreshToken({ familyExpiresAt: now - 60_000 });
    await refreshTokens.begin(ended, aToken({ family: ended.family, expiresAt: now }));
    const living = aRefreshToken({ familyExpiresAt: now - 60_000 });
    await refreshTokens.begin(living, aToken({ family: living.family, expiresAt: now + 1 }));
    const young = aRefreshToken({ familyExpiresAt: now - 59_999 });
    await refreshTokens.begin(young, aToken({ family: young.family, expiresAt: now }));
    expect([await purger.purge(now, 2), await purger.purge(now, 10)]).toEqual([2, 2]);
    expect(await purger.purge(now, 10)).toBe(0);
    expect(await accessTokens.find(over.hash)).toBeUndefined();
    expect(await accessTokens.find(active.hash)).toEqual(factsOf(active));
    expect(await refreshTokens.find(ended.hash)).toBeUndefined();
    for (const token of [living, young]) expect(await refreshTokens.find(token.hash)).toEqual(token);
  });
});

describe('the directory in memory', () => {
  const open = () => {
    const directory = new MemoryDirectory();
    return new Subjects(directory, directory);
  };
  directoryContract(open);
  directoryWriterContract(open);
});
