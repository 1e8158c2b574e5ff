import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { embeddedFolder, onServer, temporaryFolder } from '../support/database.js';
import { commandLine } from './command-line.js';
import { type Ended, whichDatabase } from './symbolon.js';

/** Runs a command in a folder, with its settings' defaults but for these. */
function commandIn(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return commandLine(args, { cwd, env, whole: true });
}

function refusal(path: string): string {
  const cure = 'a start of the server makes one, and so does symbolon apply --create';
  return `symbolon: DATA_DIR: there is no embedded database in ${path}; ${cure}.\n`;
}

const configuration = 'realms: []\n';
const cassandra = {
  CASSANDRA_CONTACT_POINTS: '127.0.0.1:1',
  CASSANDRA_LOCAL_DATACENTER: 'x',
  CASSANDRA_KEYSPACE: 'x',
};

(onServer ? describe.skip : describe)('a command in a folder without a database', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['admin-token', {}],
    ['audit', {}],
    ['apply file.yaml', {}],
    ['import tokens file.yaml', {}],
    ['keys rotate', {}],
    ['copy tokens --to cassandra', cassandra],
    ['explain --id AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', {}],
    ['refusal 6f2b1c3e-0000-4000-8000-000000000000', {}],
  ])('makes none, and says where it looked: %s', (command, env) =>
    expectNone((folder) => commandIn(folder, command.split(' '), env)),
  );

  async function expectNone(run: (folder: string) => Promise<Ended>): Promise<void> {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file.yaml'), configuration);
    expect(await run(folder)).toEqual({
      status: 3,
      stdout: '',
      stderr: refusal(join(folder, '.symbolon', 'demo')),
    });
    expect(await readdir(folder)).toEqual(['file.yaml']);
  }

  it('makes one where it is asked to, and says where', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file.yaml'), configuration);
    const data = join(folder, '.symbolon', 'demo');
    const made = await commandIn(folder, ['apply', '--create', 'file.yaml']);
    expect(made).toMatchObject({ status: 0, stderr: '' });
    expect(made.stdout).toContain(` in the embedded database ${data}\n`);
    // From now on it is there, and the path of the folder is the same from wherever it is named.
    const again = await commandIn(join(folder, '.symbolon'), ['apply', '../file.yaml'], { DATA_DIR: '.' });
    expect(again).toMatchObject({ status: 0, stderr: '' });
    expect(again.stdout).toContain(` in the embedded database ${data}\n`);
  });
});

(onServer ? describe.skip : describe)('a command whose output does not name its database', () => {
  it.each(['audit', 'admin-token'])('names it on standard error: %s', async (command) => {
    const folder = await embeddedFolder();
    const env = { DATA_DIR: folder, NODE_ENV: 'production' };
    const { stderr } = await commandIn(await temporaryFolder(), [command], env);
    expect(whichDatabase.exec(stderr)?.[1]).toBe(folder);
  });
});
