import { MemoryTokenStore } from '../../src/storage/memory/token-store.js';
import { MemoryDirectory } from '../../src/storage/memory/directory.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { aToken, accessTokenStoreContract } from './access-token-store.contract.js';
import { directoryContract } from './directory.contract.js';
import { registryContract } from './directory-writer.contract.js';
import { Subjects } from './subjects.js';

describe('access tokens in memory', () => {
  accessTokenStoreContract(() => new MemoryTokenStore(new StoppedClock()));

  it('go when they have expired, and others have come', async () => {
    const clock = new StoppedClock();
    const store = new MemoryTokenStore(clock);
    const mortal = aToken({ expiresAt: clock.now() + 1000 });
    const others = Array.from({ length: 3000 }, () => aToken({ expiresAt: clock.now() + 2000 }));
    await store.insert(mortal);
    clock.advance(1000);
    for (const token of others) await store.insert(token);
    expect(await store.find(mortal.hash)).toBeUndefined();
    for (const token of others) expect(await store.find(token.hash)).toBe(token);
  });
});

describe('the directory in memory', () => {
  const open = () => {
    const directory = new MemoryDirectory();
    return new Subjects(directory, directory);
  };
  directoryContract(open);
  registryContract(open);
});
