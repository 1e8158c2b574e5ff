import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { subjectTable } from '../../src/cli/subjects.presenter.js';
import { TestApp } from '../support/app.js';
import { createDatabase, onServer, temporaryFolder, type TestDatabase } from '../support/database.js';
import { shortLived } from '../support/server-process.js';
import { commandLine } from './command-line.js';
import { program, whichDatabase } from './symbolon.js';

let database: TestDatabase;
let app: TestApp;
let env: Readonly<Record<string, string>>;
let where: string;

beforeAll(async () => {
  database = await createDatabase();
  env = { CONFIG_FILE: 'any', ...database.settings };
  where = onServer ? 'the database of DATABASE_URL' : `the embedded database ${database.settings.DATA_DIR}`;
  app = await TestApp.start({ settings: database.settings });
  await done('realm', 'create', '/team');
}, 60_000);
afterAll(async () => {
  await app.stop();
  await database.drop();
});

const run = (args: readonly string[], input = '') => commandLine(args, { env, input });

/** Runs a command that must end well. @returns what it prints */
async function done(...args: string[]): Promise<string> {
  return doneWith('', ...args);
}

async function doneWith(input: string, ...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await run(args, input);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

/** The lines of JSON that a command prints. */
async function json(...args: string[]): Promise<Record<string, unknown>[]> {
  const lines = (await done(...args, '--json')).split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** The status of the token endpoint's answer to a client's credentials. */
async function tokenStatus(client_id: string, client_secret: string): Promise<number> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret });
  const { status } = await fetch(`${app.url}/oauth2/access_token?realm=/team`, { method: 'POST', body });
  return status;
}

describe('create', () => {
  it('prints the generated secret of a client once, which is good at once', async () => {
    const printed = await done(
      ...['client', 'create', 'app', '--realm', '/team', '--grant-types', 'client_credentials,password'],
      ...[
        '--scopes',
        'read, write',
        '--default-scopes',
        'read',
        '--name',
        'An: app',
        '--set',
        'access_token_lifetime=60',
      ],
    );
    const [line, secretLine] = printed.split('\n');
    expect(line).toBe(`client app of realm /team: created in ${where}`);
    const secret = /^client_secret: ([\w-]{43})$/.exec(secretLine)![1];
    expect(await tokenStatus('app', secret)).toBe(200);
    expect(await json('client', 'show', 'app', '--realm', '/team')).toMatchObject([
      {
        realm: '/team',
        client_id: 'app',
        client_name: 'An: app',
        grant_types: ['client_credentials', 'password'],
        scopes: ['read', 'write'],
        access_token_lifetime: 60,
      },
    ]);
    expect(await done('client', 'show', 'app', '--realm', '/team')).not.toContain(secret);
  });

  it('takes the members of a file, and of options before those', async () => {
    const file = join(await temporaryFolder(), 'client.yaml');
    await writeFile(
      file,
      'client_secret: ${SECRET}\ngrant_types: [client_credentials]\nscopes: [a]\ndefault_scopes: [b]\n',
    );
    const ended = await commandLine(
      ['client', 'create', 'filed', '--realm', '/team', '--file', file, '--scopes', 'b', '--json'],
      { env: { ...env, SECRET: 'chosen' } },
    );
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    const shown = JSON.parse(ended.stdout) as object;
    expect(shown).toMatchObject({ client_id: 'filed', scopes: ['b'] });
    expect(shown).not.toHaveProperty('client_secret');
    expect(await tokenStatus('filed', 'chosen')).toBe(200);
  });

  it('asks for the password of a user, and takes members as YAML from standard input', async () => {
    expect(await doneWith('first\n', 'user', 'create', 'ann', '--realm', '/team')).toBe(
      `user ann of realm /team: created in ${where}\n`,
    );
    await doneWith(
      'password: second\nattributes: { mail: bob@example.com }\n',
      ...['user', 'create', 'bob', '--realm', '/team', '--file', '-'],
    );
    expect(await json('user', 'show', 'bob', '--realm', '/team')).toMatchObject([
      { username: 'bob', attributes: { mail: ['bob@example.com'] }, enabled: true },
    ]);
  });

  it.each([
    ['one that is there', ['realm', 'create', '/team'], 'there is a realm /team already'],
    ['a client of no realm', ['client', 'create', 'x', '--realm', '/none'], 'there is no realm /none'],
    [
      'bad members',
      [
        'client',
        'create',
        'x',
        '--realm',
        '/team',
        '--grant-types',
        'magic',
        '--set',
        'pkce=no',
        '--set',
        'colour=red',
      ],
      /^client x of realm \/team: has an unknown member\n {2}grant_types\[0\]: must be one of .*\n {2}pkce: must be one of required, optional$/,
    ],
  ])('refuses %s with status 1', async (_, args, reason) => {
    const { status, stdout, stderr } = await run(args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    const message = stderr.replace(/^symbolon: |\n$/g, '');
    if (typeof reason === 'string') expect(message).toBe(reason);
    else expect(message).toMatch(reason);
  });

  it.each([
    [
      'a secret on the command line',
      ['--set', 'client_secret=canary'],
      /--set client_secret: a command line can be seen/,
    ],
    ['a value that is no YAML', ['--set', 'scopes=[a'], /^symbolon: --set scopes:1: not valid YAML/],
    ['no value', ['--set', 'scopes'], /--set takes member=value/],
    ['a file that is not there', ['--file', '/none/x.yaml'], /the file cannot be read \(ENOENT\)/],
    ['a realm that is no path', ['--realm', 'x'], /'--realm <path>'.*must be the path of a realm/],
  ])('exits with 2 for %s', async (_, args, message) => {
    const ended = await run(['client', 'create', 'x', ...args]);
    expect(ended).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(message) });
    expect(ended.stderr).not.toContain('canary');
  });
});

