import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TestApp } from '../support/app.js';
import { client, configuration } from '../support/configuration.js';
import {
  createDatabase,
  embeddedFolder,
  onServer,
  temporaryFolder,
  type TestDatabase,
} from '../support/database.js';
import { commandLine } from './command-line.js';

let database: TestDatabase;
let file: string;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  database = await createDatabase();
  file = join(await temporaryFolder(), 'symbolon.yaml');
  // Any CONFIG_FILE will do: without one, the command would use the demo's database.
  env = { CONFIG_FILE: file, ...database.settings };
});

afterAll(() => database.drop());

/** What a command calls the database of these settings. */
function where({ DATA_DIR }: TestDatabase['settings']): string {
  return onServer ? 'the database of DATABASE_URL' : `the embedded database ${DATA_DIR}`;
}

const alpha = configuration({
  '/alpha': { clients: [client()], users: [{ username: 'zoe', password: 'pw' }] },
});
const beta = configuration({ '/beta': { clients: [client()] } });

it('applies a file to the database of a running server', async () => {
  const app = await TestApp.start({ settings: database.settings });
  try {
    await writeFile(file, alpha);
    const ended = await commandLine(['apply', file], { env });
    const stdout = `${file}: 2 added, 0 updated, 0 removed, 1 unchanged in ${where(database.settings)}\n`;
    expect(ended).toEqual({ status: 0, stdout, stderr: '' });
    const token = ['token', '--grant', 'client_credentials', '--realm', '/alpha', '--url', app.url];
    const credentials = ['--client-id', 'app', '--client-secret', 'app-secret'];
    expect(await commandLine([...token, ...credentials])).toMatchObject({ status: 0, stderr: '' });
  } finally {
    await app.stop();
  }
});

it('needs no running server, and says when there is nothing to do', async () => {
  // Where it is embedded, a database that no process runs.
  const settings = onServer ? database.settings : { DATA_DIR: await embeddedFolder() };
  const there = { env: { ...env, ...settings } };
  await writeFile(file, beta);
  const added = `${file}: 2 added, 0 updated, 0 removed, 0 unchanged in ${where(settings)}\n`;
  expect(await commandLine(['apply', file], there)).toEqual({ status: 0, stdout: added, stderr: '' });
  const skipped = `${file}: applied before, nothing changed in ${where(settings)}\n`;
  expect(await commandLine(['apply', file], there)).toEqual({ status: 0, stdout: skipped, stderr: '' });
});

it('fills in the variables of its environment', async () => {
  await writeFile(
    file,
    configuration({ '/': { users: [{ username: 'zoe', password: '${ZOES_PASSWORD}' }] } }),
  );
  const ended = await commandLine(['apply', file], { env: { ...env, ZOES_PASSWORD: 'pw' } });
  expect(ended).toMatchObject({ status: 0, stderr: '' });
});

it('warns of a client that is named like a user: Axway’s token information has the same user_id for both', async () => {
  const users = ['zoe', 'ann', 'max'].map((username) => ({ username, password: 'pw' }));
  const clients = ['zoe', 'ann', 'app'].map((client_id) => client({ client_id }));
  await writeFile(
    file,
    configuration({ '/named': { clients, users }, '/other': { clients: [client({ client_id: 'max' })] } }),
  );
  const warning = (names: string) =>
    `symbolon: warning: clients are named like users, and Axway's token information has the same user_id for both: ${names}\n`;
  expect(await commandLine(['apply', file], { env })).toMatchObject({
    status: 0,
    stderr: warning('ann, max, zoe'),
  });
  // Applied before, and so still to be known.
  const named = { env: { ...env, AXWAY_REALMS: '/named' } };
  expect(await commandLine(['apply', file], named)).toMatchObject({ status: 0, stderr: warning('ann, zoe') });
  const other = { env: { ...env, AXWAY_REALMS: '/other' } };
  expect(await commandLine(['apply', file], other)).toMatchObject({ status: 0, stderr: '' });
});

it('exits with 1 when the file is refused, and names line, key and reason', async () => {
  await writeFile(file, 'realms:\n  - name: /alpha\n    colour: red\n');
  expect(await commandLine(['apply', file], { env })).toEqual({
    status: 1,
    stdout: '',
    stderr: `symbolon: ${file}:3: realms[0].colour: unknown key\n`,
  });
});

it('keeps a secret that is there, and refuses the file, where the key has no value', async () => {
  const written = (secret: string) =>
    `realms:\n  - name: /empty\n    clients:\n      - client_id: c\n        client_secret: ${secret}\n`;
  await writeFile(file, written('first'));
  expect(await commandLine(['apply', file], { env })).toMatchObject({ status: 0 });
  await writeFile(file, written(''));
  const where = `${file}:5: realms[0].clients[0].client_secret`;
  expect(await commandLine(['apply', file], { env })).toEqual({
    status: 1,
    stdout: '',
    stderr: `symbolon: ${where}: has no value\n`,
  });
  await writeFile(file, written('${NEW_SECRET}'));
  expect(await commandLine(['apply', file], { env: { ...env, NEW_SECRET: '' } })).toEqual({
    status: 1,
    stdout: '',
    stderr: `symbolon: ${where}: empty in the environment: NEW_SECRET\n`,
  });
});

it('applies standard input', async () => {
  // Its realm alone, since the test above has left names of which a command warns.
  const there = { env: { ...env, AXWAY_REALMS: '/input' } };
  const beta = configuration({ '/input': { clients: [client()] } });
  expect(await commandLine(['apply', '-'], { ...there, input: beta })).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^standard input: 2 added, 0 updated, 0 removed, 0 unchanged in /),
    stderr: '',
  });
  const refused = (input: string | Buffer) => commandLine(['apply', '-'], { ...there, input });
  expect(await refused('realms:\n  - name: alpha\n')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^symbolon: standard input:2: realms\[0\]\.name: /),
  });
  expect(await refused(Buffer.from('realms: []\n# é', 'latin1'))).toMatchObject({
    status: 1,
    stderr: 'symbolon: standard input:2: is not UTF-8\n',
  });
  expect(await refused('')).toMatchObject({
    status: 1,
    stderr: 'symbolon: standard input:1: must be a mapping\nstandard input:1: realms: is missing\n',
  });
});

it('exits with 2 when there is no such file', async () => {
  const stderr = 'symbolon: the file cannot be read (ENOENT)\n';
  expect(await commandLine(['apply', `${file}.old`], { env })).toEqual({ status: 2, stdout: '', stderr });
});

it('exits with 2 when a setting is wrong', async () => {
  await writeFile(file, alpha);
  const ended = await commandLine(['apply', file], { env: { ...env, TOKEN_STORE: 'disk' } });
  const stderr = 'symbolon: TOKEN_STORE: none of database, memory, cassandra\n';
  expect(ended).toEqual({ status: 2, stdout: '', stderr });
});

it('exits with 3 at once when the database is unreachable, and does not print its password', async () => {
  await writeFile(file, alpha);
  const DATABASE_URL = 'postgres://symbolon:s3cret@127.0.0.1:1/symbolon';
  const stderr =
    'symbolon: DATABASE_URL: the database cannot be reached (ECONNREFUSED): nothing listens at that host and port; start PostgreSQL, or correct them\n';
  expect(await commandLine(['apply', file], { env: { DATABASE_URL } })).toEqual({
    status: 3,
    stdout: '',
    stderr,
  });
});
