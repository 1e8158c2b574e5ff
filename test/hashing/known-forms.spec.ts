import { hash as argon2 } from '@node-rs/argon2';
import { hash as bcrypt } from '@node-rs/bcrypt';
import type { PasswordHash } from '../../src/domain/password-forms.js';
import { AnyFormHasher, KnownForms } from '../../src/hashing/known-forms.js';
import { django, fastHashes, password, slowHashes, ssha } from '../support/foreign-hashes.js';

const hasher = new AnyFormHasher();
const forms = new KnownForms(hasher);

function accepted(text: string): PasswordHash {
  const hash = forms.accept(text);
  if ('refused' in hash) throw new Error(hash.refused);
  return hash;
}

/** Passwords that no hash of another one may take. */
const wrong = ['Pässwörd 13', '', `${password}\0`];

describe.each(Object.entries({ ...fastHashes, ...slowHashes }))('a hash of the form %s', (_, text) => {
  it('verifies its password and no other one', async () => {
    const { text: stored } = accepted(text);
    expect(await hasher.verify(stored, password)).toBe(true);
    for (const other of wrong) expect(await hasher.verify(stored, other)).toBe(false);
    expect(await hasher.verify(stored, password.padEnd(1024, 'x'))).toBe(false);
  });

  it('is read from the store as it was accepted', () => {
    const hash = accepted(text);
    expect(forms.read(hash.text)).toEqual(hash);
    expect(hash.current).toBe(false);
  });
});

it.each(Object.entries(slowHashes))('%s is stored as it is', (_, text) => {
  expect(accepted(text)).toMatchObject({ fast: false, wrapped: false });
});

describe.each(Object.entries(fastHashes))('a fast hash of the form %s', (_, text) => {
  it('is wrapped, and verifies as before', async () => {
    const hash = accepted(text);
    expect(hash.fast).toBe(true);
    const wrapped = await forms.wrap(hash);
    expect(forms.read(wrapped)).toMatchObject({ text: wrapped, fast: false, wrapped: true, current: false });
    expect(wrapped).not.toContain(hash.text.split('$').at(-1));
    expect(wrapped).toMatch(/\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hasher.verify(wrapped, password)).toBe(true);
    for (const other of wrong) expect(await hasher.verify(wrapped, other)).toBe(false);
    expect(await forms.wraps(wrapped, hash)).toBe(true);
    // As an export has it.
    expect(forms.accept(wrapped)).toEqual(forms.read(wrapped));
    expect(forms.accept(hash.text)).toEqual(hash);
  });
});

it.each([
  [
    'a wrapped hash of no known form',
    '$wrapped$2b$05$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA',
    /must be a hash/,
  ],
  [
    'a wrapped hash of a costly argon2id',
    `$wrapped$ssha$AAAA$argon2id$v=19$m=99999999,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`,
    /./,
  ],
  ['a stored hash whose digest is cut', '$ssha$AAAA$AAAA', /has a digest of another length/],
  [
    'a stored hash with a long salt',
    `$ssha$${'A'.repeat(96)}$${'A'.repeat(27)}`,
    /has a salt of more than 64 bytes/,
  ],
])('accepts no %s', (_, text, reason) => {
  expect(forms.accept(text)).toEqual({ refused: expect.stringMatching(reason) as string });
});

it('tells a wrapped hash from another one of the same salt, and of another salt', async () => {
  const wrapped = await forms.wrap(accepted(ssha('one')));
  expect(await forms.wraps(wrapped, accepted(ssha('one')))).toBe(true);
  expect(await forms.wraps(wrapped, accepted(ssha('two')))).toBe(false);
  expect(await forms.wraps(wrapped, accepted(ssha('one', 'othersalt')))).toBe(false);
  expect(await forms.wraps(await hasher.hash('one'), accepted(ssha('one')))).toBe(false);
});

