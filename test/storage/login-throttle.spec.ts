import { jest } from '@jest/globals';
import type {
  Admission,
  AdmittedAttempt,
  AttemptOutcome,
  LoginSubject,
} from '../../src/domain/login-throttle.js';
import { Overloaded, StoreUnavailable } from '../../src/domain/oauth-error.js';
import type { Realm } from '../../src/domain/realm.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { admitAttempts, settleAttempts } from '../../src/storage/postgres/login-statements.js';
import { PostgresLoginThrottle, type ThrottleLimits } from '../../src/storage/postgres/login-throttle.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';
import { explain, nodesOf, planModes } from './query-plans.js';
import { aRealm } from './subjects.js';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const realm: Realm = { ...aRealm({ path: '/' }), epoch: 1 };
const ann: LoginSubject = { kind: 'user', name: 'ann' };
const app: LoginSubject = { kind: 'client', name: 'app' };
const here = '192.0.2.1';
const refusedForUser = { outcome: 'user' };

let running: RunningDatabase;
let database: Database;
let clock: StoppedClock;
let throttle: PostgresLoginThrottle;

beforeAll(async () => {
  running = await startDatabase();
  database = await openDatabase(patientOptions(running.connection));
});
beforeEach(async () => {
  await database.dataSource.query('TRUNCATE login_attempt');
  clock = new StoppedClock();
  throttle = throttleWith();
});
afterAll(async () => {
  await database.dataSource.destroy();
  await running.stop();
});

function throttleWith(limits: Partial<ThrottleLimits> = {}): PostgresLoginThrottle {
  const defaults = {
    attempts: 10,
    attemptsOfUser: 100,
    backoffMs: 900 * second,
    waiting: 100,
    timeoutMs: 2000,
  };
  return new PostgresLoginThrottle(database, clock, { ...defaults, ...limits });
}

function admit(subject = ann, address = here): Promise<Admission> {
  return throttle.admit(realm, subject, address);
}

/** Makes an attempt, and ends it if it is admitted. */
async function attempt(
  outcome: AttemptOutcome,
  subject = ann,
  address = here,
): Promise<Admission['outcome']> {
  const admission = await admit(subject, address);
  if (admission.outcome === 'admitted') await admission.settle(outcome);
  return admission.outcome;
}

/** Makes some wrong attempts one after the other, which must be admitted. */
async function fail(times: number, subject = ann, address = here): Promise<void> {
  for (let count = 0; count < times; count += 1)
    expect(await attempt('wrong', subject, address)).toBe('admitted');
}

/** Lets a user fail until only known addresses are admitted: 10 times at each of 10 addresses. */
async function failEverywhere(subject = ann): Promise<void> {
  for (let network = 1; network <= 10; network += 1) await fail(10, subject, `198.51.100.${network}`);
}

async function retryAfter(subject = ann, address = here): Promise<number | undefined> {
  const admission = await admit(subject, address);
  if (admission.outcome === 'admitted') await admission.settle('withdrawn');
  return admission.outcome === 'address' ? admission.retryAfterMs / second : undefined;
}

