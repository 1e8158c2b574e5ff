import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { program, whichDatabase } from './symbolon.js';

const run = promisify(execFile);

let database: TestDatabase;
beforeAll(async () => (database = await createDatabase()));
afterAll(() => database.drop());

describe.each([
  ['--help', ['--help']],
  ['--version', ['--version']],
  ['audit', ['audit']],
  ['traffic', ['traffic', '--once']],
])('the output of %s', (_, args) => {
  const environment = () => ({ PATH: process.env.PATH, CONFIG_FILE: 'any', ...database.settings });

  it('that cannot be written ends the command with a status, and is said', async () => {
    const stdio = ['ignore', openSync('/dev/full', 'w'), 'pipe'] as const;
    const child = spawn(process.execPath, [program, ...args], { env: environment(), stdio: [...stdio] });
    const [stderr, [status]] = await Promise.all([text(child.stderr as Readable), once(child, 'close')]);
    expect([stderr.replace(whichDatabase, ''), status]).toEqual([
      'symbolon: the output cannot be written (ENOSPC)\n',
      1,
    ]);
  });

  it('whose reader has gone ends the command quietly', async () => {
    const command = `"${process.execPath}" "${program}" ${args.join(' ')} | true; echo "$\{PIPESTATUS[0]}"`;
    const { stdout, stderr } = await run('bash', ['--norc', '-c', command], { env: environment() });
    expect([stdout, stderr.replace(whichDatabase, '')]).toEqual(['0\n', '']);
  });
});
