import { jest } from '@jest/globals';
import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import { type TokenStatistics, TokenStatisticsSource } from '../../src/domain/token-statistics.js';
import { StoreFigures } from '../../src/monitoring/store-figures.js';
import { Faults } from '../../src/observability/faults.js';
import { createLog } from '../../src/observability/log.js';
import { StoppedClock } from '../support/stopped-clock.js';

/** A store that answers when the test says so. */
class Store extends TokenStatisticsSource {
  asked = 0;
  answer: (statistics: TokenStatistics | Promise<TokenStatistics>) => void = () => {};

  statistics(): Promise<TokenStatistics> {
    this.asked += 1;
    return new Promise((resolve) => (this.answer = resolve));
  }
}

const statistics = { overdueMs: 5, accessTokens: 7 };

describe('the figures of the store', () => {
  let store: Store;
  let clock: StoppedClock;
  let logged: string[];
  let figures: StoreFigures;

  beforeEach(() => {
    jest.useFakeTimers();
    store = new Store();
    clock = new StoppedClock();
    logged = [];
    const log = createLog('info', { write: (line) => void logged.push(line) });
    figures = new StoreFigures(store, clock, new Faults(log, clock, async () => false));
  });
  afterEach(() => jest.useRealTimers());

  it('are read by one statement for all scrapes of a minute', async () => {
    const first = figures.read();
    const second = figures.read();
    store.answer(statistics);
    expect(await Promise.all([first, second])).toEqual([statistics, statistics]);
    clock.advance(59_999);
    expect(await figures.read()).toEqual(statistics);
    expect(store.asked).toBe(1);
    clock.advance(1);
    const third = figures.read();
    store.answer({ overdueMs: 0 });
    expect(await third).toEqual({ overdueMs: 0 });
    expect(store.asked).toBe(2);
  });

  it('do not delay a scrape for more than 250 ms, and are there for a later one', async () => {
    const first = figures.read();
    await jest.advanceTimersByTimeAsync(250);
    expect(await first).toBeUndefined();
    store.answer(statistics);
    expect(await figures.read()).toEqual(statistics);
    expect(store.asked).toBe(1);
  });

  it('are missing while the store is away, which is logged, and asked for again a minute later', async () => {
    const first = figures.read();
    store.answer(statistics);
    await first;
    clock.advance(60_000);
    const second = figures.read();
    store.answer(Promise.reject(new StoreUnavailable(Object.assign(new Error('secret'), { code: 'X' }))));
    expect(await second).toBeUndefined();
    expect(await figures.read()).toBeUndefined();
    expect(store.asked).toBe(2);
    expect(logged.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ msg: 'store unavailable' }]);
    clock.advance(60_000);
    const third = figures.read();
    store.answer(statistics);
    expect(await third).toEqual(statistics);
  });
});