it('takes LDAP schemes in any letter case, and base64 without its padding', () => {
  const text = fastHashes['{SSHA256}'];
  for (const other of [text.replace('SSHA', 'ssha'), text.replace(/=+$/, '')]) {
    expect(accepted(other)).toEqual(accepted(text));
  }
});

it('wraps PBKDF2 of fewer than 10,000 rounds, and counts those of a longer digest', () => {
  expect(accepted(django('x', 9_999)).fast).toBe(true);
  expect(accepted(django('x', 10_000)).fast).toBe(false);
  const long = '$pbkdf2-sha256$i=5000,l=64$EBESExQVFhcYGRobHB0eHw$';
  expect(accepted(long + 'A'.repeat(86))).toMatchObject({ fast: false, cost: 10_000 });
});

it('bcrypt reads 72 bytes of a password, and says so', async () => {
  const long = 'x'.repeat(72);
  const { text, readBytes } = accepted(await bcrypt(long, 4));
  expect(readBytes).toBe(72);
  expect(await hasher.verify(text, `${long}tail`)).toBe(true);
});

// The least and the most that are accepted; what the library cannot read would be taken for a wrong password later.
it.each([
  { memoryCost: 8, timeCost: 1, parallelism: 1, outputLen: 16, salt: Buffer.alloc(8, 7) },
  { memoryCost: 128, timeCost: 1, parallelism: 16, outputLen: 64, salt: Buffer.alloc(64, 7) },
  { memoryCost: 1024, timeCost: 1024, parallelism: 1, outputLen: 32, salt: Buffer.alloc(16, 7) },
  { memoryCost: 262_144, timeCost: 1, parallelism: 4, outputLen: 32, salt: Buffer.alloc(16, 7) },
])('verifies argon2id of another cost: %j', async (options) => {
  const { text, ...hash } = accepted(await argon2(password, { algorithm: 2, ...options }));
  expect(hash).toMatchObject({ form: 'argon2id', current: false, fast: false });
  expect(await hasher.verify(text, password)).toBe(true);
  expect(await hasher.verify(text, 'wrong')).toBe(false);
});

it('knows a hash of its own', async () => {
  expect(accepted(await hasher.hash(password))).toMatchObject({ form: 'argon2id', current: true });
});

const salt = 'AAAAAAAAAAAAAAAAAAAAAA';
const digest = 'A'.repeat(43);
const bcryptRest = 'abcdefghijklmnopqrstuuILcTRCArjD9clfipT0GKI/fs/h5.Mse';

