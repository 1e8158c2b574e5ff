import {
  type Admission,
  attemptKeys,
  type AttemptOutcome,
  checkAdmitted,
  type LoginSubject,
  NoLoginThrottle,
} from '../../src/domain/login-throttle.js';
import { plainPages, type Realm } from '../../src/domain/realm.js';
import { Overloaded, StoreUnavailable, TooManyAttempts } from '../../src/domain/oauth-error.js';

const realm: Realm = {
  path: '/',
  authLevel: 0,
  usernames: 'exact',
  pages: plainPages,
  enabled: true,
  epoch: 1,
};
const turn = { lane: 'here', trusted: false };

let settled: AttemptOutcome[];
let admitted: Admission;
beforeEach(() => {
  settled = [];
  admitted = {
    outcome: 'admitted',
    turn,
    settle: async (outcome) => {
      settled.push(outcome);
    },
  };
});

it.each([
  [true, 'right'],
  [false, 'wrong'],
])('an admitted attempt whose check says %s is settled as %s', async (right, outcome) => {
  const turns: unknown[] = [];
  expect(await checkAdmitted(admitted, async (given) => turns.push(given) > 0 && right)).toBe(right);
  expect([settled, turns]).toEqual([[outcome], [turn]]);
});

const refusedAfterCheck = new Overloaded('full');
refusedAfterCheck.wrong = true;

it.each([
  [new Overloaded('full'), 'withdrawn'],
  [refusedAfterCheck, 'wrong'],
  [new Error('no memory'), 'withdrawn'],
])('one whose check throws %s is settled as %s', async (error, outcome) => {
  await expect(checkAdmitted(admitted, () => Promise.reject(error))).rejects.toBe(error);
  expect(settled).toEqual([outcome]);
});

it('one that cannot be settled is not believed', async () => {
  const away = new StoreUnavailable('gone');
  const unsettled: Admission = { outcome: 'admitted', turn, settle: () => Promise.reject(away) };
  await expect(checkAdmitted(unsettled, async () => true)).rejects.toBe(away);
});

it('one that is refused for the user is checked for the time it takes, and never right', async () => {
  let checks = 0;
  expect(await checkAdmitted({ outcome: 'user', turn }, async () => (checks += 1) > 0)).toBe(false);
  expect(checks).toBe(1);
});

it('one that is refused for the address is not checked', async () => {
  let checks = 0;
  const refused: Admission = { outcome: 'address', retryAfterMs: 1500 };
  const checked = checkAdmitted(refused, async () => (checks += 1) > 0);
  await expect(checked).rejects.toThrow(TooManyAttempts);
  expect(checks).toBe(0);
});

it('without a throttle, every attempt is admitted, and those at a subject from an address share a lane', async () => {
  const lane = async (name: string, address?: string) => {
    const admission = await new NoLoginThrottle().admit(realm, { kind: 'client', name }, address);
    return admission.outcome === 'admitted' && !admission.turn.trusted ? admission.turn.lane : undefined;
  };
  const lanes = await Promise.all([
    lane('app'),
    lane('app', '::1'),
    lane('other'),
    lane('App', '::2'),
    lane('app'),
  ]);
  expect(lanes).not.toContain(undefined);
  expect([lanes[4], lanes[3], new Set(lanes).size]).toEqual([lanes[0], lanes[1], 3]);
});

describe('what is counted together', () => {
  const ann: LoginSubject = { kind: 'user', name: 'ann' };
  const here = '192.0.2.1';
  const keysOf = (name: string, address = here) => attemptKeys(realm, { kind: 'user', name }, address);

  it.each([
    ['an IPv4 address and the same, mapped into IPv6', '192.0.2.1', '::ffff:192.0.2.1'],
    ['the addresses of a /64', '2001:db8::1', '2001:db8:0:0:ffff::1'],
  ])('%s', (_, one, other) => {
    expect(keysOf('ann', one)).toEqual(keysOf('ann', other));
  });

  it.each([
    ['ann', 'ANN'],
    ['ann', 'Ann'],
    ['jos\u00e9', 'JOS\u00c9'],
    ['jos\u00e9', 'jose\u0301'],
    ['jos\u00e9', 'JOSE\u0301'],
  ])('the names %s and %s', (one, other) => {
    expect(keysOf(one)).toEqual(keysOf(other));
  });

  it('not other addresses, subjects, kinds of subject and realms', () => {
    const all = [
      keysOf('ann'),
      keysOf('ann', '192.0.2.2'),
      keysOf('ann', '2001:db8::1'),
      keysOf('ann', '2001:db8:0:1::1'),
      keysOf('bob'),
      attemptKeys(realm, { ...ann, kind: 'client' }, here),
      attemptKeys(realm, ann, undefined),
      attemptKeys({ ...realm, path: '/other' }, ann, here),
    ];
    expect(new Set(all.map(({ address }) => address.toString('hex'))).size).toBe(all.length);
    const users = all.map(({ user }) => user?.toString('hex'));
    expect(users[1]).toBe(users[0]);
    expect(users[5]).toBeUndefined();
    expect(new Set(users).size).toBe(4);
  });
});
