import { createHmac } from 'node:crypto';
import { reloadEveryMs, TokenCodec } from '../../src/domain/token-codec.js';
import { KeyStore } from '../support/key-store.js';
import { StoppedClock } from '../support/stopped-clock.js';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

let clock: StoppedClock;
let store: KeyStore;
let form: TokenCodec;

beforeEach(async () => {
  clock = new StoppedClock();
  store = new KeyStore();
  form = await node();
});

/** Another node on the same keys. */
async function node(): Promise<TokenCodec> {
  const other = new TokenCodec(store, clock);
  await other.reload();
  return other;
}

/** Which of the keys a value was tagged with. */
function signerOf(value: string): number {
  const body = value.slice(0, -11);
  return store.keys.findIndex(({ secret }) => {
    const mac = createHmac('sha256', secret).update(body).digest();
    return mac.subarray(0, 8).toString('base64url') === value.slice(-11);
  });
}

describe('a token value', () => {
  it.each(['sya_', 'syr_'] as const)('is %s, 43 random characters and 8 bytes of HMAC-SHA-256', (prefix) => {
    const values = Array.from({ length: 100 }, () => form.mint(prefix));
    expect(new Set(values.map((value) => value.slice(0, 47))).size).toBe(100);
    for (const value of values) {
      expect(value).toMatch(new RegExp(`^${prefix}[A-Za-z0-9_-]{54}$`));
      expect(signerOf(value)).toBe(0);
    }
  });

  it('is possible on every node', async () => {
    const other = await node();
    expect(form.likelihood(other.mint('sya_'), 'sya_')).toBe('possible');
    expect(other.likelihood(form.mint('syr_'), 'syr_')).toBe('possible');
  });

  it('is unlikely as a token of the other kind', () => {
    expect(form.likelihood(form.mint('sya_'), 'syr_')).toBe('unlikely');
    expect(form.likelihood(form.mint('syr_'), 'sya_')).toBe('unlikely');
  });

  it('is unlikely when any one character of it is another', () => {
    const value = form.mint('sya_');
    for (let index = 0; index < value.length; index += 1) {
      for (const character of alphabet) {
        if (character === value[index]) continue;
        const altered = value.slice(0, index) + character + value.slice(index + 1);
        expect([altered, form.likelihood(altered, 'sya_')]).toEqual([altered, 'unlikely']);
      }
    }
  });

  it('is unlikely when it is shorter, longer, or dressed up', () => {
    const value = form.mint('sya_');
    const others = [
      value.slice(0, -1),
      value.slice(1),
      `${value}A`,
      `${value}=`,
      `${value}\n`,
      ` ${value}`,
      '',
    ];
    for (const other of others) expect(form.likelihood(other, 'sya_')).toBe('unlikely');
  });

  it('is unlikely under keys that are not ours', async () => {
    const stranger = new TokenCodec(new KeyStore(), clock);
    await stranger.reload();
    expect(form.likelihood(stranger.mint('sya_'), 'sya_')).toBe('unlikely');
  });
});

describe('a new key', () => {
  it('signs when it has been published for 60 s, not before, whenever a node heard of it', async () => {
    expect(await store.rotate(clock.now())).toBe(clock.now() + 60_000);
    const late = await node();
    clock.advance(reloadEveryMs);
    await form.reload();
    clock.advance(59_999 - reloadEveryMs);
    expect([form, late].map((each) => signerOf(each.mint('sya_')))).toEqual([0, 0]);
    clock.advance(1);
    expect([form, late].map((each) => signerOf(each.mint('sya_')))).toEqual([1, 1]);
  });

  it('leaves the tokens of the old one good, and is known before it signs', async () => {
    const old = form.mint('sya_');
    await store.rotate(clock.now());
    clock.advance(40_000);
    await form.reload();
    const other = await node();
    clock.advance(20_000);
    const fresh = other.mint('sya_');
    expect(signerOf(fresh)).toBe(1);
    // This node's keys are 20 s old.
    const mixed = fresh.slice(0, -11) + old.slice(-11);
    const judged = [old, fresh, mixed].map((value) => form.likelihood(value, 'sya_'));
    expect(judged).toEqual(['possible', 'possible', 'unlikely']);
  });

  it('is signed with one after the other when two were published', async () => {
    await store.rotate(clock.now());
    clock.advance(10_000);
    await store.rotate(clock.now());
    await form.reload();
    clock.advance(50_000);
    expect(signerOf(form.mint('sya_'))).toBe(1);
    clock.advance(10_000);
    expect(signerOf(form.mint('sya_'))).toBe(2);
  });
});

describe('keys that are older than 30 s', () => {
  const forged = `sya_${'A'.repeat(54)}`;

  it('make every token possible, until they have been read anew', async () => {
    clock.advance(30_000);
    expect(form.likelihood(forged, 'sya_')).toBe('unlikely');
    clock.advance(1);
    for (const value of [forged, 'foreign', form.mint('syr_')]) {
      expect(form.likelihood(value, 'sya_')).toBe('possible');
    }
    await form.reload();
    expect(form.likelihood(forged, 'sya_')).toBe('unlikely');
  });

  it('still sign while the store is away', async () => {
    store.away = true;
    clock.advance(reloadEveryMs);
    await expect(form.reload()).rejects.toThrow('unavailable');
    expect(form.likelihood(forged, 'sya_')).toBe('unlikely');
    clock.advance(3_600_000);
    await expect(form.reload()).rejects.toThrow('unavailable');
    expect(form.likelihood(forged, 'sya_')).toBe('possible');
    expect(signerOf(form.mint('sya_'))).toBe(0);
  });
});

it('makes every token possible before the keys were read, and mints none', () => {
  const unread = new TokenCodec(store, clock);
  expect(unread.likelihood('foreign', 'sya_')).toBe('possible');
  expect(() => unread.mint('sya_')).toThrow('not been read');
});

describe('a token of another form', () => {
  const foreign = ['AQIC5wM2LY4Sfcx', `sya_${'A'.repeat(43)}`, 'eyJ0.eyJz.c2ln', 'ünïcode', ''];

  it('is possible only while imported tokens are alive', async () => {
    for (const value of foreign) expect(form.likelihood(value, 'sya_')).toBe('unlikely');
    store.foreignTokens = true;
    await form.reload();
    for (const value of foreign) expect(form.likelihood(value, 'sya_')).toBe('possible');
    expect(form.likelihood(`sya_${'A'.repeat(54)}`, 'sya_')).toBe('unlikely');
    expect(form.likelihood(form.mint('syr_'), 'sya_')).toBe('unlikely');
    store.foreignTokens = false;
    await form.reload();
    for (const value of foreign) expect(form.likelihood(value, 'sya_')).toBe('unlikely');
  });
});
