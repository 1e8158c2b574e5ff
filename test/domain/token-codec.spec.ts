import { createHmac } from 'node:crypto';
import { reloadEveryMs, TokenCodec } from '../../src/domain/token-codec.js';
import { KeyStore } from '../support/key-store.js';
import { StoppedClock } from '../support/stopped-clock.js';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

let clock: StoppedClock;
let store: KeyStore;
let codec: TokenCodec;

beforeEach(async () => {
  clock = new StoppedClock();
  store = new KeyStore();
  codec = await node();
});

/** Another node on the same keys. */
async function node(): Promise<TokenCodec> {
  const other = new TokenCodec(store, clock);
  await other.reload();
  return other;
}

/** The index of the key that a value was tagged with; -1 for none. */
function signerOf(value: string): number {
  const body = value.slice(0, -11);
  return store.keys.findIndex(({ secret }) => {
    const mac = createHmac('sha256', secret).update(body).digest();
    return mac.subarray(0, 8).toString('base64url') === value.slice(-11);
  });
}

describe('a token value', () => {
  it.each(['sya_', 'syr_'] as const)('is %s, 43 random characters and 8 bytes of HMAC-SHA-256', (prefix) => {
    const values = Array.from({ length: 100 }, () => codec.mint(prefix));
    expect(new Set(values.map((value) => value.slice(0, 47))).size).toBe(100);
    for (const value of values) {
      expect(value).toMatch(new RegExp(`^${prefix}[A-Za-z0-9_-]{54}$`));
      expect(signerOf(value)).toBe(0);
    }
  });

  it('may be ours on every node', async () => {
    const other = await node();
    expect(codec.mayBeOurs(other.mint('sya_'), 'sya_')).toBe(true);
    expect(other.mayBeOurs(codec.mint('syr_'), 'syr_')).toBe(true);
  });

  it('is not ours as a token of the other kind', () => {
    expect(codec.mayBeOurs(codec.mint('sya_'), 'syr_')).toBe(false);
    expect(codec.mayBeOurs(codec.mint('syr_'), 'sya_')).toBe(false);
  });

  it('is not ours when any one character is replaced', () => {
    const value = codec.mint('sya_');
    for (let index = 0; index < value.length; index += 1) {
      for (const character of alphabet) {
        if (character === value[index]) continue;
        const altered = value.slice(0, index) + character + value.slice(index + 1);
        expect([altered, codec.mayBeOurs(altered, 'sya_')]).toEqual([altered, false]);
      }
    }
  });

  it('is not ours when it is shorter, longer, or decorated', () => {
    const value = codec.mint('sya_');
    const others = [
      value.slice(0, -1),
      value.slice(1),
      `${value}A`,
      `${value}=`,
      `${value}\n`,
      ` ${value}`,
      '',
    ];
    for (const other of others) expect(codec.mayBeOurs(other, 'sya_')).toBe(false);
  });

  it('is not ours when it was made with keys that are not ours', async () => {
    const stranger = new TokenCodec(new KeyStore(), clock);
    await stranger.reload();
    expect(codec.mayBeOurs(stranger.mint('sya_'), 'sya_')).toBe(false);
  });
});

describe('a new key', () => {
  it('signs when it has been published for 60 s, not before, whenever a node reads it', async () => {
    expect(await store.rotate(clock.now())).toBe(clock.now() + 60_000);
    const late = await node();
    clock.advance(reloadEveryMs);
    await codec.reload();
    clock.advance(59_999 - reloadEveryMs);
    expect([codec, late].map((each) => signerOf(each.mint('sya_')))).toEqual([0, 0]);
    clock.advance(1);
    expect([codec, late].map((each) => signerOf(each.mint('sya_')))).toEqual([1, 1]);
  });

  it('leaves the tokens of the old key valid, and is known before it signs', async () => {
    const old = codec.mint('sya_');
    await store.rotate(clock.now());
    clock.advance(40_000);
    await codec.reload();
    const other = await node();
    clock.advance(20_000);
    const fresh = other.mint('sya_');
    expect(signerOf(fresh)).toBe(1);
    // This node's keys are 20 s old.
    const mixed = fresh.slice(0, -11) + old.slice(-11);
    const judged = [old, fresh, mixed].map((value) => codec.mayBeOurs(value, 'sya_'));
    expect(judged).toEqual([true, true, false]);
  });

  it('signs after an earlier one when two were published', async () => {
    await store.rotate(clock.now());
    clock.advance(10_000);
    await store.rotate(clock.now());
    await codec.reload();
    clock.advance(50_000);
    expect(signerOf(codec.mint('sya_'))).toBe(1);
    clock.advance(10_000);
    expect(signerOf(codec.mint('sya_'))).toBe(2);
  });
});

