import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import { type SecretUse, SecretUses, SecretUseStore } from '../../src/domain/secret-uses.js';
import { SecretUseFlush } from '../../src/jobs/secret-use-flush.js';
import { Faults } from '../../src/observability/faults.js';
import { createLog } from '../../src/observability/log.js';
import { aClient } from '../storage/subjects.js';
import { StoppedClock } from '../support/stopped-clock.js';

class Store extends SecretUseStore {
  error?: Error;
  readonly recorded: SecretUse[] = [];

  async record(uses: readonly SecretUse[]): Promise<readonly SecretUse[]> {
    if (this.error) throw this.error;
    this.recorded.push(...uses);
    return [];
  }
}

let store: Store;
let lines: string[];
let flush: SecretUseFlush;
beforeEach(() => {
  store = new Store();
  lines = [];
  const clock = new StoppedClock();
  const log = createLog('info', { write: (line) => void lines.push(line) });
  const uses = new SecretUses(store, clock);
  flush = new SecretUseFlush(uses, log, new Faults(log, clock, async () => false));
  uses.note({ ...aClient('/'), epoch: 1 }, 'hash');
});

it('a store that is away is told of once, and when it is back; nothing is lost', async () => {
  store.error = new StoreUnavailable(new Error('away'));
  for (let flushes = 0; flushes < 3; flushes += 1) await flush.flush();
  expect(lines).toHaveLength(1);
  store.error = undefined;
  await flush.flush();
  await flush.flush();
  expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg).slice(1)).toEqual([
    'uses of secrets are stored again',
  ]);
  expect(store.recorded.map(({ clientId }) => clientId)).toEqual(['client']);
});

it('a mistake of ours is logged each time', async () => {
  store.error = new TypeError('ours');
  await flush.flush();
  await flush.flush();
  expect(lines).toHaveLength(2);
});

it('a server that stops stores what was noted', async () => {
  await flush.onApplicationShutdown();
  expect(store.recorded).toHaveLength(1);
});
