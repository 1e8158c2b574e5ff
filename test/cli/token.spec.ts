import { TestApp } from '../support/app.js';
import { client, configuration, publicClient } from '../support/configuration.js';
import { closedUrl } from './canned-server.js';
import { commandLine } from './command-line.js';

/** A client and a user whose names and secrets look different once they are encoded. */
const oddId = 'a:b c%41+é';
const oddSecret = 's:e&c=r+e%74 ü';
const oddPassword = ' pä&ss=w+rd% ';

let app: TestApp;

beforeAll(async () => {
  const user = { username: 'zoë', password: oddPassword };
  app = await TestApp.start({
    configuration: configuration({
      '/': { clients: [client(), publicClient({ client_id: 'public' })], users: [user] },
      '/alpha': {
        clients: [client({ client_id: oddId, client_secret_hash: undefined, client_secret: oddSecret })],
        users: [user],
      },
    }),
  });
});

afterAll(() => app.stop());

function token(args: readonly string[], input = '') {
  return commandLine(['token', '--url', app.url, ...args], { input });
}

const byClient = ['--grant', 'client_credentials', '--client-id', 'app'];
const aToken = /^sya_[A-Za-z0-9_-]{54}\n$/;

describe('prints the token alone', () => {
  it('for client credentials', async () => {
    const { stdout, ...rest } = await token([...byClient, '--client-secret', 'app-secret']);
    expect(rest).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(aToken);
  });

  it('for a password, in a realm', async () => {
    const { stdout, ...rest } = await token([
      ...['--grant', 'password', '--realm', '/alpha', '--scope', 'write read'],
      ...['--client-id', oddId, '--client-secret', oddSecret, '--username', 'zoë', '--password', oddPassword],
    ]);
    expect(rest).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(aToken);
    const { stdout: info } = await commandLine(['token-info', '--url', app.url, stdout.trim()]);
    expect(info).toContain(`\nToken audience received from authorization server:${oddId}\n`);
    expect(info).toContain('\nScopes user consented to:write read\n');
    expect(info).toContain('\nUser id :zoë\n');
  });

  it('for a public client', async () => {
    const { stdout, ...rest } = await token([
      ...['--grant', 'password', '--client-id', 'public', '--public'],
      ...['--username', 'zoë', '--password', oddPassword],
    ]);
    expect(rest).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(aToken);
  });

  it('with the secrets from standard input', async () => {
    const args = ['--grant', 'password', '--realm', 'alpha', '--client-id', oddId, '--username', 'zoë'];
    const { stdout, ...rest } = await token(args, `${oddSecret}\n${oddPassword}\n`);
    expect(rest).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(aToken);
  });
});

it('prints the whole answer with --json', async () => {
  const { status, stdout } = await token([...byClient, '--json'], 'app-secret\n');
  expect(status).toBe(0);
  expect(stdout.endsWith('}\n')).toBe(true);
  expect(JSON.parse(stdout)).toEqual({
    access_token: expect.stringMatching(/^sya_/),
    scope: 'read',
    token_type: 'Bearer',
    expires_in: 3600,
  });
});

describe('exits with 1 and says why', () => {
  it.each([
    ['a wrong secret', [...byClient, '--client-secret', 'wrong'], 'Client authentication failed.'],
    [
      'a wrong password',
      [
        ...['--grant', 'password', '--client-id', 'app', '--client-secret', 'app-secret'],
        ...['--username', 'zoë', '--password', 'wrong'],
      ],
      'The resource owner credentials are invalid.',
    ],
    [
      'an unknown realm',
      [...byClient, '--client-secret', 'app-secret', '--realm', '/beta'],
      'Realm not found',
    ],
  ])('at %s', async (_, args, reason) => {
    expect(await token(args)).toEqual({ status: 1, stdout: '', stderr: `symbolon: ${reason}\n` });
  });
});

describe('exits with 2', () => {
  it.each([
    ['a password grant without user name', ['--grant', 'password', '--client-id', 'app']],
    ['a user name without password grant', [...byClient, '--username', 'zoë']],
    ['a secret of a public client', [...byClient, '--public', '--client-secret', 'app-secret']],
    ['an unknown grant', ['--grant', 'implicit', '--client-id', 'app']],
    ['no client', ['--grant', 'client_credentials']],
    ['no secret', byClient],
  ])('at %s', async (_, args) => {
    const ended = await token(args);
    expect(ended).toMatchObject({ status: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^symbolon: .+\n$/);
  });
});

it('exits with 3 when no server listens at the URL', async () => {
  const url = await closedUrl();
  const ended = await commandLine(['token', ...byClient, '--url', url], { input: 'app-secret\n' });
  const stderr = `symbolon: ${url} cannot be reached (connection refused)\n`;
  expect(ended).toEqual({ status: 3, stdout: '', stderr });
});
