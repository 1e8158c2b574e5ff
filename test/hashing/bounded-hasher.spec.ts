import { jest } from '@jest/globals';
import { Overloaded } from '../../src/domain/oauth-error.js';
import { BoundedHasher, HashDurations } from '../../src/hashing/bounded-hasher.js';
import { FairQueue, type QueueLimits } from '../../src/hashing/fair-queue.js';
import { HeldHasher } from '../support/held-hasher.js';

let held: HeldHasher;
let durations: HashDurations;
let queue: FairQueue;
let hasher: BoundedHasher;

function limit(limits: Partial<QueueLimits> = {}): void {
  held = new HeldHasher();
  durations = new HashDurations();
  queue = new FairQueue({ atOnce: 1, waiting: 4, timeoutMs: 2000, ...limits });
  hasher = new BoundedHasher(held, queue, durations);
}
beforeEach(() => limit());
afterEach(() => jest.useRealTimers());

/** What became of checks, by their passwords. */
const outcomes = new Map<string, unknown>();
beforeEach(() => outcomes.clear());

function check(password: string, lane: string, trusted = false): void {
  void hasher.verify('stored', password, { lane, trusted }).then(
    (right) => outcomes.set(password, right),
    (error: unknown) => outcomes.set(password, error),
  );
}

function checkAll(lane: string, ...passwords: string[]): void {
  for (const password of passwords) check(password, lane);
}

/** Ends the operations one by one, and returns the passwords in the order in which they were checked. */
async function order(right = true): Promise<string[]> {
  const checked: string[] = [];
  for (let next = held.passwords; next.length > 0; next = held.passwords) {
    checked.push(next[0]);
    await held.end(right);
  }
  return checked;
}

const overloaded = expect.any(Overloaded) as unknown;

function count(operation: string): number {
  const counts = durations.histograms.get(operation)?.counts;
  return [...(counts ?? [])].reduce((sum, each) => sum + each, 0);
}

it('passes results and errors on, and measures both', async () => {
  expect([...durations.histograms.keys()]).toEqual(['hash', 'verify']);
  const hash = hasher.hash('a');
  await held.end();
  expect(await hash).toBe('hash');
  const verified = hasher.verify('stored', 'b');
  held.held[0].fail(new Error('no memory'));
  await expect(verified).rejects.toThrow('no memory');
  expect([count('hash'), count('verify')]).toEqual([1, 1]);
});

it('does no more at once than it may; an error gives its turn on, too', async () => {
  limit({ atOnce: 2 });
  checkAll('one', 'a', 'b', 'c', 'd');
  await new Promise(setImmediate);
  expect(held.passwords).toEqual(['a', 'b']);
  expect(queue.waiting).toBe(2);
  held.held.shift()?.fail(new Error('no memory'));
  await new Promise(setImmediate);
  expect(held.passwords).toEqual(['b', 'c']);
  expect(await order()).toEqual(['b', 'c', 'd']);
  expect(queue.waiting).toBe(0);
});

it('refuses at once what would wait beyond the limit', async () => {
  checkAll('one', 'a', 'b', 'c', 'd', 'e', 'f', 'g');
  await new Promise(setImmediate);
  expect([...outcomes]).toEqual([
    ['f', overloaded],
    ['g', overloaded],
  ]);
  expect(queue.refused).toBe(2);
  expect(await order()).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(count('verify')).toBe(5);
});

it('refuses at once what there is no time for', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'setTimeout', 'clearTimeout'] });
  limit({ waiting: 100 });
  check('a', 'one');
  jest.advanceTimersByTime(500);
  await held.end();
  // At half a second each, four can wait for 2 s.
  checkAll('one', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
  await new Promise(setImmediate);
  expect([...outcomes.keys()]).toEqual(['a', 'g', 'h']);
  expect(await order()).toEqual(['b', 'c', 'd', 'e', 'f']);
});

it('refuses what has waited too long, and frees its place', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] });
  checkAll('one', 'a', 'b');
  jest.advanceTimersByTime(1999);
  await new Promise(setImmediate);
  expect([...outcomes]).toEqual([]);
  jest.advanceTimersByTime(1);
  await new Promise(setImmediate);
  expect([...outcomes]).toEqual([['b', overloaded]]);
  expect([queue.waiting, queue.refused]).toEqual([0, 1]);
  expect(await order()).toEqual(['a']);
});

