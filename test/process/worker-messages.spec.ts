import { isStartFailedMessage, isStopMessage } from '../../src/process/worker-messages.js';

const others = [undefined, null, 'stop', 0, {}, [], { type: 'halt' }, { type: ['stop'] }, { cmd: 'NODE_x' }];

it('only a stop message stops a worker', () => {
  expect(isStopMessage({ type: 'stop' })).toBe(true);
  for (const message of [...others, { type: 'start_failed', reason: 'x' }]) {
    expect(isStopMessage(message)).toBe(false);
  }
});

it('only a failed start with its reason is one to the primary', () => {
  expect(isStartFailedMessage({ type: 'start_failed', reason: 'x' })).toBe(true);
  for (const message of [...others, { type: 'stop' }, { type: 'start_failed' }]) {
    expect(isStartFailedMessage(message)).toBe(false);
  }
});
