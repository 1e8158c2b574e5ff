import { jest } from '@jest/globals';
import { Rounds } from '../../src/jobs/rounds.js';

let begun: number;
let outcomes: (() => Promise<boolean>)[];
let reported: unknown[];
let rounds: Rounds;

beforeEach(() => {
  jest.useFakeTimers();
  jest.spyOn(Math, 'random').mockReturnValue(0.5);
  begun = 0;
  outcomes = [];
  reported = [];
  const work = () => {
    begun += 1;
    return outcomes.shift()?.() ?? Promise.resolve(true);
  };
  rounds = new Rounds(work, (error) => reported.push(error));
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

it('begins one round a second after it is asked for, however often', async () => {
  for (let times = 0; times < 5; times += 1) rounds.ask();
  await jest.advanceTimersByTimeAsync(999);
  expect(begun).toBe(0);
  await jest.advanceTimersByTimeAsync(1);
  expect(begun).toBe(1);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(begun).toBe(1);
});

it('begins another round for what was asked during one, and never two at once', async () => {
  let end: (finished: boolean) => void = () => {};
  outcomes.push(() => new Promise((resolve) => (end = resolve)));
  rounds.ask(0);
  await jest.advanceTimersByTimeAsync(0);
  for (let times = 0; times < 5; times += 1) rounds.ask();
  await jest.advanceTimersByTimeAsync(60_000);
  expect(begun).toBe(1);
  end(true);
  await jest.advanceTimersByTimeAsync(1000);
  expect(begun).toBe(2);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(begun).toBe(2);
});

it('takes up a round again that did not finish, or failed, in 5 to 15 s', async () => {
  outcomes.push(() => Promise.resolve(false));
  outcomes.push(() => Promise.reject(new Error('away')));
  rounds.ask(0);
  await jest.advanceTimersByTimeAsync(0);
  await jest.advanceTimersByTimeAsync(9_999);
  expect(begun).toBe(1);
  await jest.advanceTimersByTimeAsync(1);
  expect(begun).toBe(2);
  expect(reported).toEqual([new Error('away')]);
  await jest.advanceTimersByTimeAsync(10_000);
  expect(begun).toBe(3);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(begun).toBe(3);
});

it('waits for the round under way when it is stopped, and begins no other', async () => {
  let end: (finished: boolean) => void = () => {};
  outcomes.push(() => new Promise((resolve) => (end = resolve)));
  rounds.ask(0);
  await jest.advanceTimersByTimeAsync(0);
  rounds.ask();
  let stopped = false;
  const stop = rounds.stop().then(() => (stopped = true));
  await jest.advanceTimersByTimeAsync(1);
  expect(stopped).toBe(false);
  end(false);
  await stop;
  rounds.ask();
  await jest.advanceTimersByTimeAsync(60_000);
  expect(begun).toBe(1);
});
