import { type Check, NotExamined, ok, fail, warn } from '../../src/domain/doctor/check.js';
import { Doctor, type DoctorOptions } from '../../src/domain/doctor/doctor.js';
import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import { StoppedClock } from '../support/stopped-clock.js';

const clock = new StoppedClock();
const faults: unknown[] = [];
beforeEach(() => (faults.length = 0));

/** A check that ends as `run` does, and counts how often it ran. */
function check(name: string, run: Check['run'], more: Partial<Check> = {}): Check & { runs: number } {
  const made = {
    name,
    ...more,
    runs: 0,
    run: async () => {
      made.runs += 1;
      return run();
    },
  };
  return made;
}

function doctor(checks: readonly Check[], options: Partial<DoctorOptions> = {}): Doctor {
  return new Doctor(
    {
      checks,
      schemaIsBehind: async () => false,
      inTurn: (work) => work(),
      onFault: (error) => faults.push(error),
      ...options,
    },
    clock,
  );
}

const good = ok('all is well');
const bad = warn('not so well', 'look');
const worst = fail('ill', 'mend it');

it.each([
  ['ok', [good, good]],
  ['warn', [good, bad, good]],
  ['fail', [bad, worst, good]],
] as const)('says %s, the worst of all findings, and lists them in their order', async (status, findings) => {
  const checks = findings.map((finding, index) => check(`check-${index}`, async () => finding));
  expect(await doctor(checks).examine()).toEqual({
    status,
    at: clock.now(),
    age: 0,
    checks: findings.map((finding, index) => ({ name: `check-${index}`, ...finding })),
  });
});

it('turns a check that cannot be done into a failing one, in fixed words, and runs the others', async () => {
  const away = new StoreUnavailable(new Error('secret'));
  const mistake = new TypeError('secret');
  const checks = [
    check('away', () => Promise.reject(away)),
    check('mistake', () => Promise.reject(mistake)),
    check('known', () => Promise.reject(new NotExamined('no such keyspace', 'make it'))),
    check('late', () => new Promise(() => {}), { deadlineMs: 1 }),
    check('good', async () => good),
  ];
  const { status, checks: found } = await doctor(checks).examine();
  expect(status).toBe('fail');
  expect(found).toEqual([
    {
      name: 'away',
      ...fail('not examined: the store did not answer', 'look at the first check, and at the log'),
    },
    {
      name: 'mistake',
      ...fail('not examined: the check met an unexpected condition', 'look at the log'),
    },
    { name: 'known', ...fail('not examined: no such keyspace', 'make it') },
    { name: 'late', ...fail('not finished within 0.001 s', 'look at the load of the database') },
    { name: 'good', ...good },
  ]);
  expect(faults).toEqual([away, mistake]);
});

it('answers the same examination for 30 s, and says how old it is', async () => {
  const counted = check('counted', async () => good);
  const examiner = doctor([counted]);
  const first = await examiner.examine();
  clock.advance(29_999);
  expect(await examiner.examine()).toEqual({ ...first, age: 29_999 });
  expect(counted.runs).toBe(1);
  clock.advance(1);
  expect(await examiner.examine()).toEqual({ ...first, at: clock.now(), age: 0 });
  expect(counted.runs).toBe(2);
});

it('runs one examination at a time: others who ask meanwhile get the same one', async () => {
  let end = (): void => {};
  const held = check('held', () => new Promise((resolve) => (end = () => resolve(good))));
  const examiner = doctor([held]);
  const both = [examiner.examine(), examiner.examine()];
  while (held.runs === 0) await Promise.resolve();
  end();
  const [one, other] = await Promise.all(both);
  expect(other).toBe(one);
  expect(held.runs).toBe(1);
});

describe('while migrations are pending', () => {
  it('examines no table, and says why', async () => {
    const reading = check('reading', async () => good, { readsTables: true });
    const examiner = doctor([reading, check('other', async () => good)], {
      schemaIsBehind: async () => true,
    });
    const { status, checks } = await examiner.examine();
    expect({ status, runs: reading.runs }).toEqual({ status: 'warn', runs: 0 });
    expect(checks).toEqual([
      { name: 'reading', ...warn('not examined: migrations are pending', 'apply them: symbolon migrate') },
      { name: 'other', ...good },
    ]);
  });

  it('lets each check find out by itself where that cannot be asked', async () => {
    const away = new StoreUnavailable(new Error('away'));
    const reading = check('reading', () => Promise.reject(away), { readsTables: true });
    const examiner = doctor([reading], { schemaIsBehind: () => Promise.reject(away) });
    expect((await examiner.examine()).status).toBe('fail');
    expect(reading.runs).toBe(1);
  });
});
