import { RememberedSecrets } from '../../src/domain/remembered-secrets.js';
import { hashGeneratedSecret } from '../../src/domain/secret.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { plainVerifier } from '../support/plain-verifier.js';
import { StoppedClock } from '../support/stopped-clock.js';

/** How many secrets are remembered at most. */
const most = 10_000;

/** Records every password that is checked. */
class WatchedHasher extends FastHasher {
  checks: string[] = [];
  broken = false;

  override async verify(hash: string, password: string): Promise<boolean> {
    this.checks.push(password);
    if (this.broken) throw new Error('out of memory');
    return super.verify(hash, password);
  }
}

const owner = { kind: 'client', realm: '/', name: 'app' } as const;

let hasher: WatchedHasher;
let clock: StoppedClock;
let secrets: RememberedSecrets;

beforeEach(() => {
  hasher = new WatchedHasher();
  clock = new StoppedClock();
  secrets = new RememberedSecrets(plainVerifier(hasher, clock), clock);
});

/** Verifies the secrets, and returns the ones that the hasher had to check. */
async function checked(stored: string | undefined, ...presented: string[]): Promise<string[]> {
  hasher.checks = [];
  for (const secret of presented) await secrets.verify(owner, stored, [secret]);
  return hasher.checks;
}

it('gives the same result the first time and later', async () => {
  const [stored, other] = [await hasher.hash('right'), await hasher.hash('other')];
  for (let round = 0; round < 3; round += 1) {
    expect(await secrets.verify(owner, stored, ['right'])).toBe(stored);
    expect(await secrets.verify(owner, stored, ['wrong'])).toBeUndefined();
    expect(await secrets.verify(owner, stored, ['other'])).toBeUndefined();
    expect(await secrets.verify(owner, other, ['other'])).toBe(other);
    expect(await secrets.verify(owner, undefined, ['right'])).toBeUndefined();
    expect(await secrets.verify(owner, stored, [''])).toBeUndefined();
  }
});

it('remembers a right secret for 60 s from its check, however often it is presented', async () => {
  const stored = await hasher.hash('right');
  expect(await checked(stored, 'right', 'right')).toEqual(['right']);
  clock.advance(59_999);
  expect(await checked(stored, 'right')).toEqual([]);
  clock.advance(1);
  expect(await checked(stored, 'right', 'right')).toEqual(['right']);
  clock.advance(59_999);
  expect(await checked(stored, 'right')).toEqual([]);
});

it('distinguishes secrets that differ in any character, in any script', async () => {
  // The code points of s and \u0173 have the same last byte.
  const alike = ['secret', 'Secret', 'secret ', '\u0173ecret', 'sécret', 'se\u0301cret', '😀', ''];
  for (const right of alike) {
    const stored = await hasher.hash(right);
    await secrets.verify(owner, stored, [right]);
    for (const other of alike) {
      expect(await secrets.verify(owner, stored, [other])).toBe(other === right ? stored : undefined);
    }
  }
});

it('checks a wrong secret each time', async () => {
  const stored = await hasher.hash('right');
  expect(await checked(stored, 'wrong', 'right', 'wrong', 'right', 'wrong')).toEqual([
    'wrong',
    'right',
    'wrong',
    'wrong',
  ]);
});

it('checks a right secret again for another hash, and still remembers it for the first', async () => {
  const [first, second] = [await hasher.hash('right'), await hasher.hash('right')];
  expect(await checked(first, 'right')).toEqual(['right']);
  expect(await checked(second, 'right', 'right')).toEqual(['right']);
  expect(await checked(first, 'right')).toEqual([]);
});

it('leaves generated secrets to the verifier: the hasher checks no right one, and every wrong one', async () => {
  const stored = hashGeneratedSecret('generated');
  for (let round = 0; round < 2; round += 1) {
    expect(await secrets.verify(owner, stored, ['generated'])).toBe(stored);
    expect(await checked(stored, 'generated')).toEqual([]);
    expect(await checked(stored, 'wrong')).toHaveLength(1);
    expect(await checked(undefined, 'wrong')).toHaveLength(1);
  }
});

it('refuses a secret that is too long to be hashed, each time', async () => {
  const long = 'x'.repeat(1025);
  const stored = await hasher.hash(long);
  for (let round = 0; round < 2; round += 1)
    expect(await secrets.verify(owner, stored, [long])).toBeUndefined();
});

it('does not remember a check that throws', async () => {
  const stored = await hasher.hash('right');
  hasher.broken = true;
  await expect(secrets.verify(owner, stored, ['right'])).rejects.toThrow('out of memory');
  hasher.broken = false;
  expect(await checked(stored, 'right', 'right')).toEqual(['right']);
});

it(`remembers ${most} at most; the one that was checked longest ago is dropped first`, async () => {
  const stored = await Promise.all(Array.from({ length: most }, (_, i) => hasher.hash(`secret-${i}`)));
  for (const [i, hash] of stored.entries()) await secrets.verify(owner, hash, [`secret-${i}`]);
  expect(await checked(stored[0], 'secret-0')).toEqual([]);
  const further = await hasher.hash('further');
  await secrets.verify(owner, further, ['further']);
  hasher.checks = [];
  for (const [i, hash] of stored.entries()) if (i > 0) await secrets.verify(owner, hash, [`secret-${i}`]);
  expect(hasher.checks).toEqual([]);
  expect(await checked(stored[0], 'secret-0')).toEqual(['secret-0']);
  expect(await checked(stored[1], 'secret-1')).toEqual(['secret-1']);
  expect(await checked(further, 'further')).toEqual([]);
});