describe('keys that are older than 30 s', () => {
  const forged = `sya_${'A'.repeat(54)}`;

  it('let every token be looked up, until they have been read again', async () => {
    clock.advance(30_000);
    expect(codec.mayBeOurs(forged, 'sya_')).toBe(false);
    clock.advance(1);
    for (const value of [forged, 'foreign', codec.mint('syr_')]) {
      expect(codec.mayBeOurs(value, 'sya_')).toBe(true);
    }
    await codec.reload();
    expect(codec.mayBeOurs(forged, 'sya_')).toBe(false);
  });

  it('still sign while the store is unavailable', async () => {
    store.away = true;
    clock.advance(reloadEveryMs);
    await expect(codec.reload()).rejects.toThrow('unavailable');
    expect(codec.mayBeOurs(forged, 'sya_')).toBe(false);
    clock.advance(3_600_000);
    await expect(codec.reload()).rejects.toThrow('unavailable');
    expect(codec.mayBeOurs(forged, 'sya_')).toBe(true);
    expect(signerOf(codec.mint('sya_'))).toBe(0);
  });
});

it('lets every token be looked up before the keys were read, and mints none', () => {
  const unread = new TokenCodec(store, clock);
  expect(unread.mayBeOurs('foreign', 'sya_')).toBe(true);
  expect(() => unread.mint('sya_')).toThrow('not been read');
});

it('counts the age of keys by the monotonic clock, not by a wall clock that is set back', async () => {
  const forged = `sya_${'A'.repeat(54)}`;
  clock.advance(31_000);
  clock.setBack(3_600_000);
  expect(codec.mayBeOurs(forged, 'sya_')).toBe(true);
  await codec.reload();
  clock.setBack(-7_200_000);
  expect(codec.mayBeOurs(forged, 'sya_')).toBe(false);
});

describe('the reason why a value is not ours', () => {
  it('is its form, its tag or its kind', async () => {
    expect(codec.mismatch('foreign', 'sya_')).toBe('foreign_form');
    expect(codec.mismatch(`sya_${'A'.repeat(54)}`, 'sya_')).toBe('forged');
    expect(codec.mismatch(`syr_${'A'.repeat(54)}`, 'sya_')).toBe('forged');
    expect(codec.mismatch(codec.mint('syr_'), 'sya_')).toBe('other_kind');
    expect(codec.mismatch(codec.mint('sya_'), 'syr_')).toBe('other_kind');
    expect(codec.mismatch(codec.mint('sya_'), 'sya_')).toBeUndefined();
  });
});

describe('a token of another form', () => {
  const foreign = ['AQIC5wM2LY4Sfcx', `sya_${'A'.repeat(43)}`, 'eyJ0.eyJz.c2ln', 'ünïcode', ''];

  it('may be ours only while imported tokens are active', async () => {
    for (const value of foreign) expect(codec.mayBeOurs(value, 'sya_')).toBe(false);
    store.foreignTokens = true;
    await codec.reload();
    for (const value of foreign) expect(codec.mayBeOurs(value, 'sya_')).toBe(true);
    expect(codec.mayBeOurs(`sya_${'A'.repeat(54)}`, 'sya_')).toBe(false);
    expect(codec.mayBeOurs(codec.mint('syr_'), 'sya_')).toBe(false);
    store.foreignTokens = false;
    await codec.reload();
    for (const value of foreign) expect(codec.mayBeOurs(value, 'sya_')).toBe(false);
  });
});
