import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { tokenId } from '../../src/domain/access-token.js';
import { auditTable } from '../../src/cli/audit.presenter.js';
import { Database } from '../../src/storage/postgres/database.js';
import { TestApp } from '../support/app.js';
import { client, configuration } from '../support/configuration.js';
import { createDatabase, temporaryFolder, type TestDatabase } from '../support/database.js';
import { shortLived } from '../support/server-process.js';
import { commandLine } from './command-line.js';
import { program, whichDatabase } from './symbolon.js';

let database: TestDatabase;
let app: TestApp;
let env: Readonly<Record<string, string>>;
let token: string;

const user = userInfo().username;

/** None of these may be recorded. */
const canaries = [
  'c4nary-secret',
  'c4nary-password',
  'c4nary-attribute',
  'c4nary-information',
  'c4nary-token',
];

const first = configuration({
  '/team': {
    clients: [
      client({
        client_secret: 'c4nary-secret-1',
        client_secret_hash: undefined,
        attributes: new Map([['team', 'c4nary-attribute-1']]),
        additional_information: new Map([['team', 'c4nary-information-1']]),
      }),
    ],
    users: [
      { username: 'ann', password: 'c4nary-password-1', attributes: new Map([['cn', 'c4nary-attribute-1']]) },
    ],
  },
});

const second = first.replaceAll('-1"', '-2"').replace('["read","write"]', '["read"]');

beforeAll(async () => {
  database = await createDatabase();
  env = { CONFIG_FILE: 'any', ...database.settings };
  app = await TestApp.start({ settings: database.settings });
  const folder = await temporaryFolder();
  const [file, tokens] = [join(folder, 'symbolon.yaml'), join(folder, 'tokens.jsonl')];
  const line = { client_id: 'app', realm: '/team', scope: 'read', expires_at: '2030-01-01T00:00:00Z' };
  const lines = Array.from({ length: 1001 }, (_, index) =>
    JSON.stringify({ token: `c4nary-token-${index}`, ...line }),
  );
  await writeFile(file, first);
  await run('apply', file);
  await writeFile(file, second);
  await run('apply', file);
  await run('keys', 'rotate');
  await writeFile(tokens, lines.join('\n'));
  await run('import', 'tokens', tokens);
  token = (await run('admin-token', '--realm', '/team')).trimEnd();
});

afterAll(async () => {
  await app.stop();
  await database.drop();
});

/** Runs a command that must end well. @returns what it prints */
async function run(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await commandLine(args, { env });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

/** The events that `audit --json` prints. */
async function events(...args: string[]): Promise<Record<string, unknown>[]> {
  const lines = (await run('audit', '--json', ...args)).split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

it('--json prints the events of each command with its user, newest first', async () => {
  const listed = await events('--actor', user, '--limit', '200');
  const of = (action: string, fields: object = {}) =>
    expect.objectContaining({ actor_kind: 'cli', actor: user, action, ...fields });
  const ann = { realm: '/team', name: 'ann' };
  const app = { realm: '/team', name: 'app' };
  const admin = { realm: '/team', name: 'symbolon-admin' };
  const applied = (added: number, updated: number) =>
    of('configuration.applied', { changes: { file: 'symbolon.yaml', added, updated, removed: 0 } });
  const wanted = [
    of('admin_token.issued', { ...admin, token_id: tokenId(token) }),
    of('client.created', { ...admin, epoch: expect.any(Number) }),
    of('tokens.imported', { changes: { file: 'tokens.jsonl', added: 1001 } }),
    of('key.rotated'),
    applied(0, 2),
    of('client.secret_added', { ...app, epoch: expect.any(Number) }),
    of('client.secret_ended', app),
    of('client.updated', {
      ...app,
      changes: {
        scopes: { old: ['read', 'write'], new: ['read'] },
        additional_information: 'changed',
        attributes: 'changed',
      },
    }),
    of('user.password_changed', ann),
    of('user.updated', { ...ann, changes: { attributes: 'changed' } }),
    applied(3, 0),
    of('realm.created', { realm: '/team' }),
    of('client.created', app),
    of('user.created', ann),
  ];
  // Events of one transaction have the same time.
  expect(listed).toHaveLength(wanted.length);
  expect(listed).toEqual(expect.arrayContaining(wanted));
  const times = listed.map(({ at }) => at as string);
  expect(times).toEqual([...times].sort().reverse());
  const { id, at, ...rest } = listed[0];
  expect([id, at]).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), expect.stringMatching(/Z$/)]);
  expect(Object.keys(rest)).toEqual([
    ...['actor_kind', 'actor', 'action', 'realm', 'name', 'changes', 'token_id'],
  ]);
});

