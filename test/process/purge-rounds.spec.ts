import { once } from 'node:events';
import { jest } from '@jest/globals';
import { DataSource } from 'typeorm';
import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import { RecordPurger } from '../../src/domain/record-purge.js';
import { SelfReclaiming } from '../../src/domain/space-reclaimer.js';
import { TokenPurger } from '../../src/domain/token-purge.js';
import { Faults } from '../../src/observability/faults.js';
import { createLog } from '../../src/observability/log.js';
import { ServerCounters } from '../../src/observability/counters.js';
import { pauseMs, PurgeScheduler } from '../../src/jobs/purge-scheduler.js';
import { TestApp } from '../support/app.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { storeToken, twoRealms } from '../support/tokeninfo.js';

const interval = 60_000;
const batch = 10;
/** The part of the interval that the first round waits beyond one interval. */
const offset = 0.25;

/** A purger whose batches end when a test says so, with the number of rows that the test states. */
class RowPurger extends TokenPurger {
  readonly times: number[] = [];
  private finish: (removed: number | Promise<number>) => void = () => {};

  purge(now: number, atMost: number): Promise<number> {
    expect(atMost).toBe(batch);
    this.times.push(now);
    return new Promise((resolve) => (this.finish = resolve));
  }

  /** Ends the batch that is under way. */
  async end(removed: number | Promise<number>): Promise<void> {
    this.finish(removed);
    await jest.advanceTimersByTimeAsync(0);
  }

  get batches(): number {
    return this.times.length;
  }
}

/** What jest would fake besides `setTimeout`. */
const everythingButSetTimeout = [
  'Date',
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
] as const;

beforeEach(() => {
  jest.spyOn(Math, 'random').mockReturnValue(offset);
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

describe('purge rounds', () => {
  let purger: RowPurger;
  /** What each batch of records removes. */
  let records: number[];
  let counters: ServerCounters;
  let logged: string[];

  function schedule(purgeInterval = interval / 1000) {
    jest.useFakeTimers();
    purger = new RowPurger();
    records = [];
    counters = new ServerCounters();
    logged = [];
    const log = createLog('info', { write: (line) => void logged.push(line) });
    const config = { purgeInterval, purgeBatch: batch };
    const recordPurger = { purge: async () => records.shift() ?? 0 };
    const clock = new StoppedClock(7);
    const space = new SelfReclaiming();
    const faults = new Faults(log, clock, async () => false);
    const scheduler = new PurgeScheduler(purger, recordPurger, space, clock, config, counters, faults);
    scheduler.onModuleInit();
    return scheduler;
  }

  const pass = (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds);

  it('begin at a random time in the second interval, and repeat after each further interval', async () => {
    schedule();
    await pass(interval * (1 + offset) - 1);
    expect(purger.batches).toBe(0);
    await pass(1);
    expect(purger.times).toEqual([7]);
    await purger.end(0);
    await pass(interval - 1);
    expect(purger.batches).toBe(1);
    await pass(1);
    expect(purger.batches).toBe(2);
  });

  it('run batch after batch, with pauses, until a batch is not full', async () => {
    schedule();
    await pass(interval * 2);
    for (let full = 1; full <= 3; full += 1) {
      await purger.end(batch);
      await pass(pauseMs - 1);
      expect(purger.batches).toBe(full);
      await pass(1);
      expect(purger.batches).toBe(full + 1);
    }
    await purger.end(batch - 1);
    await pass(interval - 1);
    expect(purger.batches).toBe(4);
  });

  it('purge records as well, and go on while either batch is full', async () => {
    schedule();
    records = [batch, 3];
    await pass(interval * 2);
    await purger.end(1);
    expect([purger.batches, counters.purgedRows]).toEqual([1, 11]);
    await pass(pauseMs);
    await purger.end(2);
    expect([purger.batches, counters.purgedRows]).toEqual([2, 16]);
    await pass(pauseMs);
    expect(purger.batches).toBe(2);
  });

  it('purge records even if tokens cannot be purged', async () => {
    schedule();
    records = [4];
    await pass(interval * 2);
    await purger.end(Promise.reject(new StoreUnavailable(new Error())));
    expect([records, counters.purgedRows]).toEqual([[], 4]);
  });

  it('never overlap, however long a round takes', async () => {
    schedule();
    await pass(interval * 20);
    expect(purger.batches).toBe(1);
    await purger.end(0);
    await pass(interval);
    expect(purger.batches).toBe(2);
  });

  it('continue after failed batches, of which the first one of an outage is logged', async () => {
    schedule();
    await pass(interval * 2);
    const fail = () =>
      purger.end(Promise.reject(new StoreUnavailable(Object.assign(new Error('secret'), { code: 'X' }))));
    await fail();
    await pass(interval);
    await fail();
    expect(logged.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ msg: 'store unavailable', code: 'X' }),
    ]);
    expect(logged.join('')).not.toContain('secret');
    await pass(interval - 1);
    expect(purger.batches).toBe(2);
    await pass(1);
    expect(purger.batches).toBe(3);
  });

  it('end with the application', async () => {
    await schedule().onApplicationShutdown();
    await pass(interval * 10);
    expect(purger.batches).toBe(0);
  });

  it('delay the end of the application until the running batch is over, and begin no other', async () => {
    const scheduler = schedule();
    await pass(interval * 2);
    const stopped = jest.fn();
    void scheduler.onApplicationShutdown().then(stopped);
    await pass(interval);
    expect(stopped).not.toHaveBeenCalled();
    await purger.end(batch);
    expect(stopped).toHaveBeenCalled();
    await pass(interval * 10);
    expect(purger.batches).toBe(1);
  });

  it('do not run when they are switched off', async () => {
    schedule(0);
    expect(jest.getTimerCount()).toBe(0);
    await pass(interval * 10);
    expect(purger.batches).toBe(0);
  });
});

describe('the application', () => {
  it('purges its database by itself, and keeps it open for a batch that runs when it stops', async () => {
    jest.useFakeTimers({ doNotFake: [...everythingButSetTimeout] });
    const settings = { PURGE_INTERVAL: String(interval / 1000), PURGE_BATCH: '1' };
    const app = await TestApp.start({ configuration: twoRealms, settings });
    for (const later of [0, 1, 2]) {
      await storeToken(app, `token-${later}`, { expiresAt: app.clock.now() + later });
    }
    app.clock.advance(1);
    jest.spyOn(app.nest.get(RecordPurger), 'purge').mockResolvedValue(0);
    const purger = app.nest.get(TokenPurger);
    const purgeNow = purger.purge.bind(purger);
    const purge = jest.spyOn(purger, 'purge');
    const keptTokens = async () =>
      (await app.nest.get(DataSource).query<unknown[]>('SELECT FROM access_token')).length;

    expect(await keptTokens()).toBe(3);
    jest.advanceTimersByTime(interval * (1 + offset));
    expect(await purge.mock.results[0].value).toBe(1);
    expect(await keptTokens()).toBe(2);

    const closed = once(app.server, 'close');
    purge.mockImplementation(async (now, atMost) => {
      await closed;
      return purgeNow(now, atMost);
    });
    jest.advanceTimersByTime(pauseMs);
    await app.stop();
    expect(await purge.mock.results[1].value).toBe(1);
    expect(purge).toHaveBeenCalledTimes(2);
  });
});
