import { recordOf } from '../../src/domain/imported-hash.js';
import { AnyFormHasher, KnownForms } from '../../src/hashing/known-forms.js';
import { Provisioner } from '../../src/provisioning/apply.js';
import { MemoryDirectory } from '../../src/storage/memory/directory.js';
import { tester } from '../support/audit.js';
import { fastHashes, password, slowHashes, ssha } from '../support/foreign-hashes.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { counts } from './directories.js';

/** The real one, counting what it hashes. */
class Hasher extends AnyFormHasher {
  hashed = 0;

  override hash(text: string): Promise<string> {
    this.hashed += 1;
    return super.hash(text);
  }
}

let hasher: Hasher;
let forms: KnownForms;
let directory: MemoryDirectory;
beforeEach(() => {
  hasher = new Hasher();
  forms = new KnownForms(hasher);
  directory = new MemoryDirectory();
});

let applied = 0;

/** Applies a file with the user ann and the client app; a comment would not make it another file, so a realm does. */
function apply(hash: string, more: object = {}) {
  applied += 1;
  const text = JSON.stringify({
    realms: [
      {
        name: '/',
        auth_level: applied,
        users: [{ username: 'ann', password_hash: hash, ...more }],
        clients: [{ client_id: 'app', client_secret_hash: hash, ...more }],
      },
    ],
  });
  const provisioner = new Provisioner(directory, directory, hasher, forms, new StoppedClock());
  return provisioner.apply({ file: 'symbolon.yaml', text }, {}, tester);
}

async function stored() {
  const ann = await directory.findResourceOwner('/', 'ann');
  const app = await directory.findClient('/', 'app');
  return {
    epochs: [ann?.epoch, app?.epoch],
    hashes: [ann?.passwordHash ?? '', app?.secretHash ?? ''],
    records: [ann?.importedHash, app?.importedHash],
  };
}

/** Replaces the stored hashes as a sign-in does. */
async function signIn(): Promise<void> {
  const ann = (await directory.findResourceOwner('/', 'ann'))!;
  const app = (await directory.findClient('/', 'app'))!;
  const upgraded = async (hash: string) => ({
    hash: await hasher.hash(password),
    importedHash: await recordOf(forms.read(hash)!, forms),
  });
  const [user, client] = [await upgraded(ann.passwordHash), await upgraded(app.secretHash!)];
  await directory.apply(
    [
      {
        effect: 'update',
        resourceOwner: { ...ann, passwordHash: user.hash, importedHash: user.importedHash },
      },
      { effect: 'update', client: { ...app, secretHash: client.hash, importedHash: client.importedHash } },
    ],
    await directory.state(),
  );
}

const nothing = counts({ updated: 1, unchanged: 2 });

describe.each([
  fastHashes['{SSHA}'],
  fastHashes['{PBKDF2-HMAC-SHA256}10'],
  slowHashes['Django’s'],
  slowHashes['{BCRYPT}'],
])('an imported hash, %s,', (hash) => {
  it('verifies, and is no change when it is applied again, before and after it was replaced', async () => {
    await apply(hash);
    const first = await stored();
    for (const text of first.hashes) expect(await hasher.verify(text, password)).toBe(true);
    expect(first.records).toEqual([undefined, undefined]);
    expect(await apply(hash)).toEqual(nothing);
    expect(await stored()).toEqual(first);

    await signIn();
    const second = await stored();
    expect(second.epochs).toEqual(first.epochs);
    expect(await apply(hash)).toEqual(nothing);
    expect(await stored()).toEqual(second);
  });
});

it.each([
  ['wrapped', ssha('one'), ssha('two')],
  ['slow', slowHashes.$2b$, slowHashes['Django’s']],
])(
  'another hash that is %s ends the tokens, before and after the first was replaced',
  async (_, one, two) => {
    await apply(one);
    const first = await stored();
    expect(await apply(two)).toEqual(counts({ updated: 3 }));
    const second = await stored();
    expect(second.epochs[0]).toBeGreaterThan(first.epochs[0]!);
    expect(second.epochs[1]).toBeGreaterThan(first.epochs[1]!);

    await signIn();
    await apply(one);
    const third = await stored();
    expect(third.epochs[0]).toBeGreaterThan(second.epochs[0]!);
    expect(third.records).toEqual([undefined, undefined]);
  },
);

it('never stores a fast hash of a small file, nor anything from which it is quickly guessed', async () => {
  await apply(ssha(password));
  const plain = forms.accept(ssha(password));
  if ('refused' in plain) throw new Error(plain.refused);
  const digest = plain.text.split('$').at(-1)!;
  for (const text of (await stored()).hashes) expect(text).not.toContain(digest);
  await signIn();
  for (const record of (await stored()).records) expect(forms.read(record!)).toMatchObject({ wrapped: true });
});

it('keeps no slow hash that was replaced, but its SHA-256', async () => {
  await apply(slowHashes['Django’s']);
  await signIn();
  for (const record of (await stored()).records) expect(record).toMatch(/^sha256:[\w-]{43}$/);
});

it('wraps a hundred hashes of a file, and leaves further ones for later', async () => {
  const users = Array.from({ length: 103 }, (_, i) => ({
    username: `user-${i}`,
    password_hash: ssha(`${i}`),
  }));
  const text = JSON.stringify({ realms: [{ name: '/', users }] });
  const provisioner = new Provisioner(directory, directory, hasher, forms, new StoppedClock());
  await provisioner.apply({ file: 'symbolon.yaml', text }, {}, tester);
  const owners = await Promise.all(users.map(({ username }) => directory.findResourceOwner('/', username)));
  const fast = owners.filter((owner) => forms.read(owner!.passwordHash)!.fast);
  expect(fast).toHaveLength(3);
  // One is of the file's digest.
  expect(hasher.hashed).toBe(101);
});

it('a refused hash is named, and not repeated', async () => {
  const refused = apply('{CRYPT}ZulJ6Dy3TFnrE');
  await expect(refused).rejects.toThrow('realms[0].users[0].password_hash: is of the scheme {CRYPT}');
  await expect(refused).rejects.toThrow('realms[0].clients[0].client_secret_hash: is of the scheme {CRYPT}');
  await expect(refused).rejects.not.toThrow('ZulJ6Dy3TFnrE');
});
