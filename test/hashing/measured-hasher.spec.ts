import { PasswordHasher } from '../../src/domain/secret.js';
import { HashDurations, MeasuredHasher } from '../../src/hashing/measured-hasher.js';

/** A hasher that ends an operation when the test says so. */
class HeldHasher extends PasswordHasher {
  readonly end: (() => void)[] = [];
  readonly fail: ((error: Error) => void)[] = [];

  hash(): Promise<string> {
    return new Promise((resolve) => this.end.push(() => resolve('hash')));
  }

  verify(): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.end.push(() => resolve(true));
      this.fail.push(reject);
    });
  }
}

function count(durations: HashDurations, operation: string): number {
  const counts = durations.histograms.get(operation)?.counts;
  return [...(counts ?? [])].reduce((sum, each) => sum + each, 0);
}

it('measures each operation under its name, and passes its result on', async () => {
  const held = new HeldHasher();
  const durations = new HashDurations();
  const hasher = new MeasuredHasher(held, durations);
  expect([...durations.histograms.keys()]).toEqual(['hash', 'verify']);
  const hash = hasher.hash('a');
  const verified = hasher.verify('b', 'c');
  held.end.forEach((end) => end());
  expect([await hash, await verified]).toEqual(['hash', true]);
  expect([count(durations, 'hash'), count(durations, 'verify')]).toEqual([1, 1]);
});

it('measures an operation that fails, too', async () => {
  const held = new HeldHasher();
  const durations = new HashDurations();
  const verified = new MeasuredHasher(held, durations).verify('b', 'c');
  held.fail[0](new Error('no memory'));
  await expect(verified).rejects.toThrow('no memory');
  expect(count(durations, 'verify')).toBe(1);
  expect(durations.underWay).toBe(0);
});

it('counts as waiting what is beyond the four threads', async () => {
  const held = new HeldHasher();
  const durations = new HashDurations();
  const hasher = new MeasuredHasher(held, durations);
  const all = Array.from({ length: 6 }, () => hasher.verify('b', 'c'));
  expect(durations.waiting).toBe(2);
  held.end.slice(0, 3).forEach((end) => end());
  await Promise.all(all.slice(0, 3));
  expect(durations.waiting).toBe(0);
  held.end.forEach((end) => end());
  await Promise.all(all);
});