describe('edit', () => {
  beforeAll(() =>
    done('client', 'create', 'edited', '--realm', '/team', '--type', 'public', '--name', 'Old'),
  );

  it('changes the members that are named, and no others', async () => {
    const changed = `client edited of realm /team: changed in ${where}\n`;
    const edit = (...args: string[]) => done('client', 'edit', 'edited', '--realm', '/team', ...args);
    expect(await edit('--scopes', 'a,b', '--set', 'attributes={team: [x, y], gone: z}')).toBe(changed);
    expect(await edit('--unset', 'client_name', '--set', 'attributes={mail: a@example.com, gone: }')).toBe(
      changed,
    );
    const [shown] = await json('client', 'show', 'edited', '--realm', '/team');
    expect(shown).toMatchObject({
      scopes: ['a', 'b'],
      attributes: { team: ['x', 'y'], mail: ['a@example.com'] },
    });
    expect(shown.attributes).not.toHaveProperty('gone');
    expect(shown).not.toHaveProperty('client_name');
  });

  it('is recorded with the user of the operating system', async () => {
    const [event] = await json('audit', '--name', 'edited', '--action', 'client.updated', '--limit', '1');
    expect(event).toMatchObject({
      actor_kind: 'cli',
      actor: userInfo().username,
      changes: { client_name: { old: 'Old', new: null }, attributes: 'changed' },
    });
  });

  it('refuses another name or a secret, and nothing at all', async () => {
    const edit = (...args: string[]) => run(['client', 'edit', 'edited', '--realm', '/team', ...args]);
    expect(await edit('--set', 'client_id=other')).toMatchObject({
      status: 1,
      stderr: 'symbolon: client edited of realm /team: client_id: cannot be changed\n',
    });
    expect(await edit('--set', 'client_secret_hash=x')).toMatchObject({ status: 1 });
    expect(await edit()).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/nothing is to be changed/),
    });
    const missing = await run(['user', 'edit', 'nobody', '--set', 'enabled=false']);
    expect(missing).toMatchObject({ status: 1, stderr: 'symbolon: there is no user nobody of realm /\n' });
  });

  it('--json shows the client as it is then', async () => {
    const [shown] = await json('client', 'edit', 'edited', '--realm', '/team', '--set', 'pkce=required');
    expect(shown).toMatchObject({ client_id: 'edited', version: expect.stringMatching(/^[\w-]{22}$/) });
  });
});

describe('disable, enable, revoke and password', () => {
  const of = (name: string) => ['--realm', '/team', name];

  it('end tokens at once', async () => {
    await doneWith(
      'client_secret: s\ngrant_types: [client_credentials]\n',
      ...['client', 'create', ...of('ending'), '--file', '-'],
    );
    expect(await done('client', 'disable', ...of('ending'))).toBe(
      `client ending of realm /team: disabled in ${where}\n`,
    );
    expect(await json('client', 'show', ...of('ending'))).toMatchObject([{ enabled: false }]);
    expect(await tokenStatus('ending', 's')).toBe(401);
    expect(await json('client', 'enable', ...of('ending'))).toMatchObject([{ enabled: true }]);
    expect(await done('client', 'revoke', ...of('ending'))).toBe(
      `client ending of realm /team: tokens ended in ${where}\n`,
    );
    const actions = (await json('audit', '--name', 'ending')).map(({ action }) => action);
    expect(actions.slice(0, 3)).toEqual(['client.tokens_ended', 'client.enabled', 'client.disabled']);
  });

  it('password reads a line of standard input, and refuses an empty one', async () => {
    await doneWith('one\n', 'user', 'create', ...of('leaver'));
    expect(await doneWith('two\n', 'user', 'password', ...of('leaver'))).toBe(
      `user leaver of realm /team: password changed in ${where}\n`,
    );
    const [event] = await json('audit', '--name', 'leaver', '--limit', '1');
    expect(event).toMatchObject({ action: 'user.password_changed', changes: {} });
    const empty = await run(['user', 'password', ...of('leaver')], '\n');
    expect(empty).toMatchObject({ status: 2, stdout: '', stderr: 'symbolon: the password is empty\n' });
  });
});