describe('from one address', () => {
  it.each([ann, app])(
    '10 wrong attempts are free, then the back-off doubles to 15 minutes: %j',
    async (subject) => {
      await fail(10, subject);
      const backoffs = [];
      for (let step = 0; step < 12; step += 1) {
        const seconds = (await retryAfter(subject)) ?? 0;
        backoffs.push(seconds);
        clock.advance(seconds * second - 1);
        expect(await retryAfter(subject)).toBe(0.001);
        clock.advance(1);
        await fail(1, subject);
      }
      expect(backoffs).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
    },
  );

  it('the limits are those of the settings', async () => {
    throttle = throttleWith({ attempts: 2, backoffMs: 3 * second });
    await fail(2);
    const backoffs = [];
    for (let step = 0; step < 4; step += 1) {
      const seconds = (await retryAfter()) ?? 0;
      backoffs.push(seconds);
      clock.advance(seconds * second);
      await fail(1);
    }
    expect(backoffs).toEqual([1, 2, 3, 3]);
  });

  it('right and withdrawn attempts are taken back, and do not forget the wrong ones', async () => {
    await fail(9);
    for (let count = 0; count < 15; count += 1) {
      expect(await attempt('right')).toBe('admitted');
      expect(await attempt('withdrawn')).toBe('admitted');
    }
    await fail(1);
    expect(await retryAfter()).toBe(1);
    clock.advance(second);
    expect(await attempt('right')).toBe('admitted');
    expect(await attempt('right')).toBe('admitted');
    await fail(1);
    expect(await retryAfter()).toBe(2);
  });

  it('wrong attempts are forgotten an hour after the last one', async () => {
    await fail(9);
    clock.advance(hour - 1);
    await fail(1);
    expect(await retryAfter()).toBe(1);
    clock.advance(hour - 1);
    await fail(1);
    expect(await retryAfter()).toBe(2);
    clock.advance(hour);
    await fail(10);
    expect(await retryAfter()).toBe(1);
  });

  it('after a back-off one attempt is admitted at a time', async () => {
    await fail(10);
    clock.advance(second);
    const first = (await admit()) as AdmittedAttempt;
    const others = [admit(), admit()];
    await first.settle('wrong');
    expect(await Promise.all(others)).toEqual([
      { outcome: 'address', retryAfterMs: 2 * second },
      { outcome: 'address', retryAfterMs: 2 * second },
    ]);
  });

  it.each(['wrong', 'right', 'withdrawn'] as const)('of 50 at once, %s ones', async (outcome) => {
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => attempt(outcome)));
    const admitted = outcomes.filter((each) => each === 'admitted');
    expect(admitted).toHaveLength(outcome === 'wrong' ? 10 : 50);
    expect(outcomes.filter((each) => each === 'address')).toHaveLength(50 - admitted.length);
  });

  it('no more attempts wait than may, and none waits for ever', async () => {
    throttle = throttleWith({ attempts: 1, waiting: 2, timeoutMs: 200 });
    const first = (await admit()) as AdmittedAttempt;
    const others = await Promise.allSettled([admit(), admit(), admit()]);
    const reasons = others.map((other) => (other as PromiseRejectedResult).reason as unknown);
    expect(reasons).toEqual([expect.any(Overloaded), expect.any(Overloaded), expect.any(Overloaded)]);
    await first.settle('right');
    expect(await attempt('right')).toBe('admitted');
  });

  it('attempts that a lost node does not settle count as wrong after a minute', async () => {
    throttle = throttleWith({ timeoutMs: 1 });
    for (let count = 0; count < 10; count += 1) expect(await admit()).toMatchObject({ outcome: 'admitted' });
    await expect(admit()).rejects.toThrow(Overloaded);
    clock.advance(minute - 1);
    await expect(admit()).rejects.toThrow(Overloaded);
    clock.advance(1);
    await fail(1);
    expect(await retryAfter()).toBe(2);
  });
});

describe('attempts whose end cannot be stored', () => {
  const away = new StoreUnavailable(new Error('away'));
  let ended: AdmittedAttempt[];

  /** Makes 10 attempts, whose ends cannot be stored. */
  async function failToSettle(outcome: AttemptOutcome): Promise<void> {
    throttle = throttleWith({ timeoutMs: 1 });
    ended = [];
    for (let count = 0; count < 10; count += 1) ended.push((await admit()) as AdmittedAttempt);
    const write = jest.spyOn(database, 'write').mockRejectedValue(away);
    for (const attempt of ended) await expect(attempt.settle(outcome)).rejects.toBe(away);
    // The next attempt is the first to try again, and fails, too.
    await expect(admit()).rejects.toBe(away);
    write.mockRestore();
  }

  it.each(['right', 'withdrawn'] as const)('are taken back later, if they were %s', async (outcome) => {
    await failToSettle(outcome);
    await fail(10);
    expect(await retryAfter()).toBe(1);
  });

  it('are taken back later, if there was no room for them', async () => {
    throttle = throttleWith({ timeoutMs: 1 });
    // Of the user there is room for all of them, from the address for 10.
    const write = jest.spyOn(database, 'write').mockRejectedValueOnce(away);
    const made = await Promise.allSettled(Array.from({ length: 15 }, () => admit()));
    write.mockRestore();
    const admitted = made.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(admitted).toHaveLength(10);
    for (const attempt of admitted) await (attempt as AdmittedAttempt).settle('right');
    expect(await attempt('right')).toBe('admitted');
    const rows = await database.dataSource.query<{ pending: number }[]>('SELECT pending FROM login_attempt');
    expect(rows).toEqual([{ pending: 0 }, { pending: 0 }]);
  });

  it('are counted later, if they were wrong', async () => {
    await failToSettle('wrong');
    expect(await retryAfter()).toBe(1);
  });

  it('count as wrong after a minute, and then not twice', async () => {
    await failToSettle('wrong');
    clock.advance(minute);
    await fail(1);
    expect(await retryAfter()).toBe(2);
  });
});

