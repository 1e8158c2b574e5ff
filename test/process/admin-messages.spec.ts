import {
  isAdminConnectionMessage,
  isAdminOfferMessage,
  isAdminReadyMessage,
  isServingMessage,
} from '../../src/process/worker-messages.js';

const guards = {
  serving: isServingMessage,
  admin_offer: isAdminOfferMessage,
  admin_ready: isAdminReadyMessage,
  admin_connection: isAdminConnectionMessage,
};
const others = [
  undefined,
  null,
  'serving',
  0,
  {},
  [],
  { type: 'stop' },
  { type: ['serving'] },
  { cmd: 'NODE_x' },
];

it.each(Object.entries(guards))('only a message of its type is %s', (type, guard) => {
  expect(guard({ type, port: 1 })).toBe(true);
  for (const other of Object.keys(guards).filter((name) => name !== type)) {
    expect(guard({ type: other, port: 1 })).toBe(false);
  }
  for (const message of others) expect(guard(message)).toBe(false);
});

it('a worker that serves says on which port', () => {
  expect(isServingMessage({ type: 'serving' })).toBe(false);
  expect(isServingMessage({ type: 'serving', port: '8080' })).toBe(false);
});
