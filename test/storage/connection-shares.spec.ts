import { jest } from '@jest/globals';
import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import {
  ConnectionShares,
  type Deadline,
  type Purpose,
} from '../../src/storage/postgres/connection-shares.js';
import { StoreOverloaded } from '../../src/storage/postgres/waiting-list.js';

const size = 10;
const late = { giveUpAt: Infinity };

/** Somebody who wants a connection. */
interface Caller {
  readonly purpose: Purpose;
  state: 'waiting' | 'admitted' | 'refused';
  leave: () => void;
}

let shares: ConnectionShares;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
  shares = new ConnectionShares(size);
});
afterEach(() => {
  jest.useRealTimers();
});

async function enter(purpose: Purpose, count = 1, deadline: Deadline = late): Promise<Caller[]> {
  const callers = Array.from({ length: count }, (): Caller => ({
    purpose,
    state: 'waiting',
    leave: () => {},
  }));
  for (const caller of callers) {
    shares.enter(purpose, deadline).then(
      (leave) => Object.assign(caller, { state: 'admitted', leave }),
      (error: unknown) => {
        expect(error).toEqual(new StoreUnavailable(new StoreOverloaded(purpose)));
        caller.state = 'refused';
      },
    );
  }
  await settled();
  return callers;
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const count = (callers: readonly Caller[], state: Caller['state']) =>
  callers.filter((caller) => caller.state === state).length;

function figuresOf(name: Purpose) {
  return shares.figures.find((figures) => figures.name === name)!;
}

describe('a pool of ten connections', () => {
  it('lends six of them to writes of requests, and always has one for a job and three for reads', async () => {
    const writes = await enter('write', 240);
    expect(count(writes, 'admitted')).toBe(6);
    expect(count(await enter('job', 3), 'admitted')).toBe(1);
    expect(count(await enter('read', 5), 'admitted')).toBe(3);
  });

  it('lends all of them to reads', async () => {
    expect(count(await enter('read', 12), 'admitted')).toBe(10);
  });

  it('gives a free connection to checks first, and then to who has waited longest of those who may have one', async () => {
    const reads = await enter('read', 10);
    const [write] = await enter('write');
    jest.advanceTimersByTime(1);
    const [read] = await enter('read');
    const [check] = await enter('check');
    reads[0].leave();
    await settled();
    expect([check.state, write.state, read.state]).toEqual(['admitted', 'waiting', 'waiting']);
    check.leave();
    await settled();
    expect([write.state, read.state]).toEqual(['admitted', 'waiting']);
    write.leave();
    await settled();
    expect(read.state).toBe('admitted');
  });

  it('refuses who has waited for a second, or until the work must be over', async () => {
    await enter('write', 6);
    const [patient] = await enter('write');
    const [hasty] = await enter('write', 1, { giveUpAt: performance.now() + 100 });
    const [batch] = await enter('write', 1, { giveUpAt: performance.now() + 1_900, batch: true });
    const states = () => [patient.state, hasty.state, batch.state];
    jest.advanceTimersByTime(99);
    await settled();
    expect(states()).toEqual(['waiting', 'waiting', 'waiting']);
    jest.advanceTimersByTime(1);
    await settled();
    expect(states()).toEqual(['waiting', 'refused', 'waiting']);
    jest.advanceTimersByTime(900);
    await settled();
    expect(states()).toEqual(['refused', 'refused', 'waiting']);
    jest.advanceTimersByTime(900);
    await settled();
    expect(states()).toEqual(['refused', 'refused', 'refused']);
    expect(figuresOf('write')).toEqual({ name: 'write', waiting: 0, limit: 1_000, refused: 3 });
  });

  it('refuses at once who finds a thousand that wait', async () => {
    await enter('write', 6);
    expect(count(await enter('write', 1_003), 'refused')).toBe(3);
    expect(figuresOf('write')).toEqual({ name: 'write', waiting: 1_000, limit: 1_000, refused: 3 });
    expect(count(await enter('read', 3), 'admitted')).toBe(3);
  });

  it('refuses at once who would wait in vain, since those before take so long, until they are quick again', async () => {
    for (let round = 0; round < 20; round += 1) {
      const writes = await enter('write', 6);
      jest.advanceTimersByTime(1_500);
      for (const { leave } of writes) leave();
    }
    // Four of six connections become free within a second.
    const writes = await enter('write', 20);
    expect([count(writes, 'admitted'), count(writes, 'waiting'), count(writes, 'refused')]).toEqual([
      6, 4, 10,
    ]);
    for (let round = 0; round < 30; round += 1) {
      for (const { leave } of writes.splice(0, 6)) leave();
      writes.push(...(await enter('write', 6)));
    }
    expect(count(await enter('write', 100), 'refused')).toBe(0);
  });
});

it.each([
  [1, { write: 1, read: 0 }],
  [2, { write: 1, read: 1 }],
  [3, { write: 1, read: 2 }],
  [4, { write: 2, read: 2 }],
  [100, { write: 74, read: 26 }],
])('a pool of %i lends to stuck writes, and has left for reads: %j', async (most, expected) => {
  shares = new ConnectionShares(most);
  const write = count(await enter('write', 200), 'admitted');
  const read = count(await enter('read', 200), 'admitted');
  expect({ write, read }).toEqual(expected);
});