it('attempts whose address is not known are counted together', async () => {
  throttle = throttleWith({ attempts: 1 });
  const admission = await throttle.admit(realm, ann, undefined);
  await (admission as AdmittedAttempt).settle('wrong');
  expect(await throttle.admit(realm, ann, undefined)).toEqual({ outcome: 'address', retryAfterMs: second });
  expect(await attempt('wrong')).toBe('admitted');
});

describe('over all addresses', () => {
  it('100 wrong attempts of a user in an hour are free; then none is admitted from a new address', async () => {
    await failEverywhere();
    expect(await admit()).toMatchObject(refusedForUser);
    // An attempt that is refused counts for nothing.
    for (let count = 0; count < 20; count += 1) expect(await attempt('wrong')).toBe('user');
    expect(await attempt('wrong', ann, '198.51.100.1')).toBe('address');
    clock.advance(hour - 1);
    expect(await attempt('wrong')).toBe('user');
    clock.advance(1);
    await fail(10);
    expect(await attempt('wrong')).toBe('address');
  });

  it('an address from which the user signed in in the last 30 days is admitted', async () => {
    expect(await attempt('right')).toBe('admitted');
    clock.advance(30 * day - 1);
    await failEverywhere();
    expect(await attempt('wrong')).toBe('admitted');
    expect(await attempt('right')).toBe('admitted');
    expect(await attempt('right', { kind: 'user', name: 'ANN' }, '::ffff:192.0.2.1')).toBe('admitted');
    expect(await attempt('wrong', ann, '192.0.2.2')).toBe('user');
    // Its own limit holds there, too.
    await fail(9);
    expect(await attempt('wrong')).toBe('address');
  });

  it('but not one from which the user signed in earlier, or somebody else did', async () => {
    expect(await attempt('right')).toBe('admitted');
    clock.advance(30 * day);
    expect(await attempt('right', { kind: 'user', name: 'bob' })).toBe('admitted');
    await failEverywhere();
    expect(await attempt('right')).toBe('user');
  });

  it('right attempts are taken back', async () => {
    for (let network = 1; network <= 12; network += 1) {
      for (let count = 0; count < 10; count += 1) await attempt('right', ann, `198.51.100.${network}`);
    }
    await failEverywhere();
    expect(await attempt('right', ann, '198.51.100.12')).toBe('admitted');
    expect(await attempt('right')).toBe('user');
  });

  it('of 150 wrong ones at once, each from its address, 100 are admitted, and of right ones all', async () => {
    const at = (outcome: AttemptOutcome, subject: LoginSubject) =>
      Promise.all(Array.from({ length: 150 }, (_, n) => attempt(outcome, subject, `198.51.100.${n}`)));
    throttle = throttleWith({ waiting: 1000 });
    const wrong = await at('wrong', ann);
    expect(wrong.filter((outcome) => outcome === 'admitted')).toHaveLength(100);
    expect(wrong.filter((outcome) => outcome === 'user')).toHaveLength(50);
    expect(new Set(await at('right', { kind: 'user', name: 'bob' }))).toEqual(new Set(['admitted']));
  });

  it('clients have no such limit: somebody else could use it up', async () => {
    throttle = throttleWith({ attemptsOfUser: 1 });
    await fail(10, app, '192.0.2.2');
    expect(await attempt('wrong', app)).toBe('admitted');
  });
});

