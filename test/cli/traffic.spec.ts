import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { tableLines } from '../../src/cli/table.js';
import { trafficTable } from '../../src/cli/traffic.presenter.js';
import { TrafficStore } from '../../src/domain/traffic.js';
import { aRow } from '../monitoring/traffic.js';
import { TestApp } from '../support/app.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { shortLived } from '../support/server-process.js';
import { commandLine } from './command-line.js';
import { program, symbolon } from './symbolon.js';

let database: TestDatabase;
let app: TestApp;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  database = await createDatabase();
  env = { CONFIG_FILE: 'any', ...database.settings };
  app = await TestApp.start({ settings: database.settings });
  const rows = [
    aRow({ messages: 1200, successes: 1150, failures: 50, timeSum: 600_000, timeMin: 80, timeMax: 12_345 }),
    aRow({
      client: 'other\u001b[2J',
      method: 'POST',
      messages: 2,
      successes: 1,
      exceptions: 1,
      timeSum: 200,
    }),
    aRow({ realm: '', client: '', failures: 1, successes: 0 }),
  ];
  // The command uses the clock of the machine.
  await app.nest.get(TrafficStore).add([{ at: Date.now(), rows }], 2000);
});

afterAll(async () => {
  await app.stop();
  await database.drop();
});

const traffic = (...args: string[]) => commandLine(['traffic', ...args], { env });

/** The lines of JSON that a command prints. */
async function groups(...args: string[]): Promise<unknown[]> {
  const { status, stdout, stderr } = await traffic('--json', ...args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const lines = stdout.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as unknown);
}

it('prints a table of services and methods, busiest first, with a total', async () => {
  const { status, stdout, stderr } = await traffic();
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toBe(
    [
      'service            method      messages  successes  failures  exceptions  min ms  avg ms  max ms',
      '/oauth2/tokeninfo  GET header     1,201      1,150        51           0    0.08    0.50   12.35',
      '/oauth2/tokeninfo  POST               2          1         0           1    0.10    0.10    0.10',
      'total                             1,203      1,151        51           1    0.08    0.50   12.35',
      '',
    ].join('\n'),
  );
});

