import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { KnownForms } from '../../src/hashing/known-forms.js';
import { FilePlanner } from '../../src/provisioning/file-plan.js';
import { directoryAfter } from '../provisioning/directories.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { RecordedEvents } from '../support/audit.js';
import { client, configuration } from '../support/configuration.js';
import { createDatabase, onServer, temporaryFolder, type TestDatabase } from '../support/database.js';
import { commandLine } from './command-line.js';

let database: TestDatabase;
let env: Readonly<Record<string, string>>;
let where: string;

beforeAll(async () => {
  database = await createDatabase();
  env = { CONFIG_FILE: 'any', ...database.settings };
  where = onServer ? 'the database of DATABASE_URL' : `the embedded database ${database.settings.DATA_DIR}`;
});
afterAll(() => database.drop());

const zoe = { username: 'zoe', password: 'canary-1' };
const ann = { username: 'ann', password: 'pw' };
const before = configuration({
  '/alpha': {
    clients: [client({ client_secret: 'canary-1', client_secret_hash: undefined })],
    users: [zoe, ann],
  },
});
const after = configuration({
  '/alpha': {
    clients: [
      client({
        client_secret: 'canary-2',
        client_secret_hash: undefined,
        scopes: ['read'],
        attributes: new Map([['team', 'canary']]),
      }),
    ],
    users: [
      { ...zoe, password: 'canary-2', enabled: false },
      { ...ann, state: 'absent' },
    ],
  },
  '/beta': {},
});

const run = (input: string, ...args: string[]) => commandLine(['apply', '-', ...args], { env, input });

it('prints what a file would change, with status 4, changes nothing, and prints no secret', async () => {
  expect(await run(before)).toMatchObject({ status: 0, stderr: '' });
  const planned = await run(after, '--plan');
  expect(planned).toEqual({
    status: 4,
    stdout: [
      '~ client /alpha app (its tokens end)',
      '    scopes: ["read","write"] → ["read"]',
      '    attributes: changed',
      '    client_secret: changed',
      '~ user   /alpha zoe (its tokens end)',
      '    enabled: true → false',
      '    password: changed',
      '- user   /alpha ann (its tokens end)',
      '+ realm  /beta',
      '',
    ].join('\n'),
    stderr: `symbolon: standard input: 1 to add, 2 to update, 1 to remove, 1 unchanged in ${where}\n`,
  });
  expect(await run(after, '--plan')).toEqual(planned);
});

it('--json prints a line for each change', async () => {
  const { status, stdout } = await run(after, '--plan', '--json');
  expect(status).toBe(4);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      ...{ effect: 'update', ends_tokens: true, kind: 'client', realm: '/alpha', name: 'app', overrules: [] },
      changes: {
        scopes: { old: ['read', 'write'], new: ['read'] },
        attributes: 'changed',
        client_secret: 'changed',
      },
    },
    {
      ...{ effect: 'update', ends_tokens: true, kind: 'user', realm: '/alpha', name: 'zoe', overrules: [] },
      changes: { enabled: { old: true, new: false }, password: 'changed' },
    },
    {
      ...{ effect: 'remove', ends_tokens: true, kind: 'user', realm: '/alpha', name: 'ann', overrules: [] },
      changes: {},
    },
    {
      ...{ effect: 'add', ends_tokens: false, kind: 'realm', realm: '/beta', overrules: [] },
      changes: { auth_level: { new: 0 }, usernames: { new: 'exact' }, enabled: { new: true } },
    },
  ]);
});

it('ends with 0 where the file is the one that was applied last', async () => {
  expect(await run(before, '--plan')).toEqual({
    status: 0,
    stdout: `standard input: applied before, nothing would change in ${where}\n`,
    stderr: '',
  });
  expect(await run(before, '--plan', '--json')).toEqual({ status: 0, stdout: '', stderr: '' });
});

it('refuses a file that apply refuses, and --create', async () => {
  const refused = await run('realms: 1', '--plan');
  expect(refused).toMatchObject({ status: 1, stdout: '' });
  expect(refused.stderr).toMatch(/^symbolon: standard input:1: realms: must be a list/);
  expect(await run(before, '--plan', '--create')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/'--plan' cannot be used with option '--create'/),
  });
});

it('says which later changes by commands the file would overrule', async () => {
  const other = configuration({
    '/alpha': {
      clients: [client({ client_secret_hash: undefined, scopes: ['other'], default_scopes: [] })],
      users: [{ username: 'new', password: 'pw' }],
    },
  });
  await run(before);
  // Another file, applied by a command: a change that this file's next version would undo.
  const file = join(await temporaryFolder(), 'other.yaml');
  await writeFile(file, other);
  expect(await commandLine(['apply', file, '--json'], { env })).toEqual({
    status: 0,
    stdout: '{"skipped":false,"added":1,"updated":1,"removed":0,"unchanged":1}\n',
    stderr: '',
  });
  const { stdout, stderr } = await run(after, '--plan');
  const by = `by cli ${userInfo().username} at \\d{4}-\\S+Z`;
  expect(stdout).toMatch(
    new RegExp(
      `\\n    scopes: \\["other"\\] → \\["read"\\]\\n[^+~-]*    overrules client\\.updated ${by}\\n[^o]*~ user `,
    ),
  );
  expect(stdout.match(/overrules/g)).toHaveLength(1);
  expect(stderr).toContain('; later changes of 1 would be overruled in ');
});

/** An audit log without events. */
class NoEvents extends RecordedEvents {
  override async list(): Promise<[]> {
    return [];
  }
}

it('hashes no password', async () => {
  const directory = await directoryAfter(before);
  const hasher = new FastHasher();
  const forms = new KnownForms(hasher);
  const planner = new FilePlanner(directory, directory, hasher, forms, new NoEvents());
  const planned = await planner.plan({ file: 'symbolon.yaml', text: after }, {});
  expect(planned.counts).toEqual({ added: 1, updated: 2, removed: 1, unchanged: 1 });
  expect(hasher.hashed).toBe(0);
});