it('trusts a subject that was right from the same address, and waits in the lane of the network', async () => {
  const lane = '2001:db8:0:0::/64';
  const turn = async (subject: LoginSubject, address: string) =>
    ((await admit(subject, address)) as AdmittedAttempt).turn;
  await attempt('right', app, '2001:db8::1');
  expect(await turn(app, '2001:db8::2')).toEqual({ lane, trusted: true });
  expect(await turn(app, '2001:db8:0:1::')).toEqual({ lane: '2001:db8:0:1::/64', trusted: false });
  expect(await turn({ kind: 'user', name: 'app' }, '2001:db8::2')).toEqual({ lane, trusted: false });
});

it('attempts that were all withdrawn leave rows that the next purge removes', async () => {
  const expired = async () => {
    const rows = await database.dataSource.query<{ expired: boolean }[]>(
      'SELECT expires_at <= $1 AS expired FROM login_attempt',
      [new Date(clock.now())],
    );
    return rows.map((row) => row.expired);
  };
  await attempt('withdrawn');
  expect(await expired()).toEqual([true, true]);
  await attempt('wrong');
  await attempt('withdrawn');
  expect(await expired()).toEqual([false, false]);
});

it('an attempt that is refused writes nothing', async () => {
  throttle = throttleWith({ attemptsOfUser: 10 });
  await fail(10);
  const rows = () =>
    database.dataSource.query<unknown>('SELECT *, xmin, xmax FROM login_attempt ORDER BY key');
  const before = await rows();
  // This node knows of no block yet.
  throttle = throttleWith({ attemptsOfUser: 10 });
  expect(await attempt('wrong')).toBe('address');
  expect(await attempt('wrong', ann, '192.0.2.2')).toBe('user');
  expect(await rows()).toEqual(before);
});

it('an address that this node knows to be blocked costs no statement', async () => {
  await fail(10);
  expect(await attempt('wrong')).toBe('address');
  const counts = () => database.durations.histograms.get('admit_login_attempts')?.counts.slice();
  const before = counts();
  clock.advance(second - 1);
  expect(await retryAfter()).toBe(0.001);
  expect(counts()).toEqual(before);
  clock.advance(1);
  expect(await attempt('wrong')).toBe('admitted');
});

it('a name that somebody typed, which may be a password, is in no row', async () => {
  const name = 'my-secret-password';
  await fail(1, { kind: 'user', name });
  const rows = await database.dataSource.query<object[]>('SELECT * FROM login_attempt');
  const values = rows.flatMap((row) => Object.values(row) as unknown[]);
  expect(values).toHaveLength(2 * 10);
  for (const value of values) expect(Buffer.from(String(value)).includes('secret')).toBe(false);
});

describe.each(planModes)('with %s', (mode) => {
  const keys = '{"\\\\x01","\\\\x02"}';
  const [now, later] = ['2026-06-01T00:00:00Z', '2026-06-01T01:00:00Z'];

  it.each([
    ['admission', admitAttempts, [keys, '{null,null}', now, 10, 100, now, later, later, later, later]],
    [
      'settlement',
      settleAttempts,
      [keys, '{1,1}', '{1,0}', '{f,t}', now, 10, 900_000, later, later, later, later, later],
    ],
  ])('the %s does not read the whole table', async (_, statement, values) => {
    await database.dataSource.query(
      `INSERT INTO login_attempt (key, kind, failed, counted_until, pending, pending_until, granted, expires_at)
        SELECT sha256(n::text::bytea), 'address', 1, $1, 0, $1, 0, $1 FROM generate_series(1, 20000) AS n`,
      [new Date(later)],
    );
    await database.dataSource.query('ANALYZE login_attempt');
    const nodes = nodesOf(await explain(database, statement, mode, values));
    const scans = nodes.filter((node) => node['Relation Name'] === 'login_attempt' && 'Index Name' in node);
    const whole = nodes.filter((node) => node['Node Type'] === 'Seq Scan');
    expect([scans.length > 0, whole]).toEqual([true, []]);
  });
});