it('prints a table with the changes in short', async () => {
  const [titles, ...rows] = (await run('audit', '--realm', '/team', '--name', 'app')).split('\n');
  expect(titles).toMatch(/^time +actor +action +realm +name +changes$/);
  expect(rows).toContainEqual(
    expect.stringMatching(
      /^\S+Z  cli \S+ +client\.updated +\/team  app +scopes: \["read","write"\] → \["read"\], attributes: changed, additional_information: changed$/,
    ),
  );
  const created = rows.find((row) => row.includes('client.created'));
  expect(created).toMatch(/scopes: .*…$/);
});

it('lists the events of the filters alone', async () => {
  expect(await events('--action', 'key.rotated')).toMatchObject([{ action: 'key.rotated' }]);
  expect(await events('--name', 'ann', '--limit', '1')).toHaveLength(1);
  expect(await events('--realm', '/team', '--action', 'user.created')).toMatchObject([{ name: 'ann' }]);
  expect(await events('--realm', '/nowhere')).toEqual([]);
  expect(await run('audit', '--actor', 'nobody else')).toBe('no events\n');
});

it('records no secret, password, hash, attribute or token', async () => {
  const rows = await app.nest
    .get(Database)
    .read<{ text: string }>({ name: 'all_events', text: 'SELECT e::text AS text FROM audit_event e' }, []);
  const text = rows.map((row) => row.text).join('\n');
  expect(text).toContain('client.secret_added');
  for (const canary of [...canaries, 'argon2', 'sha256:', token.slice(4, 40)]) {
    expect(text.includes(canary)).toBe(false);
  }
});

it('shows no character that controls a terminal', () => {
  const actor = { kind: 'file', name: 'a\u001b[2J' } as const;
  const event = {
    id: '',
    at: 0,
    actor,
    action: 'client.updated',
    changes: { 'x\u202e': '\u0007y' },
  } as const;
  expect(auditTable([event], false).split('\n')[1]).toBe(
    '1970-01-01T00:00:00.000Z  file a[2J  client.updated  -      -     x: y',
  );
});

it.each([
  ['--limit', '0'],
  ['--limit', '201'],
  ['--action', 'key.turned'],
  ['--colour', 'x'],
])('exits with 2 for %s %s, and names the option', async (...args) => {
  const { status, stdout, stderr } = await commandLine(['audit', ...args], { env });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(new RegExp(`^symbolon: [^\n]*${args[0]}[^\n]*\n$`));
});

it('exits with 2 for a bad setting, and with 3 when the database is unreachable', async () => {
  const stderr = 'symbolon: TOKEN_STORE: none of database, memory, cassandra\n';
  const wrong = await commandLine(['audit'], { env: { ...env, TOKEN_STORE: 'disk' } });
  expect(wrong).toEqual({ status: 2, stdout: '', stderr });
  const DATABASE_URL = 'postgres://symbolon:s3cret@127.0.0.1:1/symbolon';
  const unreachable = await commandLine(['audit'], { env: { DATABASE_URL } });
  expect(unreachable).toMatchObject({ status: 3, stdout: '' });
});

it('ends quietly when nobody reads its output any more', async () => {
  const child = spawn(process.execPath, [...shortLived, program, 'audit'], { env, stdio: 'pipe' });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [status] = (await once(child, 'close')) as [number | null];
  expect({ status, stderr: stderr.replace(whichDatabase, '') }).toEqual({ status: 0, stderr: '' });
});
