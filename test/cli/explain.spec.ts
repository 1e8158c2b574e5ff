import { randomUUID } from 'node:crypto';
import { tokenId } from '../../src/domain/access-token.js';
import { RefusalLog } from '../../src/domain/refusal.js';
import { TestApp } from '../support/app.js';
import { client, configuration } from '../support/configuration.js';
import { createDatabase, onServer, type TestDatabase } from '../support/database.js';
import { members, postForm } from '../support/token-endpoint.js';
import { commandLine } from './command-line.js';
import { symbolon } from './symbolon.js';

let database: TestDatabase;
let app: TestApp;
let env: Readonly<Record<string, string>>;
let active: string;
let other: string;

beforeAll(async () => {
  database = await createDatabase();
  const users = [{ username: 'ann', password: 'ann-password' }];
  app = await TestApp.start({
    settings: database.settings,
    configuration: configuration({
      '/': { clients: [client()], users },
      '/alpha': { clients: [client({ introspect: 'realm' })], users },
    }),
  });
  env = { CONFIG_FILE: 'any', ...database.settings };
  // The command has a clock of its own, which does not stand still.
  app.clock.setBack(app.clock.now() - Date.now());
  active = await issued({ client_id: 'app', client_secret: 'app-secret', grant_type: 'client_credentials' });
  other = await issued({ client_id: 'app', client_secret: 'app-secret', grant_type: 'client_credentials' });
  await postForm(app, '/oauth2/token/revoke', {
    token: other,
    client_id: 'app',
    client_secret: 'app-secret',
  });
});

afterAll(async () => {
  await app.stop();
  await database.drop();
});

async function issued(form: Readonly<Record<string, string>>): Promise<string> {
  return members(await postForm(app, '/oauth2/access_token', form)).access_token;
}

it('explains an active token from standard input, and exits with 0', async () => {
  const { status, stdout, stderr } = await symbolon(['explain'], { env, input: `${active}\n` });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^active\nThe token is active; it expires in 59 minutes, at \S+Z\.\n\nidentifier /);
  expect(stdout).toContain(`token       access token ${active.slice(0, 8)}…\n`);
  expect(stdout).toContain('\nWhat resource servers are told now:\n  axway      200 {"audience":"app"');
  expect(stdout).not.toContain(active.slice(8));
});

it('explains a token that is not active from its identifier, and exits with 1', async () => {
  const { status, stdout, stderr } = await commandLine(['explain', '--id', tokenId(other)], { env });
  expect({ status, stderr }).toEqual({ status: 1, stderr: 'symbolon: the token is not active\n' });
  expect(stdout).toMatch(
    /^inactive: revoked\nIt was revoked at \S+Z by its client\.\nThe client must get a new token\.\n/,
  );
  expect(stdout).toContain('             WWW-Authenticate: Bearer realm="/", error="invalid_token"\n');
});

it('tells a forged token from one that was never issued', async () => {
  const forged = `${active.slice(0, -2)}${active.endsWith('AA') ? 'BB' : 'AA'}`;
  const { status, stdout } = await commandLine(['explain', forged], { env });
  expect({ status, stdout: stdout.split('\n')[0] }).toEqual({ status: 1, stdout: 'inactive: forged' });
});

it('answers for a realm and a client, as one line of JSON', async () => {
  const args = ['explain', '--json', '--realm', '/alpha', '--client', 'app', '--client-realm', '/alpha'];
  const { status, stdout } = await commandLine([...args, '--', active], { env });
  expect(status).toBe(1);
  expect(stdout.match(/\n/g)).toHaveLength(1);
  expect(JSON.parse(stdout)).toMatchObject({
    verdict: 'inactive',
    reason: 'other_realm',
    sentences: [expect.any(String), expect.stringContaining('introspect: realm'), expect.any(String)],
    id: tokenId(active),
    token: {
      start: active.slice(0, 8),
      kind: 'access',
      realm: '/',
      client_id: 'app',
      scope: ['read'],
      grant_type: 'client_credentials',
      issued_at: expect.stringMatching(/Z$/),
      epochs: { realm: { then: expect.any(Number), now: expect.any(Number) } },
    },
    answers: {
      axway: { status: 200, body: { audience: 'app' } },
      forgerock: { status: 401, reason: 'other_realm' },
      rfc7662: { status: 200, reason: 'not_permitted', body: { active: false } },
    },
  });
  expect(JSON.parse(stdout)).not.toHaveProperty('node_agrees');
});

it.each([
  [['explain', 'x', '--id', 'A'.repeat(43)], 'a token and --id exclude each other'],
  [['explain', '--id', 'A'.repeat(42)], '--id: not 43 characters of base64url'],
  [['explain', 'x', '--realm', 'alpha'], '--realm: not the path of a realm, such as / or /alpha'],
  [['explain', 'x', '--client-realm', '/'], '--client-realm needs --client'],
  [['explain'], 'Token: nothing was entered'],
])('exits with 2 when it is called wrongly: %j', async (args, message) => {
  expect(await commandLine(args, { env })).toEqual({
    status: 2,
    stdout: '',
    stderr: `symbolon: ${message}\n`,
  });
});

it('exits with 2 where tokens are kept in memory', async () => {
  const memory = { DATA_DIR: 'none', TOKEN_STORE: 'memory' };
  const reason = "tokens that are kept in a server's memory cannot be explained";
  const stderr = `symbolon: TOKEN_STORE: ${reason}\n`;
  expect(await commandLine(['explain', 'x'], { env: memory })).toEqual({ status: 2, stdout: '', stderr });
});

it.each([[['explain', 'x']], [['refusal', randomUUID()]]])(
  'exits with 3 without a database: %j',
  async (args) => {
    const env = { DATABASE_URL: 'postgres://symbolon:s3cret@127.0.0.1:1/symbolon' };
    expect(await commandLine(args, { env })).toMatchObject({ status: 3, stdout: '' });
  },
);

it('explains a refusal by its correlation id', async () => {
  const refusal = {
    id: randomUUID(),
    at: Date.now(),
    route: '/oauth2/tokeninfo',
    method: 'GET',
    status: 401,
    realm: '/alpha',
    client: '',
    reason: 'other_realm',
    error: 'invalid_token',
    tokenId: tokenId(active),
  } as const;
  await app.nest.get(RefusalLog).add([refusal]);
  const { status, stdout, stderr } = await symbolon(['refusal', refusal.id], { env });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^refused: other_realm\n/);
  expect(stdout).toContain('\nrequest     GET /oauth2/tokeninfo\n');
  expect(stdout).toContain(
    '\nThe token now:\ninactive: other_realm\nIt belongs to the realm /; the request was about /alpha.\n',
  );
  const json = await commandLine(['refusal', refusal.id, '--json'], { env });
  expect(JSON.parse(json.stdout)).toMatchObject({
    ...{ id: refusal.id, reason: 'other_realm', realm: '/alpha', token_id: refusal.tokenId },
    token: { verdict: 'inactive' },
  });
  if (onServer) return;
  const memory = await commandLine(['refusal', refusal.id], { env: { ...env, TOKEN_STORE: 'memory' } });
  expect(memory.stdout).toMatch(/^refused: other_realm\n/);
  expect(memory.stdout).not.toContain('The token now');
});

it('exits with 1 for a correlation id that is not known', async () => {
  const stderr = 'symbolon: no refusal with this correlation id is kept\n';
  expect(await commandLine(['refusal', randomUUID()], { env })).toEqual({ status: 1, stdout: '', stderr });
});
