import { HashWrapping } from '../../src/domain/hash-wrapping.js';
import { type OwnedHash, PasswordUpgrades, type ReplacingHash } from '../../src/domain/password-upgrade.js';
import type { SecretOwner } from '../../src/domain/secret.js';
import { fastForms } from '../provisioning/fast-hasher.js';
import { slowHashes, ssha } from '../support/foreign-hashes.js';

/** Hashes of users in memory, in order of their names. */
class StoredHashes extends PasswordUpgrades {
  readonly hashes = new Map<string, string>();
  /** Is called before a hash is replaced. */
  meanwhile: (name: string) => void = () => {};

  async replace({ name }: SecretOwner, from: string, { hash }: ReplacingHash): Promise<boolean> {
    this.meanwhile(name);
    if (this.hashes.get(name) !== from) return false;
    this.hashes.set(name, hash);
    return true;
  }

  async examples(): Promise<readonly OwnedHash[]> {
    return [...this.hashes].map(owned).filter(({ hash }) => !hash.startsWith('$wrapped'));
  }

  async alike(_: OwnedHash, after: SecretOwner | undefined, limit: number): Promise<readonly OwnedHash[]> {
    const fast = [...this.hashes].map(owned).filter(({ hash }) => hash.startsWith('$ssha$'));
    return fast.filter(({ owner }) => owner.name > (after?.name ?? '')).slice(0, limit);
  }
}

function owned([name, hash]: [string, string]): OwnedHash {
  return { owner: { kind: 'user', realm: '/', name }, hash };
}

let stored: StoredHashes;
let wrapping: HashWrapping;
beforeEach(() => {
  stored = new StoredHashes();
  wrapping = new HashWrapping(fastForms, stored);
});

function add(count: number): void {
  for (let i = 0; i < count; i += 1) {
    const hash = fastForms.accept(ssha(`${i}`));
    if ('refused' in hash) throw new Error(hash.refused);
    stored.hashes.set(`user-${String(i).padStart(3, '0')}`, hash.text);
  }
}

function wrapped(): number {
  return [...stored.hashes.values()].filter((hash) => hash.startsWith('$wrapped$ssha$')).length;
}

it('wraps every fast hash, and no other one', async () => {
  add(45);
  stored.hashes.set('slow', slowHashes.$2b$);
  expect(await wrapping.wrapAll(() => true)).toEqual({ wrapped: 45, finished: true });
  expect(wrapped()).toBe(45);
  expect(stored.hashes.get('slow')).toBe(slowHashes.$2b$);
  expect(await wrapping.wrapAll(() => true)).toEqual({ wrapped: 0, finished: true });
});

it('stops when it is told to, and goes on where it stopped', async () => {
  add(45);
  expect(await wrapping.wrapAll(() => false)).toEqual({ wrapped: 20, finished: false });
  expect(await wrapping.wrapAll(() => true)).toEqual({ wrapped: 25, finished: true });
  expect(wrapped()).toBe(45);
});

it('leaves a hash that somebody has replaced meanwhile, and goes on', async () => {
  add(45);
  stored.meanwhile = (name) => name === 'user-003' && stored.hashes.set(name, 'another');
  expect(await wrapping.wrapAll(() => true)).toEqual({ wrapped: 44, finished: true });
  expect(stored.hashes.get('user-003')).toBe('another');
});

it('leaves the rest to another process that wraps the same hashes', async () => {
  add(45);
  stored.meanwhile = (name) => stored.hashes.set(name, '$wrapped$ssha$by another one');
  expect(await wrapping.wrapAll(() => true)).toEqual({ wrapped: 0, finished: false });
});

it('is not held up by a hash that cannot be read', async () => {
  add(3);
  stored.hashes.set('user-001', '$ssha$not base64$');
  expect(await wrapping.wrapAll(() => true)).toMatchObject({ finished: true });
  expect(wrapped()).toBe(2);
});
