import { randomBytes } from 'node:crypto';
import type { Change } from '../../src/domain/change-feed.js';
import { heartbeatPayload, payloadsOf, readPayload } from '../../src/storage/postgres/notification.js';
import { hostileNames } from './names.js';

/** PostgreSQL accepts only payloads that are shorter than this, in bytes. */
const limit = 8000;

function told(changes: readonly Change[]) {
  return payloadsOf(changes).map(readPayload);
}

function hashes(count: number): Buffer[] {
  return Array.from({ length: count }, () => randomBytes(32));
}

it.each(hostileNames)('carries changes of subjects named %j', (name) => {
  const changes = [
    { realm: name },
    { client: { realm: name, name } },
    { resourceOwner: { realm: name, name } },
  ];
  expect(told(changes)).toEqual(changes.map((change) => ({ change })));
});

it('carries revoked tokens, a hundred per payload', () => {
  const accessTokens = hashes(250);
  expect(told([{ accessTokens }])).toEqual([
    { change: { accessTokens: accessTokens.slice(0, 100) } },
    { change: { accessTokens: accessTokens.slice(100, 200) } },
    { change: { accessTokens: accessTokens.slice(200) } },
  ]);
  expect(payloadsOf([{ accessTokens: [] }])).toEqual([]);
});

it('carries added tokens, in a form that is no other kind of payload: an earlier version drops everything', () => {
  expect(told(['addedTokens'])).toEqual([{ change: 'addedTokens' }]);
  expect(payloadsOf(['addedTokens'])).toEqual(['{"added":true}']);
});

it('carries a heartbeat', () => {
  const heartbeat = { node: 'node', sentAt: 1234.5 };
  expect(readPayload(heartbeatPayload(heartbeat))).toEqual({ heartbeat });
});

describe('says that everything has changed', () => {
  const everything = [{ change: 'everything' }];

  it('when everything has changed', () => {
    expect(told(['everything'])).toEqual(everything);
  });

  it('rather than in more than a hundred payloads', () => {
    const changes = Array.from({ length: 101 }, (_, index) => ({ realm: `/${index}` }));
    expect(told(changes.slice(1))).toHaveLength(100);
    expect(told(changes)).toEqual(everything);
    expect(told([{ accessTokens: hashes(10_001) }])).toEqual(everything);
  });

  it.each(['x', 'ἄ', '\u0001', '"'])(
    'rather than in a payload longer than PostgreSQL accepts, of the character %j',
    (character) => {
      const ofLength = (length: number) => payloadsOf([{ realm: character.repeat(length) }]);
      const payloads = Array.from({ length: limit }, (_, index) => ofLength(index + 1)).flat();
      expect(Math.max(...payloads.map((payload) => Buffer.byteLength(payload)))).toBeLessThan(limit);
      expect(readPayload(payloads[1000])).toEqual({ change: { realm: character.repeat(1001) } });
      expect(readPayload(payloads[limit - 1])).toEqual(everything[0]);
    },
  );

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
    '{"added":1}',
    '{"revoked":[5]}',
    '{"realm":{}}',
    '{"client":null}',
    '{"client":{"realm":"/"}}',
    '{"resourceOwner":"name"}',
  ])('when it reads %s, which it does not write itself', (payload) => {
    expect(readPayload(payload)).toEqual({ change: 'everything' });
  });
});
