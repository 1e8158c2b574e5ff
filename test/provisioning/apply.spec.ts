import type { DirectoryChange, DirectoryState } from '../../src/domain/directory-writer.js';
import { ConflictingChanges } from '../../src/domain/oauth-error.js';
import type { PasswordHasher } from '../../src/domain/secret.js';
import { Argon2idHasher } from '../../src/hashing/argon2id.js';
import { Provisioner } from '../../src/provisioning/apply.js';
import type { Environment } from '../../src/config/setting-reader.js';
import { MemoryDirectory } from '../../src/storage/memory/directory.js';
import { aRealm } from '../storage/subjects.js';
import { FastHasher } from './fast-hasher.js';
import { tester } from '../support/audit.js';
import { StoppedClock } from '../support/stopped-clock.js';

const file = `realms:
  - name: /alpha
    clients:
      - client_id: myClient
        client_secret: \${SECRET}
    users:
      - username: demo
        password: \${PASSWORD}
`;
const env: Environment = { SECRET: 'forgerock', PASSWORD: 'Ch4ng31t' };

function apply(directory: MemoryDirectory, hasher: PasswordHasher, text = file, environment = env) {
  return new Provisioner(directory, directory, hasher, new StoppedClock()).apply(
    { file: 'symbolon.yaml', text },
    environment,
    tester,
  );
}

/** A directory to which another writer applies changes just before ours, the given number of times. */
class BusyDirectory extends MemoryDirectory {
  constructor(
    private others: number,
    private readonly theirChanges: readonly DirectoryChange[],
  ) {
    super();
  }

  override async apply(changes: readonly DirectoryChange[], state: DirectoryState): Promise<boolean> {
    if (this.others > 0) {
      this.others--;
      await super.apply(this.theirChanges, await this.state());
    }
    return super.apply(changes, state);
  }
}

describe('applying a configuration file', () => {
  it('returns how many subjects were added, updated, removed and left unchanged', async () => {
    const directory = new MemoryDirectory();
    const hasher = new FastHasher();

    expect(await apply(directory, hasher)).toEqual({
      skipped: false,
      added: 3,
      updated: 0,
      removed: 0,
      unchanged: 0,
    });
    const changed = file.replace('demo', 'demo2').replace('client_secret:', 'state: absent # ');
    expect(await apply(directory, hasher, changed)).toEqual({
      skipped: false,
      added: 1,
      updated: 0,
      removed: 1,
      unchanged: 1,
    });
  });

  it('skips a file with the same content as the one applied last, however it is written', async () => {
    const directory = new MemoryDirectory();
    const hasher = new FastHasher();
    await apply(directory, hasher);
    const { revision } = await directory.state();
    const hashed = hasher.hashed;

    expect(await apply(directory, hasher)).toEqual({ skipped: true });
    expect(
      await apply(
        directory,
        hasher,
        `# the same, told otherwise
realms:
  - clients: [{client_secret: "forgerock", client_id: myClient, enabled: true}]
    users: [{password: "Ch4ng31t", username: demo, attributes: {}}]
    name: /alpha
`,
      ),
    ).toEqual({ skipped: true });
    expect(await directory.state()).toMatchObject({ revision });
    expect(hasher.hashed).toBe(hashed);
  });

  it('does not skip a file whose environment has changed, nor one applied before the last', async () => {
    const directory = new MemoryDirectory();
    const hasher = new FastHasher();
    await apply(directory, hasher);

    const other = await apply(directory, hasher, file, { ...env, PASSWORD: 'other' });
    const first = await apply(directory, hasher);

    expect([other, first]).toEqual([
      { skipped: false, added: 0, updated: 1, removed: 0, unchanged: 2 },
      { skipped: false, added: 0, updated: 1, removed: 0, unchanged: 2 },
    ]);
  });

  it('changes nothing the second time, and hashes no password again', async () => {
    const directory = new MemoryDirectory();
    const hasher = new FastHasher();
    await apply(directory, hasher);
    await directory.apply([], { revision: 1 });
    const hashed = hasher.hashed;

    expect(await apply(directory, hasher)).toMatchObject({ skipped: false, unchanged: 3 });
    expect(hasher.hashed).toBe(hashed + 1);
  });

  it('hashes the digest of the applied file like a password', async () => {
    const directory = new MemoryDirectory();
    await apply(directory, new FastHasher());

    expect((await directory.state()).configurationHash).toMatch(/^\$argon2id\$/);
  });

  it('plans again when another writer was faster', async () => {
    const directory = new BusyDirectory(1, [
      { effect: 'add', realm: aRealm({ path: '/alpha', authLevel: 7 }) },
    ]);

    expect(await apply(directory, new FastHasher())).toMatchObject({ added: 2, updated: 1 });
    expect(await directory.findRealm('/alpha')).toMatchObject({ authLevel: 0 });
  });

  it('gives up after five plans, with nothing applied', async () => {
    const patient = new BusyDirectory(4, []);
    const busy = new BusyDirectory(5, []);

    expect(await apply(patient, new FastHasher())).toMatchObject({ added: 3 });
    await expect(apply(busy, new FastHasher())).rejects.toEqual(expect.any(ConflictingChanges));
    expect(await busy.findRealm('/alpha')).toBeUndefined();
  });

  it('changes nothing when the file is refused', async () => {
    const directory = new MemoryDirectory();

    await expect(apply(directory, new FastHasher(), `${file}    color: red\n`)).rejects.toThrow(
      'symbolon.yaml:9: realms[0].color: unknown key',
    );
    expect(await directory.state()).toEqual({ revision: 0 });
  });

  it('hashes passwords, secrets and the digest by argon2id', async () => {
    const directory = new MemoryDirectory();
    const hasher = new Argon2idHasher();
    await apply(directory, hasher);

    const client = await directory.findClient('/alpha', 'myClient');
    const user = await directory.findResourceOwner('/alpha', 'demo');
    expect(await hasher.verify(client?.secretHash ?? '', 'forgerock')).toBe(true);
    expect(await hasher.verify(user?.passwordHash ?? '', 'Ch4ng31t')).toBe(true);
    expect(await apply(directory, hasher)).toEqual({ skipped: true });
  });
});
