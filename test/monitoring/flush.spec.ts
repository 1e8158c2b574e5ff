import { jest } from '@jest/globals';
import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import type { NodeReport } from '../../src/domain/roster.js';
import { MonitoringFlush } from '../../src/monitoring/monitoring-flush.js';
import { MonitoringSchedule } from '../../src/monitoring/monitoring-schedule.js';
import { NodeReporter } from '../../src/monitoring/node-reporter.js';
import { RefusalSampler } from '../../src/monitoring/refusal-sampler.js';
import { TrafficRecorder } from '../../src/monitoring/traffic-recorder.js';
import { ServerCounters } from '../../src/observability/counters.js';
import { Faults } from '../../src/observability/faults.js';
import { createLog } from '../../src/observability/log.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { readVersion } from '../../src/config/version.js';
import { observed } from './observed.js';
import { aRow } from './traffic.js';

const begin = Date.UTC(2026, 0, 1, 0, 0, 3);

let clock: StoppedClock;
let lines: string[];
/** What was stored, in order. */
let done: string[];
let reports: NodeReport[];
/** Each store fails with its error, as long as it has one. */
let errors: { traffic?: Error; refusals?: Error };
let monitoring: MonitoringFlush;

beforeEach(() => {
  clock = new StoppedClock(begin);
  lines = [];
  done = [];
  reports = [];
  errors = {};
  const store = (what: 'traffic' | 'refusals') => async () => {
    if (errors[what]) throw errors[what];
    done.push(what);
  };
  const unused = { busiest: async () => [], series: async () => [] };
  const traffic = new TrafficRecorder(
    { take: () => [aRow()] },
    { add: store('traffic'), ...unused },
    clock,
    100,
    new ServerCounters(),
  );
  const sampler = new RefusalSampler(clock, new Set());
  sampler.observe(observed({ status: 400 }));
  const roster = { report: async (node: NodeReport) => void reports.push(node), list: async () => [] };
  const caches = [
    { cache: 'access_token', entries: 1, entriesMax: 9, hits: 5, misses: 2, joined: 1 },
    { cache: 'client', entries: 1, entriesMax: 9, hits: 7, misses: 3, joined: 0 },
  ];
  const nodes = new NodeReporter(roster, new RecordedChanges(), { read: () => caches }, clock);
  const log = createLog('info', { write: (line) => void lines.push(line) });
  const faults = new Faults(log, clock, async () => false);
  const refusalLog = { add: store('refusals'), find: async () => undefined, list: async () => [] };
  monitoring = new MonitoringFlush(traffic, sampler, nodes, log, refusalLog, faults);
});
afterEach(() => {
  jest.useRealTimers();
});

const logged = () => lines.map((line) => (JSON.parse(line) as { msg: string }).msg);

it('a flush stores traffic and refusals, and reports the node', async () => {
  clock.advance(500);
  await monitoring.flush();
  expect(done).toEqual(['traffic', 'refusals']);
  expect(reports).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      host: expect.any(String),
      pid: process.pid,
      version: readVersion(),
      started: begin,
      seen: begin + 500,
      hears: true,
      cacheHits: 12,
      cacheMisses: 5,
      rss: expect.any(Number),
      cpu: expect.any(Number),
    },
  ]);
  await monitoring.flush();
  expect(new Set(reports.map(({ id }) => id)).size).toBe(1);
});

it('a store that is away ends the flush, and is logged when that begins and when it ends', async () => {
  errors.traffic = new StoreUnavailable(new Error('secret'));
  for (let flush = 0; flush < 3; flush += 1) await monitoring.flush();
  expect([done, reports]).toEqual([[], []]);
  errors = {};
  for (let flush = 0; flush < 3; flush += 1) await monitoring.flush();
  expect(done).toContain('refusals');
  expect(logged()).toEqual(['store unavailable', 'monitoring is stored again']);
  expect(lines.join('')).not.toContain('secret');
});

it('a fault of one part does not keep the others from being stored', async () => {
  errors.refusals = new TypeError('secret');
  await monitoring.flush();
  expect([done, reports.length]).toEqual([['traffic'], 1]);
  expect(logged()).toEqual(['unexpected error']);
});

it('a mistake of ours is logged also while the store was away before', async () => {
  errors.traffic = new StoreUnavailable(new Error('secret'));
  await monitoring.flush();
  errors = { refusals: new TypeError('secret') };
  await monitoring.flush();
  expect(logged()).toEqual(['store unavailable', 'unexpected error']);
});

it('flushes follow one another, and the last one comes when the application ends', async () => {
  await Promise.all([monitoring.flush(), monitoring.onApplicationShutdown()]);
  expect(done).toEqual(['traffic', 'refusals', 'traffic']);
  expect(reports).toHaveLength(2);
});

it('is due at multiples of the interval, and no more after the end', async () => {
  jest.useFakeTimers();
  const config = { operations: { monitoring: { flush: 10 } } } as ConstructorParameters<
    typeof MonitoringSchedule
  >[2];
  const schedule = new MonitoringSchedule(monitoring, clock, config);
  schedule.onModuleInit();
  /** Lets this much time pass, in milliseconds. */
  const pass = async (milliseconds: number) => {
    clock.advance(milliseconds);
    await jest.advanceTimersByTimeAsync(milliseconds);
  };
  await pass(6999);
  expect(reports).toHaveLength(0);
  await pass(1);
  expect(reports.map(({ seen }) => seen)).toEqual([Date.UTC(2026, 0, 1, 0, 0, 10)]);
  await pass(10_000);
  expect(reports).toHaveLength(2);
  schedule.onApplicationShutdown();
  expect(jest.getTimerCount()).toBe(0);
});
