import { tokenId } from '../../src/domain/access-token.js';
import { TestApp } from '../support/app.js';
import { client, configuration } from '../support/configuration.js';
import { createDatabase, onServer, type TestDatabase } from '../support/database.js';
import { commandLine } from './command-line.js';

let database: TestDatabase;
let app: TestApp;
let env: Readonly<Record<string, string>>;
let where: string;

beforeAll(async () => {
  database = await createDatabase();
  env = { CONFIG_FILE: 'any', ...database.settings };
  where = onServer ? 'the database of DATABASE_URL' : `the embedded database ${database.settings.DATA_DIR}`;
  const users = ['ann', 'bob'].map((username) => ({ username, password: 'pw' }));
  const input = configuration({ '/team': { clients: [client()], users } });
  app = await TestApp.start({ settings: database.settings });
  // The command has a clock of its own, which does not stand still.
  app.clock.setBack(app.clock.now() - Date.now());
  expect(await run(['apply', '-'], input)).toMatchObject({ status: 0 });
}, 60_000);
afterAll(async () => {
  await app.stop();
  await database.drop();
});

const run = (args: readonly string[], input = '') => commandLine(args, { env, input });

/** The tokens of a new sign-in with a password. */
async function issued(username: string): Promise<{ access_token: string; refresh_token: string }> {
  const body = new URLSearchParams({ grant_type: 'password', username, password: 'pw', client_id: 'app' });
  body.set('client_secret', 'app-secret');
  const answer = await fetch(`${app.url}/oauth2/access_token?realm=/team`, { method: 'POST', body });
  return (await answer.json()) as { access_token: string; refresh_token: string };
}

async function status(token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${app.url}/oauth2/tokeninfo?realm=/team`, { headers })).status;
}

/** The lines of JSON of a list. */
async function listed(...args: string[]): Promise<Record<string, unknown>[]> {
  const ended = await run(['token', 'list', '--realm', '/team', '--json', ...args]);
  expect(ended).toMatchObject({ status: 0 });
  return ended.stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

it('lists the tokens of a user, never their values', async () => {
  const { access_token: token } = await issued('ann');
  const [one, ...others] = await listed('--user', 'ann');
  expect(others).toEqual([]);
  expect(one).toMatchObject({
    id: tokenId(token),
    ...{ realm: '/team', client_id: 'app', username: 'ann', grant_type: 'password', state: 'active' },
  });
  const table = await run(['token', 'list', '--realm', '/team', '--user', 'ann']);
  expect(table).toMatchObject({ status: 0, stderr: '' });
  expect(table.stdout).not.toContain(token);
  expect(table.stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['id', 'client', 'grant type', 'scope', 'issued', 'expires', 'state'],
    [
      tokenId(token),
      'app',
      'password',
      'read',
      expect.stringMatching(/Z$/),
      expect.stringMatching(/Z$/),
      'active',
    ],
    [''],
  ]);
  expect(await run(['token', 'list', '--user', 'nobody'])).toEqual({
    status: 0,
    stdout: 'no tokens\n',
    stderr: '',
  });
});

it('says that others may follow', async () => {
  await issued('ann');
  const ended = await run(['token', 'list', '--realm', '/team', '--user', 'ann', '--limit', '1']);
  expect(ended).toMatchObject({
    status: 0,
    stderr: 'symbolon: others may follow: go on with a greater --limit\n',
  });
  expect(await listed('--user', 'ann', '--limit', '1')).toHaveLength(1);
});

it('revokes a token that it is given, by its id, or with its family', async () => {
  const other = (await issued('ann')).access_token;
  const tokens = [await issued('bob'), await issued('bob'), await issued('bob')];
  const [first, second, third] = tokens.map(({ access_token }) => access_token);
  expect(await run(['token', 'revoke'], `${first}\n`)).toEqual({
    status: 0,
    stdout: `access token ${tokenId(first)} of client app and user bob: revoked in ${where}\n`,
    stderr: '',
  });
  expect(await run(['token', 'revoke', '--id', tokenId(second), '--json'])).toMatchObject({
    status: 0,
    stderr: '',
  });
  const states = async () => (await listed('--user', 'bob')).map(({ id, state }) => [id, state] as const);
  expect(new Map(await states())).toEqual(
    new Map([
      [tokenId(first), 'revoked'],
      [tokenId(second), 'revoked'],
      [tokenId(third), 'active'],
    ]),
  );
  const { family } = (await listed('--user', 'bob')).find(({ id }) => id === tokenId(third))!;
  const ended = await run(['token', 'revoke', '--family', family as string]);
  expect(ended.stdout).toBe(`family ${String(family)} of client app and user bob: revoked in ${where}\n`);
  expect(await Promise.all([other, first, second, third].map(status))).toEqual([200, 401, 401, 401]);
  const events = await run(['audit', '--json', '--action', 'family.revoked']);
  expect(JSON.parse(events.stdout)).toMatchObject({ actor_kind: 'cli', name: 'app', token_id: family });
});

it.each([
  ['there is no such token', ['revoke', 'sya_x'], 1],
  ['--id: not 43 characters of base64url', ['revoke', '--id', 'x'], 2],
  ['--family: not a UUID', ['revoke', '--family', 'x'], 2],
  ['a token, --id and --family exclude one another', ['revoke', 'x', '--family', 'x'], 2],
  ["required option '--user <name>' not specified", ['list'], 2],
  ["required option '--grant <type>' not specified", [], 2],
])('says %j', async (message, args, expected) => {
  expect(await run(['token', ...args])).toEqual({
    status: expected,
    stdout: '',
    stderr: `symbolon: ${message}\n`,
  });
});

it('exits with 2 where tokens are in the memory of a server', async () => {
  const ended = await commandLine(['token', 'list', '--user', 'ann'], {
    env: { ...env, TOKEN_STORE: 'memory' },
  });
  expect(ended).toMatchObject({ status: 2, stderr: expect.stringContaining('cannot be listed') });
});
