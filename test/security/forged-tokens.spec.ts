import { randomBytes } from 'node:crypto';
import type { AccessToken } from '../../src/domain/access-token.js';
import type { Clock } from '../../src/domain/clock.js';
import { TokenChecker } from '../../src/domain/token-checker.js';
import { TokenFactory } from '../../src/domain/token-factory.js';
import { SeparateCodeStore } from '../../src/domain/code-register.js';
import { MemoryCodeRegister } from '../../src/storage/memory/code-register.js';
import { TokenCodec } from '../../src/domain/token-codec.js';
import { TokenService } from '../../src/domain/token.service.js';
import { MemoryDirectory } from '../../src/storage/memory/directory.js';
import { MemoryTokenStore } from '../../src/storage/memory/token-store.js';
import { aClient } from '../storage/subjects.js';
import { KeyStore } from '../support/key-store.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { RecordedEvents } from '../support/audit.js';

/** Counts the lookups that reach the store; one that `skipIf` avoids does not. */
class CountingStore extends MemoryTokenStore {
  reads = 0;

  override async find(hash: Buffer, skipIf?: () => boolean): Promise<AccessToken | undefined> {
    if (skipIf?.()) return undefined;
    this.reads += 1;
    return super.find(hash);
  }

  constructor(clock: Clock) {
    super(clock, new RecordedEvents());
    const find = this.refreshTokens.find.bind(this.refreshTokens);
    this.refreshTokens.find = (hash) => {
      this.reads += 1;
      return find(hash);
    };
  }
}

const clock = new StoppedClock();
const keys = new KeyStore();
const codec = new TokenCodec(keys, clock);
const store = new CountingStore(clock);
const directory = new MemoryDirectory();
const checker = new TokenChecker(directory, clock);
const factory = new TokenFactory(codec, clock, { keepsRequests: false });
const codes = new SeparateCodeStore(new MemoryCodeRegister(clock), store.refreshTokens);
const service = new TokenService(store, store.refreshTokens, checker, codec, factory, clock, codes);
const client = { ...aClient('/'), epoch: 1 };

beforeEach(async () => {
  keys.foreignTokens = false;
  await codec.reload();
  store.reads = 0;
});

function forged(prefix: string): string {
  return prefix + randomBytes(41).toString('base64url').slice(0, 54);
}

it('looks up none of 100,000 forged tokens', async () => {
  keys.foreignTokens = true;
  await codec.reload();
  for (let count = 0; count < 50_000; count += 1) {
    const { status } = await service.inspect(forged('sya_'), () => true);
    const refreshToken = await service.findRefreshToken(forged('syr_'));
    if (status !== 'unknown' || refreshToken) throw new Error('a forged token was taken for one of ours');
  }
  expect(store.reads).toBe(0);
});

it('looks up no forged token to revoke it', async () => {
  for (const prefix of ['sya_', 'syr_']) await service.revoke(client, forged(prefix));
  await service.revoke(client, 'of another form');
  expect(store.reads).toBe(0);
});

it('looks up a token of our own, and one of another form only while imported tokens are active', async () => {
  await service.inspect(codec.mint('sya_'), () => true);
  expect(store.reads).toBe(1);
  await service.findRefreshToken(codec.mint('syr_'));
  expect(store.reads).toBe(2);
  await service.inspect('of another form', () => true);
  expect(store.reads).toBe(2);
  keys.foreignTokens = true;
  await codec.reload();
  await service.inspect('of another form', () => true);
  expect(store.reads).toBe(3);
});
