import { randomBytes } from 'node:crypto';
import type { Change } from '../../src/domain/change-feed.js';
import { heartbeatPayload, payloadsOf, readPayload } from '../../src/storage/postgres/notification.js';
import { hostileNames } from './names.js';

/** PostgreSQL takes a payload that is shorter than this, in bytes. */
const limit = 8000;

function told(changes: readonly Change[]) {
  return payloadsOf(changes).map(readPayload);
}

function hashes(count: number): Buffer[] {
  return Array.from({ length: count }, () => randomBytes(32));
}

it.each(hostileNames)('tells of the subjects named %j', (name) => {
  const changes = [
    { realm: name },
    { client: { realm: name, name } },
    { resourceOwner: { realm: name, name } },
  ];
  expect(told(changes)).toEqual(changes.map((change) => ({ change })));
});

it('tells of revoked tokens, a hundred at a time', () => {
  const accessTokens = hashes(250);
  expect(told([{ accessTokens }])).toEqual([
    { change: { accessTokens: accessTokens.slice(0, 100) } },
    { change: { accessTokens: accessTokens.slice(100, 200) } },
    { change: { accessTokens: accessTokens.slice(200) } },
  ]);
  expect(payloadsOf([{ accessTokens: [] }])).toEqual([]);
});

it('carries a heartbeat', () => {
  const heartbeat = { node: 'node', sentAt: 1234.5 };
  expect(readPayload(heartbeatPayload(heartbeat))).toEqual({ heartbeat });
});

describe('says that everything has changed', () => {
  const everything = [{ change: 'everything' }];

  it('when it is so', () => {
    expect(told(['everything'])).toEqual(everything);
  });

  it('rather than more than a hundred things', () => {
    const changes = Array.from({ length: 101 }, (_, index) => ({ realm: `/${index}` }));
    expect(told(changes.slice(1))).toHaveLength(100);
    expect(told(changes)).toEqual(everything);
    expect(told([{ accessTokens: hashes(10_001) }])).toEqual(everything);
  });

  it.each(['x', 'ἄ', '\u0001', '"'])('rather than more than PostgreSQL takes, in %j', (character) => {
    const ofLength = (length: number) => payloadsOf([{ realm: character.repeat(length) }]);
    const payloads = Array.from({ length: limit }, (_, index) => ofLength(index + 1)).flat();
    expect(Math.max(...payloads.map((payload) => Buffer.byteLength(payload)))).toBeLessThan(limit);
    expect(readPayload(payloads[1000])).toEqual({ change: { realm: character.repeat(1001) } });
    expect(readPayload(payloads[limit - 1])).toEqual(everything[0]);
  });

  it.each([
    '',
    '{',
    '7',
    'null',
    '[]',
    '{}',
    '{"later":"version"}',
    '{"beat":null}',
    '{"beat":{"node":"node"}}',
    '{"beat":{"node":"node","sentAt":"1"}}',
    '{"revoked":5}',
    '{"revoked":[5]}',
    '{"realm":{}}',
    '{"client":null}',
    '{"client":{"realm":"/"}}',
    '{"resourceOwner":"name"}',
  ])('when it is told %s, which is not of its own writing', (payload) => {
    expect(readPayload(payload)).toEqual({ change: 'everything' });
  });
});
