import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { client, configuration } from '../support/configuration.js';
import { createDatabase, temporaryFolder, type TestDatabase } from '../support/database.js';
import { shortLived } from '../support/server-process.js';
import { commandLine } from './command-line.js';
import { program } from './symbolon.js';

/** A file whose third line holds a letter that is written differently in each encoding. */
const text = 'realms:\n  - name: /\n    users: [{username: Zoë, password: naïve}]\n';
const latin1 = Buffer.from(text, 'latin1');
const utf16 = Buffer.from(text, 'utf16le');
const utf16BigEndian = Buffer.from(utf16).swap16();
const marked = (bytes: Buffer, ...mark: number[]) => Buffer.concat([Buffer.from(mark), bytes]);

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase('schema');
});
afterAll(() => database.drop());

async function applied(bytes: Buffer) {
  const file = join(await temporaryFolder(), 'symbolon.yaml');
  await writeFile(file, bytes);
  const ended = await commandLine(['apply', file], { env: { CONFIG_FILE: file, ...database.settings } });
  return { ...ended, stderr: ended.stderr.replaceAll(file, 'symbolon.yaml') };
}

/**
 * Runs the program by a shell that writes bytes which no JavaScript text stands for: `printf` makes them of the octal
 * escapes in `$BYTES`.
 */
function withBytes(script: string, env: Readonly<Record<string, string>> = {}) {
  const command = `BYTES=$(printf 'na\\357ve'); ${script}`;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
    env: { PATH: process.env.PATH, NODE: process.execPath, PROGRAM: program, ...env },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}
const run = `"$NODE" ${shortLived.join(' ')} "$PROGRAM"`;

describe('a file that is not UTF-8 is refused with its line', () => {
  it.each([
    ['Latin-1', latin1, 'symbolon.yaml:3: is not UTF-8'],
    ['UTF-16', marked(utf16, 0xff, 0xfe), 'symbolon.yaml:1: is UTF-16, not UTF-8'],
    [
      'UTF-16 of the other byte order',
      marked(utf16BigEndian, 0xfe, 0xff),
      'symbolon.yaml:1: is UTF-16, not UTF-8',
    ],
    [
      'UTF-16 without a mark',
      Buffer.from('realms: []\n', 'utf16le'),
      'symbolon.yaml:1: contains NUL: it must be UTF-8, not UTF-16',
    ],
    [
      'a character that is cut off',
      Buffer.from(text).subarray(0, Buffer.from(text).indexOf(0xc3) + 1),
      'symbolon.yaml:3: is not UTF-8',
    ],
    [
      'a surrogate in bytes',
      Buffer.concat([Buffer.from('realms:\n# '), Buffer.from([0xed, 0xa0, 0x80])]),
      'symbolon.yaml:2: is not UTF-8',
    ],
    ['NUL', Buffer.from('realms:\n\n# \0'), 'symbolon.yaml:3: contains NUL: it must be UTF-8, not UTF-16'],
  ])('%s', async (_, bytes, reason) => {
    expect(await applied(bytes)).toEqual({ status: 1, stdout: '', stderr: `symbolon: ${reason}\n` });
  });

  it('but a byte order mark of UTF-8 is none of its text', async () => {
    expect(await applied(marked(Buffer.from(text), 0xef, 0xbb, 0xbf))).toMatchObject({
      status: 0,
      stderr: '',
    });
  });
});

describe('a line of standard input that is not UTF-8 is refused', () => {
  it.each([
    ['hash', ['hash'], Buffer.from('naïve\n', 'latin1'), 'Password: line 1 of standard input is not UTF-8'],
    [
      'hash',
      ['hash'],
      marked(Buffer.from('x\n', 'utf16le'), 0xff, 0xfe),
      'Password: line 1 of standard input is UTF-16, not UTF-8',
    ],
    [
      'hash',
      ['hash'],
      Buffer.from('x\n', 'utf16le'),
      'Password: line 1 of standard input contains NUL: it must be UTF-8, not UTF-16',
    ],
    [
      'token',
      ['token', '--grant', 'password', '--username', 'u', '--client-id', 'c'],
      Buffer.from('secret\nnaïve\n', 'latin1'),
      'Password: line 2 of standard input is not UTF-8',
    ],
    [
      'token-info',
      ['token-info'],
      Buffer.from('naïve', 'latin1'),
      'Token: line 1 of standard input is not UTF-8',
    ],
    ['explain', ['explain'], Buffer.from('naïve', 'latin1'), 'Token: line 1 of standard input is not UTF-8'],
  ])('by %s', async (_, args, input, reason) => {
    expect(await commandLine(args, { input })).toEqual({
      status: 2,
      stdout: '',
      stderr: `symbolon: ${reason}\n`,
    });
  });

  it('but a byte order mark and a carriage return are none of its text', async () => {
    const { stdout } = await commandLine(['hash'], { input: Buffer.from('\ufeffnaïve\r\n') });
    const { Argon2idHasher } = await import('../../src/hashing/argon2id.js');
    expect(await new Argon2idHasher().verify(stdout.trim(), 'naïve')).toBe(true);
  });
});

describe('an environment that is not UTF-8 is refused', () => {
  it('in a variable that the file names', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'symbolon.yaml');
    const users = [{ username: 'u', password: '${PW}' }];
    await writeFile(file, configuration({ '/': { clients: [client()], users } }));
    const env = { FILE: file, CONFIG_FILE: file, ...database.settings };
    expect(withBytes(`PW="$BYTES" ${run} apply "$FILE"`, env)).toEqual({
      status: 1,
      stdout: '',
      stderr: `symbolon: ${file}:1: realms[0].users[0].password: not UTF-8 in the environment: PW\n`,
    });
  });

  it.each([
    ['a setting', 'ISSUER="http://$BYTES"', 'ISSUER: is not UTF-8'],
    ['a variable of selectors', 'SELECTOR_ENV=NAME NAME="$BYTES"', 'SELECTOR_ENV: NAME is not UTF-8'],
  ])('in %s', (_, assignment, reason) => {
    const ended = withBytes(`${assignment} ${run} keys rotate`);
    expect(ended).toMatchObject({ status: 2, stdout: '' });
    expect(ended.stderr).toContain(`symbolon: ${reason}`);
  });

  it('and so is a command line', () => {
    expect(withBytes(`${run} token --grant password --client-id c --username "$BYTES"`)).toEqual({
      status: 2,
      stdout: '',
      stderr: 'symbolon: argument 7 is not UTF-8\n',
    });
  });
});
