import { jest } from '@jest/globals';
import { AccessTokenStore } from '../../src/domain/access-token.js';
import { AdminTokenIssuer } from '../../src/domain/admin-token.js';
import type { Actor } from '../../src/domain/audit.js';
import type { DirectoryChange, DirectoryState } from '../../src/domain/directory-writer.js';
import { TokenCodec } from '../../src/domain/token-codec.js';
import { MemoryDirectory } from '../../src/storage/memory/directory.js';
import { KeyStore } from '../support/key-store.js';
import { StoppedClock } from '../support/stopped-clock.js';

const actor: Actor = { kind: 'cli', name: 'ann' };

/** Somebody else changes it right before each of the first writes. */
class BusyDirectory extends MemoryDirectory {
  constructor(private changes: number) {
    super();
  }

  override async apply(changes: readonly DirectoryChange[], state: DirectoryState): Promise<boolean> {
    if (this.changes-- > 0) await super.apply([], await this.state());
    return super.apply(changes, state);
  }
}

class Inserted extends AccessTokenStore {
  readonly insert = jest.fn(async () => {});
  readonly find = () => undefined;
  readonly revoke = async () => {};
}

function issuing(directory: MemoryDirectory) {
  const clock = new StoppedClock();
  const accessTokens = new Inserted();
  const codec = new TokenCodec(new KeyStore(), clock);
  const issuer = new AdminTokenIssuer(directory, directory, accessTokens, codec, clock);
  return { accessTokens, token: issuer.issue({ realm: '/', right: 'write', lifetime: 60, actor }) };
}

it('tries again when somebody else changes the directory meanwhile, and stores one token', async () => {
  const directory = new BusyDirectory(4);
  const { accessTokens, token } = issuing(directory);
  expect(await token).toMatchObject({ realm: '/', scope: ['admin'] });
  expect(await directory.findClient('/', 'symbolon-admin')).toMatchObject({ administer: 'write' });
  expect(accessTokens.insert).toHaveBeenCalledTimes(1);
});

it('gives up after five writes, with no token stored', async () => {
  const { accessTokens, token } = issuing(new BusyDirectory(5));
  await expect(token).rejects.toThrow('during each of 5 writes');
  expect(accessTokens.insert).not.toHaveBeenCalled();
});
