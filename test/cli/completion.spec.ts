import { execFile, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '../support/database.js';
import { commandLine } from './command-line.js';

const run = promisify(execFile);

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { status, stdout, stderr } = await commandLine(['completion', shell]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    await writeFile(join(folder, shell), stdout);
  }
  await mkdir(join(folder, 'files'));
  await writeFile(join(folder, 'files', 'my realms.yaml'), '');
});

/** What bash offers at the end of a line; its words are those that bash makes of it. */
async function offered(...words: string[]): Promise<string[]> {
  const script = `source "$1"; shift
COMP_WORDS=(symbolon "$@"); COMP_CWORD=$#
_symbolon
for word in "\${COMPREPLY[@]}"; do echo "$word"; done`;
  const args = ['--norc', '-c', script, 'bash', join(folder, 'bash'), ...words];
  const { stdout, stderr } = await run('bash', args, { cwd: join(folder, 'files') });
  expect(stderr).toBe('');
  return stdout.split('\n').slice(0, -1);
}

describe('bash', () => {
  it('completes commands, and those below a command', async () => {
    expect(await offered('expl')).toEqual(['explain']);
    expect(await offered('')).toEqual(expect.arrayContaining(['serve', 'apply', 'completion', 'help']));
    expect(await offered('keys', 'ro')).toEqual(['rotate']);
  });

  it('completes the options of the command alone', async () => {
    expect(await offered('migrate', '--')).toEqual(['--plan', '--version', '--help']);
    expect(await offered('keys', 'rotate', '-')).not.toContain('--plan');
  });

  it('completes the values of options and arguments', async () => {
    expect(await offered('traffic', '--window', '1')).toEqual(['10m', '1h', '10h']);
    expect(await offered('traffic', '--window', '=', '9')).toEqual(['90d']);
    expect(await offered('traffic', '--window', '=')).toHaveLength(5);
    expect(await offered('completion', 'z')).toEqual(['zsh']);
  });

  it('completes the names of files, with spaces, too', async () => {
    expect(await offered('apply', 'my')).toEqual(['my realms.yaml']);
    expect(await offered('apply', '--plan', '')).toEqual(['my realms.yaml']);
  });

  it('offers nothing for what it cannot know', async () => {
    expect(await offered('explain', '--realm', '')).toEqual([]);
    expect(await offered('explain', '')).toEqual([]);
    expect(await offered('nonsense', 'x')).toEqual([]);
  });

  it('is loaded by a line of ~/.bashrc', async () => {
    const { stdout } = await run('bash', [
      '--norc',
      '-c',
      'source "$1" && complete -p symbolon',
      'bash',
      join(folder, 'bash'),
    ]);
    expect(stdout).toBe('complete -F _symbolon symbolon\n');
  });
});

/** Shells that not every machine has: elsewhere their scripts are not checked. */
describe.each(['zsh', 'fish'])('%s', (shell) => {
  const installed = spawnSync(shell, ['--version']).error === undefined;
  (installed ? it : it.skip)('finds no fault in its script', async () => {
    expect(await run(shell, ['-n', join(folder, shell)])).toMatchObject({ stdout: '', stderr: '' });
  });
});

it.each([
  ['an unknown shell', 'tcsh'],
  ['no shell', undefined],
])('exits with 2 for %s', async (_, shell) => {
  const ended = await commandLine(['completion', ...(shell === undefined ? [] : [shell])]);
  expect(ended).toMatchObject({ status: 2, stdout: '' });
});
