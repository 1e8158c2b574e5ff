import { readFileSync } from 'node:fs';
import { closedUrl } from './canned-server.js';
import { commandLine } from './command-line.js';
import { symbolon } from './symbolon.js';

const commands = [
  [],
  ['token-info'],
  ['token'],
  ['apply'],
  ['migrate'],
  ['import'],
  ['import', 'tokens'],
  ['keys'],
  ['keys', 'rotate'],
  ['hash'],
  ['traffic'],
  ['nodes'],
  ['serve'],
];
const packageJson = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
const { version, bin } = JSON.parse(packageJson) as { version: string; bin: Record<string, string> };

it.each(commands)('%s --help says how it is called and what its exit status means', async (...command) => {
  const { status, stdout, stderr } = await commandLine([...command, '--help']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain(`Usage: ${['symbolon', ...command].join(' ')} `);
  expect(stdout).toContain('Exit status:');
});

it.each([['token-info'], ['token']])('%s --help warns of secrets on a command line', async (command) => {
  const { stdout } = await commandLine([command, '--help']);
  expect(stdout.replace(/\s+/g, ' ')).toContain('be seen by other users of the machine');
});

it.each(commands)('%s --version is that of the package', async (...command) => {
  const ended = await commandLine([...command, '--version']);
  expect(ended).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
});

it('is the program that the package installs, and can be run by itself', async () => {
  expect(await symbolon(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  const program = readFileSync(new URL(`../../${bin.symbolon}`, import.meta.url), 'utf8');
  expect(program).toMatch(/^#!\/usr\/bin\/env node\n/);
});

describe('exits with 2 and one line at', () => {
  const asking = ['token-info', 'x', '--url'];
  const badUrl = 'symbolon: --url: not an http or https URL without user, query and fragment\n';

  it.each([
    ['an unknown command', ['introspect'], "symbolon: unknown command 'introspect'\n"],
    ['an unknown option', ['hash', '--fast'], "symbolon: unknown option '--fast'\n"],
    [
      'a mistyped option, whose value may be a secret',
      ['hash', '--pasword=s3cret'],
      "symbolon: unknown option '--pasword'\n",
    ],
    ['a missing argument', ['apply'], "symbolon: missing required argument 'FILE'\n"],
    [
      'too many arguments',
      ['apply', 'a', 's3cret'],
      expect.stringMatching(/^symbolon: [^\n]*Expected 1 argument/),
    ],
    ['text that is not a URL', [...asking, 'localhost'], badUrl],
    ['a URL that is not HTTP', [...asking, 'ftp://localhost'], badUrl],
    ['a URL with a password', [...asking, 'http://me:s3cret@localhost'], badUrl],
    ['a URL with a query', [...asking, 'http://localhost/?a=b'], badUrl],
  ])('%s', async (_, args, stderr) => {
    expect(await symbolon(args)).toEqual({ status: 2, stdout: '', stderr });
  });
});

it('exits with 2 and shows the help where a command lacks its subcommand', async () => {
  const { status, stdout, stderr } = await symbolon(['keys']);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('Usage: symbolon keys ');
});

describe('starts the server', () => {
  it.each([[[]], [['serve']]])('by %j, and says why it cannot', async (args) => {
    const ended = await symbolon(args, { env: { PORT: 'x' } });
    const stderr = 'symbolon: PORT: not a whole number from 0 to 65535\n';
    expect(ended).toEqual({ status: 1, stdout: '', stderr });
  });
});

describe('loads Nest and TypeORM', () => {
  /** A module hook that refuses imports of packages that are slow to load. */
  const hook = `export const resolve = (name, context, next) => {
    if (/^(@nestjs|typeorm|pg)(\\/|$)/.test(name)) throw new Error(name);
    return next(name, context);
  };`;
  const preload = `import { register } from 'node:module'; register('${dataUrl(hook)}');`;
  const env = { NODE_OPTIONS: `--import=${dataUrl(preload)}` };

  it('not to talk to a server or to hash', async () => {
    const url = await closedUrl();
    const token = ['token', '--grant', 'client_credentials', '--client-id', 'a', '--client-secret', 'b'];
    expect(await symbolon(['token-info', '--url', url, 'x'], { env })).toMatchObject({ status: 3 });
    expect(await symbolon([...token, '--url', url], { env })).toMatchObject({ status: 3 });
    expect(await symbolon(['hash'], { env, input: 'password\n' })).toMatchObject({ status: 0 });
  });

  it('to apply a file', async () => {
    const { stderr } = await symbolon(['apply', 'package.json'], { env });
    expect(stderr).toMatch(/^symbolon: unexpected Error\n/);
  });

  function dataUrl(module: string): string {
    return `data:text/javascript,${encodeURIComponent(module)}`;
  }
});