it('lets lanes take turns, so that one that is full delays another by one turn', async () => {
  limit({ waiting: 10 });
  checkAll('guesser', 'a1', 'a2', 'a3', 'a4', 'a5');
  checkAll('other', 'b1', 'b2');
  checkAll('third', 'c1');
  expect(await order()).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4', 'a5']);
});

it('when it is full, the longest lane loses its last work to a shorter one, but not to one as long', async () => {
  checkAll('guesser', 'a1', 'a2', 'a3', 'a4', 'a5');
  checkAll('other', 'b1', 'b2', 'b3');
  await new Promise(setImmediate);
  expect([...outcomes].sort()).toEqual([
    ['a4', overloaded],
    ['a5', overloaded],
    ['b3', overloaded],
  ]);
  expect(await order()).toEqual(['a1', 'a2', 'b1', 'a3', 'b2']);
});

it('lets trusted work go first, but every fourth turn is of other work', async () => {
  limit({ waiting: 20 });
  checkAll('guesser', 'a1', 'a2', 'a3');
  for (const password of ['t1', 't2', 't3', 't4', 't5']) check(password, 'guesser', true);
  expect(await order()).toEqual(['a1', 't1', 't2', 't3', 'a2', 't4', 't5', 'a3']);
});

it('trusted work takes the place of other work, but not of trusted work', async () => {
  checkAll('guesser', 'a1', 'a2', 'a3', 'a4', 'a5');
  for (const password of ['t1', 't2', 't3', 't4', 't5']) check(password, 'other', true);
  await new Promise(setImmediate);
  expect([...outcomes.keys()].sort()).toEqual(['a2', 'a3', 'a4', 'a5', 't5']);
  expect(await order()).toEqual(['a1', 't1', 't2', 't3', 't4']);
});

it('work of our own takes its turn among others, and is never refused', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] });
  checkAll('guesser', 'a1', 'a2', 'a3', 'a4', 'a5');
  const own = Promise.all(['o1', 'o2', 'o3', 'o4', 'o5', 'o6'].map((password) => hasher.hash(password)));
  check('t1', 'guesser', true);
  jest.advanceTimersByTime(2000);
  await new Promise(setImmediate);
  expect([...outcomes.keys()].sort()).toEqual(['a2', 'a3', 'a4', 'a5', 't1']);
  expect(await order()).toEqual(['a1', 'o1', 'o2', 'o3', 'o4', 'o5', 'o6']);
  expect(await own).toHaveLength(6);
});

it('a hash that a caller waits for has a turn of its lane, and is refused like a check', async () => {
  checkAll('guesser', 'a1', 'a2', 'a3', 'a4', 'a5');
  const made = hasher.hash('b1', { lane: 'other', trusted: false });
  await new Promise(setImmediate);
  expect([...outcomes]).toEqual([['a5', overloaded]]);
  checkAll('third', 'c1');
  checkAll('fourth', 'd1');
  await expect(hasher.hash('e1', { lane: 'guesser', trusted: false })).rejects.toThrow(Overloaded);
  expect(await order()).toEqual(['a1', 'a2', 'b1', 'c1', 'd1']);
  expect(await made).toBe('hash');
});

it('a wrong trusted one takes as long as one that is not trusted', async () => {
  limit({ waiting: 20 });
  checkAll('guesser', 'a1', 'a2', 'a3');
  check('trusted', 'guesser', true);
  await held.end();
  expect(held.passwords).toEqual(['trusted']);
  check('later', 'guesser');
  await held.end(false);
  await held.end();
  expect(outcomes.has('trusted')).toBe(false);
  await held.end();
  // It has waited for all that had come before its check ended.
  await held.end();
  expect(outcomes.get('trusted')).toBe(false);
});

it('a wrong trusted one is refused where one that is not trusted would be, and known to be wrong', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] });
  checkAll('guesser', 'a1', 'a2');
  check('trusted', 'guesser', true);
  await held.end();
  await held.end(false);
  expect(held.passwords).toEqual(['a2']);
  jest.advanceTimersByTime(2000);
  await new Promise(setImmediate);
  expect(outcomes.get('trusted')).toMatchObject({ code: 'temporarily_unavailable', wrong: true });
});