describe('delete', () => {
  it('needs --yes where nobody can be asked', async () => {
    await done('client', 'create', 'gone', '--realm', '/team');
    const refused = await run(['client', 'delete', 'gone', '--realm', '/team']);
    expect(refused).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(/needs --yes/) });
    expect(await done('client', 'delete', 'gone', '--realm', '/team', '--yes')).toBe(
      `client gone of realm /team: deleted in ${where}\n`,
    );
    const missing = await run(['client', 'delete', 'gone', '--realm', '/team', '--yes']);
    expect(missing).toMatchObject({
      status: 1,
      stderr: 'symbolon: there is no client gone of realm /team\n',
    });
  });

  it('removes a realm with what is in it only by --recursive', async () => {
    await done('realm', 'create', '/full');
    await done('client', 'create', 'in', '--realm', '/full');
    expect(await run(['realm', 'delete', '/full', '--yes'])).toMatchObject({
      status: 1,
      stderr: 'symbolon: realm /full has clients or users: --recursive deletes them, too\n',
    });
    expect(await json('realm', 'delete', '/full', '--yes', '--recursive')).toEqual([
      { deleted: 'realm', realm: '/full' },
    ]);
    expect(await run(['realm', 'delete', '/', '--yes'])).toMatchObject({
      status: 1,
      stderr: 'symbolon: the root realm cannot be deleted\n',
    });
  });
});

describe('list', () => {
  beforeAll(async () => {
    await done('realm', 'create', '/listed');
    await doneWith(
      JSON.stringify({
        realms: [
          {
            name: '/listed',
            clients: ['a1', 'a2', 'b1', 'b2'].map((client_id) => ({
              ...{ client_id, client_type: 'public', enabled: client_id !== 'b2' },
              grant_types: client_id.endsWith('1') ? ['password'] : [],
            })),
          },
        ],
      }),
      ...['apply', '-'],
    );
  });

  const names = async (...args: string[]) =>
    (await json('client', 'list', '--realm', '/listed', ...args)).map(({ client_id }) => client_id);

  it('--json prints a line for each in the order of names', async () => {
    expect(await names()).toEqual(['a1', 'a2', 'b1', 'b2']);
  });

  it('filters', async () => {
    expect(await names('--prefix', 'a')).toEqual(['a1', 'a2']);
    expect(await names('--disabled')).toEqual(['b2']);
    expect(await names('--enabled', '--grant-type', 'password')).toEqual(['a1', 'b1']);
    expect(await names('--after', 'a2')).toEqual(['b1', 'b2']);
  });

  it('prints a table, and says that others follow', async () => {
    const ended = await run(['client', 'list', '--realm', '/listed', '--limit', '1']);
    expect(ended).toMatchObject({
      status: 0,
      stderr: 'symbolon: others may follow: go on with --after "a1"\n',
    });
    expect(ended.stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['client', 'state', 'type', 'grant types', 'scopes', 'name'],
      ['a1', 'enabled', 'public', 'password'],
      [''],
    ]);
    expect(await done('user', 'list', '--realm', '/listed')).toBe('no users\n');
    const realms = await done('realm', 'list', '--under', '/listed');
    expect(realms).toBe('realm    state    auth level  usernames\n/listed  enabled           0  exact\n');
  });

  it('colours what is disabled only where it is told so', () => {
    const rows = [['a', { text: 'disabled', colour: 'yellow' as const }, '']];
    expect(subjectTable('user', rows, true)).toContain('\x1b[33mdisabled');
    expect(subjectTable('user', rows, false)).not.toContain('\x1b');
  });

  it('exits with 2 for a bad limit or filter, and with 3 when the database is unreachable', async () => {
    expect(await run(['client', 'list', '--limit', '0'])).toMatchObject({ status: 2, stdout: '' });
    expect(await run(['user', 'list', '--limit', '10001'])).toMatchObject({
      status: 2,
      stderr: 'symbolon: a table has 10000 rows at most: add --json, or lower --limit\n',
    });
    expect(await run(['client', 'list', '--enabled', '--disabled'])).toMatchObject({ status: 2, stdout: '' });
    const DATABASE_URL = 'postgres://symbolon:s3cret@127.0.0.1:1/symbolon';
    expect(await commandLine(['user', 'list'], { env: { DATABASE_URL } })).toMatchObject({
      status: 3,
      stdout: '',
    });
  });

  it('ends quietly when nobody reads its output any more', async () => {
    const args = [...shortLived, program, 'realm', 'list', '--json'];
    const child = spawn(process.execPath, args, { env, stdio: 'pipe' });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const [status] = (await once(child, 'close')) as [number | null];
    expect({ status, stderr: stderr.replace(whichDatabase, '') }).toEqual({ status: 0, stderr: '' });
  });
});

it('show prints a subject as a configuration file has it', async () => {
  const shown = await done('realm', 'show', '/team');
  expect(shown).toMatch(
    /^# created \d{4}-\S+Z, changed \d{4}-\S+Z\nname: \/team\nauth_level: 0\nusernames: exact\nenabled: true\n$/,
  );
});
