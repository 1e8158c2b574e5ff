import { ConflictingChanges, StoreUnavailable } from '../../src/domain/oauth-error.js';
import { Faults } from '../../src/observability/faults.js';
import { createLog } from '../../src/observability/log.js';
import { StoppedClock } from '../support/stopped-clock.js';

let clock: StoppedClock;
let logged: string[];
let answers: boolean;
let faults: Faults;

beforeEach(() => {
  clock = new StoppedClock();
  logged = [];
  answers = false;
  const log = createLog('info', { write: (line) => void logged.push(line) });
  faults = new Faults(log, clock, async () => answers);
});

afterEach(async () => {
  // Ends the outage, and its timer.
  answers = true;
  await faults.look();
  await faults.look();
});

function away(): StoreUnavailable {
  return new StoreUnavailable(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
}

function lines(): Record<string, unknown>[] {
  return logged.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** A second of an outage with so many refused requests. */
async function second(refused: number): Promise<void> {
  for (let number = 0; number < refused; number += 1) faults.report(away());
  clock.advance(1000);
  await faults.look();
}

it('logs a store that is away when that begins, once a minute with a count, and when it is over', async () => {
  await second(1);
  expect(lines()).toMatchObject([{ level: 40, msg: 'store unavailable', code: 'ECONNREFUSED' }]);
  for (let number = 1; number < 60; number += 1) await second(10);
  expect(lines().slice(1)).toMatchObject([
    { level: 40, msg: 'store still unavailable', refused: 590, seconds: 60 },
  ]);
  answers = true;
  // While requests are still refused, the store is not back for all of them.
  await second(5);
  expect(lines()).toHaveLength(2);
  await second(0);
  expect(lines().slice(2)).toMatchObject([
    { level: 30, msg: 'store available again', refused: 596, seconds: 62 },
  ]);
  await second(1);
  expect(lines().slice(3)).toMatchObject([{ msg: 'store unavailable' }]);
});

it('ends once, though the stores answer two looks at the same time', async () => {
  faults.report(away());
  await faults.look();
  answers = true;
  await Promise.all([faults.look(), faults.look()]);
  expect(lines().map(({ msg }) => msg)).toEqual(['store unavailable', 'store available again']);
});

it('logs no more than that of an outage that jobs meet, and counts none of their faults as a request', async () => {
  for (let round = 0; round < 60; round += 1) {
    faults.note(away());
    await second(round < 3 ? 1 : 0);
  }
  answers = true;
  await second(0);
  expect(lines()).toMatchObject([
    { level: 40, msg: 'store unavailable', code: 'ECONNREFUSED' },
    { level: 40, msg: 'store still unavailable', refused: 3, seconds: 60 },
    { level: 30, msg: 'store available again', refused: 3, seconds: 61 },
  ]);
});

it('does not take silence for an answer', async () => {
  await second(1);
  for (let number = 0; number < 30; number += 1) await second(0);
  expect(lines()).toHaveLength(1);
});

it('logs conflicting changes as such, which are no outage', async () => {
  for (let number = 0; number < 2; number += 1) {
    faults.report(new ConflictingChanges(Object.assign(new Error('canary'), { code: '40P01' })));
  }
  answers = true;
  await second(0);
  const line = { level: 40, msg: 'conflicting changes', code: '40P01' };
  expect(lines()).toMatchObject([line, line]);
  expect(logged.join('')).not.toContain('canary');
});

it('logs each of our own mistakes with its frames, during an outage, too', () => {
  faults.report(away());
  faults.report(new TypeError('secret'));
  faults.report(new TypeError('secret'));
  const mistakes = lines().slice(1);
  expect(mistakes).toMatchObject(Array(2).fill({ level: 50, msg: 'unexpected error', fault: 'TypeError' }));
  expect(logged.join('')).not.toContain('secret');
});