it('groups by what is asked for, without characters that control a terminal; the total is of all groups', async () => {
  const { stdout } = await traffic('--by', 'client', '--by', 'realm', '--limit', '2', '--window', '5d');
  expect(stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual([
    ['client', 'realm', 'messages'],
    ['app', '/', '1,200'],
    ['other[2J', '/', '2'],
    ['total', '1,203', '1,151'],
    [''],
  ]);
});

it('--json prints a line for each group', async () => {
  expect(await groups('--by', 'realm,client')).toEqual([
    {
      client: 'app',
      realm: '/',
      messages: 1200,
      successes: 1150,
      failures: 50,
      exceptions: 0,
      min_ms: 0.08,
      avg_ms: 0.5,
      max_ms: 12.345,
    },
    expect.objectContaining({ client: 'other\u001b[2J', messages: 2 }),
    expect.objectContaining({ client: '', realm: '', messages: 1, failures: 1 }),
  ]);
});

it('counts the messages of the filters alone', async () => {
  const filters = ['--realm', '/', '--method', 'GET header', '--service', '/oauth2/tokeninfo'];
  expect(await groups('--by', 'client', ...filters)).toMatchObject([{ client: 'app' }]);
  expect(await groups('--by', 'client', '--client', '')).toMatchObject([{ client: '', messages: 1 }]);
});

it('says when there were no messages, and prints no JSON then', async () => {
  const none = ['--service', '/nowhere', '--window', '1h'];
  expect(await traffic(...none)).toEqual({ status: 0, stdout: 'no messages in the last 1h\n', stderr: '' });
  expect(await traffic('--json', ...none)).toEqual({ status: 0, stdout: '', stderr: '' });
});

it.each([
  ['--window', '2h'],
  ['--by', 'colour'],
  ['--by', 'service,'],
  ['--limit', '0'],
  ['--limit', '201'],
  ['--limit', 'x'],
  ['--colour', 'x'],
])('exits with 2 for %s %s', async (...args) => {
  const { status, stdout, stderr } = await traffic(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^symbolon: [^\n]+\n$/);
});

it.each(['traffic', 'nodes'])('%s exits with 3 when the database is unreachable', async (command) => {
  const DATABASE_URL = 'postgres://symbolon:s3cret@127.0.0.1:1/symbolon';
  const { status, stdout, stderr } = await commandLine([command], { env: { DATABASE_URL } });
  expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  expect(stderr).toMatch(/^symbolon: [^\n]*the database cannot be reached \(ECONNREFUSED\): [^\n]+\n$/);
});

it('ends quietly when nobody reads its output any more', async () => {
  const child = spawn(process.execPath, [...shortLived, program, 'traffic'], { env, stdio: 'pipe' });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [status] = (await once(child, 'close')) as [number | null];
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

/** It gives a program a terminal. */
const terminal = '/usr/bin/script';

(existsSync(terminal) ? it : it.skip)('shows the table on a terminal until Ctrl-C', async () => {
  const command = ['exec', process.execPath, ...shortLived, program, 'traffic'].join(' ');
  const child = spawn(terminal, ['-qec', command, '/dev/null'], {
    env: { ...env, TERM: 'xterm', PATH: process.env.PATH },
    stdio: 'pipe',
  });
  let shown = '';
  for await (const text of child.stdout.setEncoding('utf8')) {
    shown += text;
    if (shown.includes('total') && !child.stdin.writableEnded) child.stdin.end('\x03');
  }
  if (child.exitCode === null) await once(child, 'close');
  expect([child.exitCode, shown.replace('^C', '')]).toEqual([
    0,
    expect.stringMatching(/^\x1b\[H\x1b\[2J\x1b\[1mservice .*\x1b\[33m +51\x1b\[0m[^]*\r\ntotal [^\n]*\n$/s),
  ]);
});

describe('nodes', () => {
  it('lists the nodes that were seen in the last hour', async () => {
    const listed = await symbolon(['nodes'], { env });
    // The application has the stopped clock of tests, months ago.
    expect(listed).toEqual({ status: 0, stdout: 'no node was seen in the last hour\n', stderr: '' });
    app.clock.advance(Date.now() - app.clock.now());
    await app.flushMonitoring();
    const { stdout } = await commandLine(['nodes'], { env });
    const [titles, row, end] = stdout.split('\n');
    expect(titles).toMatch(
      /^host +pid +version +started +seen s ago +changes +cache hits % +memory MB +cpu s$/,
    );
    expect(row).toMatch(new RegExp(` ${process.pid} .* current `));
    expect(end).toBe('');
    const { stdout: json } = await commandLine(['nodes', '--json'], { env });
    expect(JSON.parse(json)).toMatchObject({ pid: process.pid, hears: true, cache_hits: expect.any(Number) });
  });
});

describe('a table on a terminal', () => {
  it('has colours, which do not change the width of its columns', () => {
    const columns = [{ title: 'a' }, { title: 'n', number: true }];
    const rows = [
      ['é🍵x', { text: '7', colour: 'red' }],
      ['b', '12'],
    ] as const;
    expect(tableLines(columns, rows, true)).toEqual([
      '\x1b[1ma     n\x1b[0m',
      'é🍵x  \x1b[31m 7\x1b[0m',
      'b    12',
    ]);
    expect(tableLines(columns, rows, false)).toEqual(['a     n', 'é🍵x   7', 'b    12']);
  });

  it('marks failures and exceptions', () => {
    const row = aRow({ failures: 3, exceptions: 4 });
    const text = trafficTable({ groups: [row], total: aRow() }, ['service'], '10m', true);
    expect(text.match(/\x1b\[3\dm *\d+\x1b\[0m/g)).toEqual([
      '\x1b[33m       3\x1b[0m',
      '\x1b[31m         4\x1b[0m',
    ]);
  });
});
