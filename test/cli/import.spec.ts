import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TokenCodec } from '../../src/domain/token-codec.js';
import { TestApp } from '../support/app.js';
import { client, configuration } from '../support/configuration.js';
import { createDatabase, onServer, temporaryFolder, type TestDatabase } from '../support/database.js';
import { askForgeRock } from '../support/tokeninfo.js';
import { commandLine } from './command-line.js';

let database: TestDatabase;
let app: TestApp;
let file: string;
let env: Readonly<Record<string, string>>;
let where: string;

beforeAll(async () => {
  database = await createDatabase();
  const users = [{ username: 'ann', password: 'ann-password' }];
  app = await TestApp.start({
    settings: database.settings,
    configuration: configuration({ '/': { clients: [client()], users } }),
  });
  file = join(await temporaryFolder(), 'tokens.jsonl');
  env = { CONFIG_FILE: 'any', ...database.settings };
  where = onServer ? 'the database of DATABASE_URL' : `the embedded database ${database.settings.DATA_DIR}`;
});

afterAll(async () => {
  await app.stop();
  await database.drop();
});

let serial = 0;

function aLine(fields: object = {}): string {
  serial += 1;
  const expires_at = '2030-01-01T00:00:00Z';
  return JSON.stringify({ token: `value-${serial}`, client_id: 'app', scope: 'read', expires_at, ...fields });
}

async function importing(lines: readonly string[], ...options: string[]) {
  await writeFile(file, lines.map((line) => `${line}\n`).join(''));
  return commandLine(['import', 'tokens', file, ...options], { env });
}

function summary(counts: string): string {
  return `${file}: ${counts} in ${where}\n`;
}

it('imports into the database of a running server, and can be run again', async () => {
  const lines = [aLine({ token: 'of-ann', username: 'ann' }), aLine({ expires_at: 1 })];
  const first = summary('1 added, 0 already there, 1 expired and left out, 0 bad');
  expect(await importing(lines)).toEqual({ status: 0, stdout: first, stderr: '' });
  await app.nest.get(TokenCodec).reload();
  expect((await askForgeRock(app, 'of-ann')).status).toBe(200);
  const again = summary('0 added, 1 already there, 1 expired and left out, 0 bad');
  expect(await importing(lines)).toEqual({ status: 0, stdout: again, stderr: '' });
});

it('imports standard input', async () => {
  const input = `${aLine()}\n${aLine().replace('read', 'réad')}\n`;
  expect(await commandLine(['import', 'tokens', '-'], { env, input: Buffer.from(input, 'latin1') })).toEqual({
    status: 1,
    stdout: `standard input: 1 added, 0 already there, 0 expired and left out, 1 bad in ${where}\n`,
    stderr: 'symbolon: standard input:2: is not JSON in UTF-8\nsymbolon: 1 bad line was left out\n',
  });
});

it('names bad lines by number and reason, imports the good ones, and exits with 1', async () => {
  const lines = ['c4nary', aLine(), aLine({ client_id: 'c4nary' }), aLine()];
  expect(await importing(lines)).toEqual({
    status: 1,
    stdout: summary('2 added, 0 already there, 0 expired and left out, 2 bad'),
    stderr:
      `symbolon: ${file}:1: is not JSON in UTF-8\n` +
      `symbolon: ${file}:3: client_id: is not in the directory\n` +
      'symbolon: 2 bad lines were left out\n',
  });
});

it('names twenty bad lines, and counts the others', async () => {
  const { status, stdout, stderr } = await importing(Array.from({ length: 25 }, () => '{}'));
  expect({ status, stdout }).toEqual({
    status: 1,
    stdout: summary('0 added, 0 already there, 0 expired and left out, 25 bad'),
  });
  const said = stderr.split('\n');
  expect(said).toHaveLength(22);
  expect(said[19]).toBe(`symbolon: ${file}:20: token or sha256: is missing`);
  expect(said[20]).toBe('symbolon: 25 bad lines were left out');
});

it('stops at the first bad line with --strict, and says from which line to continue', async () => {
  const lines = [...Array.from({ length: 1200 }, () => aLine()), '{', '{', aLine()];
  expect(await importing(lines, '--strict')).toEqual({
    status: 1,
    stdout: summary('1000 added, 0 already there, 0 expired and left out, 1 bad'),
    stderr:
      `symbolon: ${file}:1201: is not JSON in UTF-8\n` +
      'symbolon: stopped at a bad line; go on with --from-line 1001\n',
  });
  expect(await importing(lines, '--from-line', '1001')).toMatchObject({
    status: 1,
    stdout: summary('201 added, 0 already there, 0 expired and left out, 2 bad'),
  });
});

it('exits with 2 when the file cannot be read', async () => {
  const missing = await commandLine(['import', 'tokens', `${file}.old`], { env });
  const stderr = 'symbolon: the file cannot be read (ENOENT)\n';
  expect(missing).toEqual({ status: 2, stdout: '', stderr });
  const folder = await commandLine(['import', 'tokens', join(file, '..')], { env });
  expect(folder).toEqual({ status: 2, stdout: '', stderr: 'symbolon: the file cannot be read (EISDIR)\n' });
});

it.each(['0', '-1', 'one', '1.5'])('exits with 2 at --from-line %s', async (number) => {
  const { status, stdout, stderr } = await commandLine(['import', 'tokens', file, `--from-line=${number}`], {
    env,
  });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^symbolon: [^\n]*Not a line number\.\n$/);
});

it('exits with 2 where tokens are kept in memory', async () => {
  const ended = await commandLine(['import', 'tokens', file], {
    env: { DATA_DIR: file, TOKEN_STORE: 'memory' },
  });
  const stderr = "symbolon: TOKEN_STORE: tokens that are kept in a server's memory cannot be imported\n";
  expect(ended).toEqual({ status: 2, stdout: '', stderr });
});

it('exits with 3 when the database is unreachable', async () => {
  const DATABASE_URL = 'postgres://symbolon:s3cret@127.0.0.1:1/symbolon';
  const { status, stdout, stderr } = await commandLine(['import', 'tokens', file], { env: { DATABASE_URL } });
  expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  expect(stderr).toMatch(/^symbolon: [^\n]*the database cannot be reached \(ECONNREFUSED\): [^\n]+\n$/);
});
