import { argon2idForm, Argon2idHasher } from '../../src/hashing/argon2id.js';

describe('Argon2idHasher', () => {
  const hasher = new Argon2idHasher();

  it('hashes at the recommended cost, each time with another salt', async () => {
    const [one, other] = await Promise.all([hasher.hash('Ch4ng31t'), hasher.hash('Ch4ng31t')]);

    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(argon2idForm.accept(one)).toMatchObject({ text: one, current: true, fast: false });
    expect(one).not.toBe(other);
  });

  it('verifies the password that was hashed, and no other', async () => {
    const hash = await hasher.hash('pässwörd 🔑');

    expect(await hasher.verify(hash, 'pässwörd 🔑')).toBe(true);
    expect(await hasher.verify(hash, 'pässwörd')).toBe(false);
    expect(await hasher.verify(hash, '')).toBe(false);
  });

  it.each([
    '',
    'Ch4ng31t',
    '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy',
    '$argon2id$v=19$m=1,t=0,p=0$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA',
    `sha256:${'A'.repeat(43)}`,
  ])('verifies no password against a hash that cannot be read: %s', async (hash) => {
    expect(await hasher.verify(hash, 'Ch4ng31t')).toBe(false);
  });
});