describe('refuses', () => {
  it.each([
    [`$argon2id$v=19$m=19456,t=0,p=1$${salt}$${digest}`, /time or parallelism of 0/],
    [`$argon2id$v=19$m=0,t=2,p=1$${salt}$${digest}`, /memory, time or parallelism of 0/],
    [`$argon2id$v=19$m=019456,t=2,p=1$${salt}$${digest}`, /leading zeros/],
    [`$argon2id$v=19$m=9999999,t=1,p=1$${salt}$${digest}`, /more than 262144 KiB of memory/],
    [`$argon2id$v=19$m=${'9'.repeat(400)},t=1,p=1$${salt}$${digest}`, /more than 262144 KiB of memory/],
    [`$argon2id$v=19$m=262144,t=5,p=1$${salt}$${digest}`, /more time/],
    [`$argon2id$v=19$m=19456,t=999,p=1$${salt}$${digest}`, /more time/],
    [`$argon2id$v=19$m=19456,t=2,p=17$${salt}$${digest}`, /more than 16 lanes/],
    [`$argon2id$v=19$m=8,t=2,p=2$${salt}$${digest}`, /8 KiB for each lane/],
    [`$argon2id$v=19$m=19456,t=2,p=1$${salt}AAA$${digest}`, /not valid base64/],
    [`$argon2id$v=19$m=19456,t=2,p=1$${salt.slice(0, -1)}B$${digest}`, /not valid base64/],
    [`$argon2id$v=19$m=19456,t=2,p=1$${salt}$${digest}AA`, /not valid base64/],
    [`$argon2id$v=19$m=19456,t=2,p=1$AAAA$${digest}`, /salt that is not 8 to 64 bytes/],
    [`$argon2id$v=19$m=19456,t=2,p=1$${salt}$AAAA`, /digest that is not 16 to 64 bytes/],
    [`$argon2id$v=16$m=19456,t=2,p=1$${salt}$${digest}`, /not a whole argon2id hash/],
    [`$argon2i$v=19$m=19456,t=2,p=1$${salt}$${digest}`, /not a whole argon2id hash/],
    [`$2x$05$${bcryptRest}`, /\$2x\$/],
    [`$2$05$${bcryptRest}`, /not a whole bcrypt hash/],
    [`$2b$15$${bcryptRest}`, /cost that is not 4 to 14/],
    [`$2b$03$${bcryptRest}`, /cost that is not 4 to 14/],
    [`$2b$05$${bcryptRest.slice(1)}`, /not a whole bcrypt hash/],
    [`$2b$05$${bcryptRest.replace('uuIL', 'uvIL')}`, /not a whole bcrypt hash/],
    [`$2b$05$${bcryptRest.slice(0, -1)}f`, /not a whole bcrypt hash/],
    [`pbkdf2_sha256$2000001$seasalt$${digest}=`, /more than 2000000 iterations/],
    [`pbkdf2_sha256$${'9'.repeat(300)}$seasalt$${digest}=`, /more than 2000000 iterations/],
    [`pbkdf2_sha256$0$seasalt$${digest}=`, /no iterations/],
    [`pbkdf2_sha256$1000$${'s'.repeat(65)}$${digest}=`, /salt of more than 64 bytes/],
    [`pbkdf2_sha256$1000$seasalt$*`, /not valid base64/],
    [`pbkdf2_sha256$1000$seasalt$AAAA`, /digest that is not 16 to 64 bytes/],
    [`$pbkdf2-sha256$i=1000,l=16$${salt}$${digest}`, /not as long as it says/],
    [`$pbkdf2-sha256$i=1000,l=32$$${digest}`, /no salt/],
    [`$pbkdf2-sha1$i=600000,l=64$${salt}$${'A'.repeat(86)}`, /more than 2000000 iterations/],
    [`{PBKDF2}2000001:${'A'.repeat(40)}`, /more than 2000000 iterations/],
    [`{PBKDF2}10:AAAA`, /too short/],
    ['{SSHA}AAAA', /too short/],
    [`{SSHA}${Buffer.alloc(20).toString('base64')}`, /no salt/],
    [`{SSHA}${Buffer.alloc(20 + 65).toString('base64')}`, /salt of more than 64 bytes/],
    ['{SSHA}not base64', /not valid base64/],
    ['{CRYPT}ZulJ6Dy3TFnrE', /scheme \{CRYPT\}, which is refused/],
    ['{sha}W6ph5Mm5Pz8GgiULbPgzG37mj9g=', /scheme \{SHA\}, which is refused/],
    ['{CLEAR}secret', /scheme \{CLEAR\}, which is refused/],
    ['{AES}secret', /scheme \{AES\}, which is refused/],
    ['{SCRAM-SHA-256}x', /must be a hash/],
    ['secret', /must be a hash/],
    ['', /must be a hash/],
    [`sha256:${digest}`, /must be a hash/],
  ])('%s', (text, reason) => {
    expect(forms.accept(text)).toEqual({ refused: expect.stringMatching(reason) as string });
  });
});

it.each(['', 'hash', '!', '$wrapped$ssha$AAAA', '$wrapped$2b$05$argon2id$v=19$a$b$c', '$ssha$AAAA'])(
  'reads nothing stored from %j, and verifies nothing against it',
  async (stored) => {
    expect(forms.read(stored)).toBeUndefined();
    expect(await hasher.verify(stored, password)).toBe(false);
  },
);
