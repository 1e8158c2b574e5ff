import type { OwnedHash } from '../../src/domain/password-upgrade.js';
import { RefusalTimes } from '../../src/domain/refusal-time.js';
import { PasswordHasher, type SecretOwner } from '../../src/domain/secret.js';
import { KnownForms } from '../../src/hashing/known-forms.js';
import { django, password, slowHashes, ssha } from '../support/foreign-hashes.js';
import { StoppedClock } from '../support/stopped-clock.js';

/** What a verification takes by this clock, in milliseconds. */
const took = { own: 20, bcrypt: 100, djangoEach: 0.01, wrapped: 24 };

/** Takes its time by the stopped clock, and counts its checks. */
class TimedHasher extends PasswordHasher {
  checks = 0;

  constructor(private readonly clock: StoppedClock) {
    super();
  }

  async hash(): Promise<string> {
    return own;
  }

  async verify(stored: string): Promise<boolean> {
    this.checks += 1;
    const { form, cost } = new KnownForms(this).read(stored)!;
    const ms = { argon2id: took.own, bcrypt: took.bcrypt, 'pbkdf2-sha256': cost * took.djangoEach }[form];
    this.clock.advance(ms ?? took.wrapped);
    return false;
  }
}

const ann: SecretOwner = { kind: 'user', realm: '/', name: 'ann' };
const bcrypt = slowHashes.$2b$;
const own = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

let clock: StoppedClock;
let hasher: TimedHasher;
let stored: OwnedHash[];
let times: RefusalTimes;
let waits: number[];
let wake: (() => void)[];

beforeEach(() => {
  clock = new StoppedClock();
  hasher = new TimedHasher(clock);
  stored = [];
  waits = [];
  wake = [];
  times = waiting((ms) => {
    waits.push(ms);
    return Promise.resolve();
  });
});

function waiting(wait: (ms: number) => Promise<void>): RefusalTimes {
  const source = { examples: () => Promise.resolve(stored) };
  return new RefusalTimes(source, new KnownForms(hasher), hasher, clock, wait);
}

/** The time of a refusal: of checks that take some time, and of the wait after them. */
async function refusal(hash: string | undefined, tookMs: number, owner = ann, checks = 1): Promise<number> {
  waits = [];
  const begun = times.begin();
  for (let check = 0; check < checks; check += 1) {
    const checkBegun = times.begin();
    clock.advance(tookMs);
    times.observe(hash ?? own, checkBegun);
  }
  await times.delay(owner, checks, begun);
  return tookMs * checks + waits.reduce((sum, ms) => sum + ms, 0);
}

it('delays nothing while all hashes are the server’s own, and measures nothing', async () => {
  await times.refresh();
  expect(await refusal(undefined, took.own)).toBe(took.own);
  expect(hasher.checks).toBe(0);
});

it('takes as long for each hash, known or not, and a quarter more than the slowest', async () => {
  stored = [
    { owner: ann, hash: bcrypt },
    { owner: { ...ann, name: 'bob' }, hash: accepted(django(password, 12_000)) },
  ];
  await times.refresh();
  const slowest = 12_000 * took.djangoEach;
  for (const [hash, ms] of [
    [undefined, took.own],
    [bcrypt, took.bcrypt],
    [stored[1].hash, slowest],
    // A hash that was not measured itself; it costs less than the slowest of its form.
    [accepted(django(password, 11_000)), 110],
  ] as const) {
    expect(await refusal(hash, ms)).toBeCloseTo(slowest * 1.25);
  }
});

it('counts each reading of a secret', async () => {
  stored = [{ owner: ann, hash: bcrypt }];
  await times.refresh();
  expect(await refusal(undefined, took.own, ann, 2)).toBeCloseTo(2 * took.bcrypt * 1.25);
  expect(await refusal(bcrypt, took.bcrypt, ann, 2)).toBeCloseTo(2 * took.bcrypt * 1.25);
});

it('follows what the slowest hash takes while the machine is busy, and afterwards', async () => {
  stored = [{ owner: ann, hash: bcrypt }];
  await times.refresh();
  const busy = 4 * took.bcrypt;
  for (let round = 0; round < 3; round += 1) {
    expect(await refusal(bcrypt, busy)).toBeCloseTo(busy * 1.25);
    expect(await refusal(undefined, took.own)).toBeCloseTo(busy * 1.25);
  }
  for (let check = 0; check < 16; check += 1) await refusal(bcrypt, took.bcrypt);
  expect(await refusal(undefined, took.own)).toBeCloseTo(took.bcrypt * 1.25);
});

it('follows the server’s own hashes, too, if they take longer', async () => {
  stored = [{ owner: ann, hash: accepted(django(password, 10_000)) }];
  await times.refresh();
  expect(await refusal(undefined, 300)).toBeCloseTo(375);
  expect(await refusal(stored[0].hash, 100)).toBeCloseTo(375);
});

it('delays the refusals of the same kind of owner and realm alone', async () => {
  stored = [{ owner: ann, hash: bcrypt }];
  await times.refresh();
  expect(await refusal(undefined, took.own, { ...ann, name: 'nobody' })).toBeCloseTo(125);
  expect(await refusal(undefined, took.own, { ...ann, realm: '/other' })).toBe(took.own);
  expect(await refusal(undefined, took.own, { ...ann, kind: 'client' })).toBe(took.own);
});

it('delays by a second at most', async () => {
  stored = [{ owner: ann, hash: accepted(django(password, 200_000)) }];
  await times.refresh();
  expect(await refusal(undefined, took.own)).toBeCloseTo(1000);
});

it('ends when the last one is replaced, and hashes nothing more', async () => {
  stored = [{ owner: ann, hash: bcrypt }];
  await times.refresh();
  const { checks } = hasher;
  await times.refresh();
  await refusal(undefined, took.own);
  expect(hasher.checks).toBe(checks);
  stored = [];
  await times.refresh();
  expect(await refusal(undefined, took.own)).toBe(took.own);
});

it('delays for wrapped hashes, which take longer than the server’s own', async () => {
  const text = accepted(ssha(password));
  const forms = new KnownForms(hasher);
  stored = [{ owner: ann, hash: await forms.wrap(forms.read(text)!) }];
  await times.refresh();
  expect(await refusal(undefined, took.own)).toBeCloseTo(took.wrapped * 1.25);
});

it('lets 1000 refusals wait at once, and answers further ones that it is busy', async () => {
  times = waiting(() => new Promise((resolve) => wake.push(resolve)));
  stored = [{ owner: ann, hash: bcrypt }];
  await times.refresh();
  const one = () => times.delay(ann, 1, times.begin());
  const all = Array.from({ length: 1000 }, one);
  await expect(one()).rejects.toMatchObject({ code: 'temporarily_unavailable' });
  for (const resolve of wake.splice(0)) resolve();
  await Promise.all(all);
  const further = one();
  wake[0]();
  await further;
});

/** A hash as it is stored. */
function accepted(text: string): string {
  const hash = new KnownForms(hasher).accept(text);
  if ('refused' in hash) throw new Error(hash.refused);
  return hash.text;
}
