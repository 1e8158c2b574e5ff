import { userInfo } from 'node:os';
import { AuditLog } from '../../src/domain/audit.js';
import { PostgresDirectory } from '../../src/storage/postgres/directory.js';
import { hashGeneratedSecret } from '../../src/domain/secret.js';
import { TestApp } from '../support/app.js';
import { client, configuration, publicClient } from '../support/configuration.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { postForm, success } from '../support/token-endpoint.js';
import { commandLine } from './command-line.js';

let database: TestDatabase;
let app: TestApp;

beforeAll(async () => {
  database = await createDatabase();
  const realms = {
    '/': { clients: [publicClient({ client_id: 'open' })] },
    '/alpha': { clients: [client()] },
  };
  app = await TestApp.start({ settings: database.settings, configuration: configuration(realms) });
  // The command has a clock of its own, which does not stand still.
  app.clock.setBack(app.clock.now() - Date.now());
});
afterAll(async () => {
  await app.stop();
  await database.drop();
});

const run = (...args: string[]) =>
  commandLine(['client', 'secret', ...args], { env: { CONFIG_FILE: 'any', ...database.settings } });
const ofApp = ['app', '--realm', '/alpha'];

/** The columns of each line. */
const columns = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));

it('rotates, and prints the new secret alone; the old one is accepted beside it', async () => {
  const { status, stdout, stderr } = await run('rotate', ...ofApp, '--overlap', '3600');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^[\w-]{43}\n$/);
  const form = { grant_type: 'client_credentials', client_id: 'app' };
  for (const secret of [stdout.trimEnd(), 'app-secret']) {
    const answer = await postForm(app, '/oauth2/alpha/access_token', { ...form, client_secret: secret });
    expect(answer).toEqual(success('read'));
  }
  const [event] = await app.nest
    .get(AuditLog)
    .list({ within: '/alpha', action: 'client.secret_added', limit: 9 });
  expect(event.actor).toMatchObject({ kind: 'cli', name: userInfo().username });
});

it('lists when secrets were made, used and end, as a table or as lines of JSON', async () => {
  await app.flushSecretUses();
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string;
  expect(columns((await run('list', ...ofApp)).stdout)).toEqual([
    ['secret', 'state', 'created', 'last used', 'until'],
    ['current', 'active', time, time, '-'],
    ['previous', 'ending', time, time, time],
  ]);
  const { stdout } = await run('list', ...ofApp, '--json');
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>);
  expect(lines.map(({ id, state }) => [id, state])).toEqual([
    ['current', 'active'],
    ['previous', 'ending'],
  ]);
  expect(lines.map((line) => Object.keys(line))).toEqual([
    ['id', 'state', 'created_at', 'last_used_at'],
    ['id', 'state', 'created_at', 'last_used_at', 'until'],
  ]);
  expect((await run('list', 'open')).stdout).toBe('the client has no secret\n');
});

it('ends the previous secret, after which another rotation is possible', async () => {
  expect(await run('rotate', ...ofApp)).toMatchObject({
    status: 1,
    stdout: '',
    stderr: 'symbolon: The client has two secrets: end the previous one, or wait until it has ended.\n',
  });
  expect(columns((await run('end', ...ofApp)).stdout)).toHaveLength(2);
  const { stdout } = await run('rotate', ...ofApp, '--overlap', '0', '--json');
  const { client_secret: secret, items } = JSON.parse(stdout) as { client_secret: string; items: object[] };
  expect(items).toEqual([expect.objectContaining({ id: 'current', state: 'active' })]);
  expect(await app.nest.get(PostgresDirectory).findClient('/alpha', 'app')).toMatchObject({
    secretHash: hashGeneratedSecret(secret),
    previousSecret: undefined,
  });
});

it.each<[string[], number, string]>([
  [['rotate', 'nobody'], 1, 'There is no such client or secret.'],
  [['list', 'nobody'], 1, 'There is no such client or secret.'],
  [['end', ...ofApp], 1, 'There is no such client or secret.'],
  [['rotate', 'open'], 1, 'A public client has no secret.'],
  [['rotate', 'app', '--overlap', '2592001'], 2, '0 to 2592000'],
  [['rotate', 'app', '--realm', 'alpha'], 2, 'the path of a realm'],
  [['rotate'], 2, 'client-id'],
])('%j ends with status %d', async (args, status, words) => {
  const ended = await run(...args);
  expect([ended.status, ended.stdout]).toEqual([status, '']);
  expect(ended.stderr).toContain(words);
});
