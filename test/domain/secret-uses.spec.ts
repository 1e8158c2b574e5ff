import type { Client } from '../../src/domain/client.js';
import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import { type SecretUse, SecretUses, SecretUseStore } from '../../src/domain/secret-uses.js';
import { aClient } from '../storage/subjects.js';
import { StoppedClock } from '../support/stopped-clock.js';

const minute = 60_000;

/** Keeps batches in memory; fails, or leaves uses out, as a test says. */
class Store extends SecretUseStore {
  readonly batches: (readonly SecretUse[])[] = [];
  away = false;
  held?: string;

  async record(uses: readonly SecretUse[]): Promise<readonly SecretUse[]> {
    if (this.away) throw new StoreUnavailable(new Error('away'));
    this.batches.push(uses);
    return uses.filter(({ clientId }) => clientId === this.held);
  }
}

let store: Store;
let clock: StoppedClock;
let uses: SecretUses;
beforeEach(() => {
  store = new Store();
  clock = new StoppedClock(10 * minute + 1);
  uses = new SecretUses(store, clock);
});

function use(clientId: string, hash = 'hash'): void {
  uses.note({ ...aClient('/', { clientId }), epoch: 1 } satisfies Client, hash);
}

it('a use is noted to the minute, once for each secret of a client', async () => {
  for (const hash of ['one', 'one', 'two']) use('app', hash);
  clock.advance(minute);
  use('app', 'two');
  await uses.flush();
  expect(store.batches).toEqual([
    [
      { realm: '/', clientId: 'app', hash: 'one', at: 10 * minute },
      { realm: '/', clientId: 'app', hash: 'two', at: 11 * minute },
    ],
  ]);
  await uses.flush();
  expect(store.batches).toHaveLength(1);
});

it('what was left out, or met a store that is away, is stored by the next flush', async () => {
  use('app');
  use('held');
  store.away = true;
  await expect(uses.flush()).rejects.toBeInstanceOf(StoreUnavailable);
  store.away = false;
  store.held = 'held';
  await uses.flush();
  store.held = undefined;
  clock.advance(minute);
  use('held');
  await uses.flush();
  expect(store.batches.map((batch) => batch.map(({ clientId, at }) => [clientId, at / minute]))).toEqual([
    [
      ['app', 10],
      ['held', 10],
    ],
    [['held', 11]],
  ]);
});

it('at most 20,000 are kept, and stored by 1,000', async () => {
  for (let i = 0; i < 20_001; i += 1) use(`client-${i}`);
  await uses.flush();
  expect(store.batches.map(({ length }) => length)).toEqual(Array.from({ length: 20 }, () => 1000));
  expect(store.batches.at(-1)?.at(-1)?.clientId).toBe('client-19999');
});
