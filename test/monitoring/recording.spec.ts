import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import type { Refusal } from '../../src/domain/refusal.js';
import type { TrafficBatch, TrafficRow } from '../../src/domain/traffic.js';
import { RefusalSampler } from '../../src/monitoring/refusal-sampler.js';
import { TrafficRecorder } from '../../src/monitoring/traffic-recorder.js';
import { ServerCounters } from '../../src/observability/counters.js';
import type { ObservedRequest } from '../../src/observability/request-observer.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { observed } from './observed.js';
import { aRow, clientRows, total } from './traffic.js';

const begin = Date.UTC(2026, 0, 1);

/** A store that can be away, and keeps what it is given. */
class Store {
  away = false;
  readonly added: (readonly unknown[])[] = [];

  async add(items: readonly unknown[]): Promise<void> {
    if (this.away) throw new StoreUnavailable(new Error('away'));
    this.added.push(items);
  }
}

let clock: StoppedClock;
let store: Store;
beforeEach(() => {
  clock = new StoppedClock(begin);
  store = new Store();
});

describe('traffic', () => {
  let counted: TrafficRow[];
  let counters: ServerCounters;
  let recorder: TrafficRecorder;

  beforeEach(() => {
    counted = [];
    counters = new ServerCounters();
    const unused = { busiest: async () => [], series: async () => [] };
    recorder = new TrafficRecorder(
      { take: () => counted.splice(0) },
      { add: (batches) => store.add(batches), ...unused },
      clock,
      100,
      counters,
    );
  });

  /** Flushes every 10 s for some minutes; a message is counted before each flush. */
  async function flushFor(minutes: number): Promise<number> {
    for (let flush = 0; flush < minutes * 6; flush += 1) {
      clock.advance(10_000);
      counted.push(aRow());
      await recorder.flush().catch(() => {});
    }
    return minutes * 6;
  }

  const batches = () => store.added.flat() as TrafficBatch[];
  const stored = () => total(batches().flatMap(({ rows }) => rows));

  it('is stored under the moment before the flush', async () => {
    counted.push(aRow());
    await recorder.flush();
    expect(batches()).toEqual([{ at: begin - 1, rows: [aRow()] }]);
  });

  it('is not stored where nothing was counted', async () => {
    await recorder.flush();
    expect(store.added).toEqual([]);
  });

  it('is kept while the store is away for a minute: nothing is lost', async () => {
    store.away = true;
    const messages = await flushFor(1);
    store.away = false;
    const more = await flushFor(1);
    expect([stored(), counters.monitoringDropped]).toEqual([messages + more, 0]);
    expect(batches().map(({ at }) => at - begin)).toEqual([
      9999, 69_999, 79_999, 89_999, 99_999, 109_999, 119_999,
    ]);
  });

  it('that is kept is merged by minute, within the limit of rows', async () => {
    store.away = true;
    for (const seconds of [10, 20, 30]) {
      counted.push(...clientRows(1000, { service: `/${seconds}` }));
      clock.advance(10_000);
      await recorder.flush().catch(() => {});
    }
    store.away = false;
    await recorder.flush();
    const [{ rows }, ...more] = batches();
    expect(more).toEqual([]);
    expect(rows.length).toBeLessThanOrEqual(100);
    expect(total(rows)).toBe(3000);
  });

  it('is dropped after the store has been away for 10 minutes, and what is dropped is counted', async () => {
    store.away = true;
    const messages = await flushFor(11);
    expect(counters.monitoringDropped).toBeGreaterThanOrEqual(6);
    expect(counters.monitoringDropped).toBeLessThanOrEqual(12);
    store.away = false;
    const more = await flushFor(1);
    expect(stored() + counters.monitoringDropped).toBe(messages + more);
    expect(batches().length).toBeLessThanOrEqual(11 + 6);
  });

  it('that is counted while it is stored goes into the next flush', async () => {
    counted.push(aRow());
    const flush = recorder.flush();
    counted.push(aRow({ client: 'late' }));
    await flush;
    await recorder.flush();
    expect(batches().map(({ rows }) => rows[0].client)).toEqual(['app', 'late']);
  });
});

describe('a refusal', () => {
  let sampler: RefusalSampler;
  beforeEach(() => {
    sampler = new RefusalSampler(clock, new Set(['/readyz']));
  });

  const log = {
    add: (refusals: readonly Refusal[]) => store.add(refusals),
    find: async () => undefined,
    list: async () => [],
  };

  /** What is stored of these requests. */
  async function storedOf(...requests: Partial<ObservedRequest>[]): Promise<Refusal[]> {
    for (const request of requests) sampler.observe(observed(request));
    await sampler.flush(log);
    return store.added.splice(0).flat() as Refusal[];
  }

  const refused = { status: 401, details: { error: 'invalid_token', reason: 'expired' } } as const;

  it('is stored with its correlation id, its reason and the hash of its token', async () => {
    const { correlationId } = observed();
    const details = {
      ...refused.details,
      realm: '/',
      clientId: 'app',
      detail: 'expired',
      tokenId: () => 'hash',
    };
    expect(await storedOf({ ...refused, details })).toEqual([
      {
        id: correlationId,
        at: begin,
        route: '/oauth2/tokeninfo',
        method: 'GET',
        status: 401,
        realm: '/',
        client: 'app',
        reason: 'expired',
        error: 'invalid_token',
        detail: 'expired',
        tokenId: 'hash',
      },
    ]);
  });

  it.each<[string, Partial<ObservedRequest>, boolean]>([
    ['a success', {}, false],
    ['an answer that a token is inactive', { details: { reason: 'not_permitted' } }, true],
    ['a refusal without a reason', { status: 400, details: {} }, true],
    ['a fault', { status: 500, details: { reason: 'fault' } }, true],
    ['an unknown realm', { status: 404, details: { reason: 'no_such_realm' } }, true],
    ['another 404', { status: 404, details: { error: 'not_found' } }, false],
    [
      'a path without a route',
      { route: undefined, status: 404, details: { reason: 'no_such_realm' } },
      false,
    ],
    ['a health check', { route: '/readyz', status: 503 }, false],
    ['a caller who left before the answer', { status: undefined }, false],
  ])('%s: %#', async (_, request, recorded) => {
    expect(await storedOf(request)).toHaveLength(recorded ? 1 : 0);
  });

  const ids = (count: number, from = 0) =>
    Array.from({ length: count }, (_, index) => ({ ...refused, correlationId: String(from + index) }));

  it('is one of the first 200 between two flushes', async () => {
    const stored = await storedOf(...ids(500));
    expect([stored.length, stored[199].id]).toEqual([200, '199']);
    expect(await storedOf(...ids(1, 900))).toHaveLength(1);
  });

  it('is kept while the store is away, but no more than the newest 200', async () => {
    store.away = true;
    await expect(storedOf(...ids(150))).rejects.toThrow(StoreUnavailable);
    await expect(storedOf(...ids(150, 150))).rejects.toThrow(StoreUnavailable);
    store.away = false;
    const stored = await storedOf(...ids(20, 300));
    expect([stored.length, stored[0].id, stored[199].id]).toEqual([200, '120', '319']);
    expect(await storedOf()).toEqual([]);
  });
});
