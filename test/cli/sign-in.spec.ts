import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { shortLived } from '../support/server-process.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { configuration } from '../support/configuration.js';
import { ask } from '../support/exchange.js';
import { ann, codeClient, publicCodeClient } from '../support/sign-in.js';
import { Visitor } from '../support/visitor.js';
import { closedUrl } from './canned-server.js';
import { program, symbolon } from './symbolon.js';

const loopback = 'http://127.0.0.1:3000/callback';

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.start({
    hasher: new FastHasher(),
    configuration: configuration({
      '/': {
        clients: [publicCodeClient({ redirect_uris: [loopback] }), codeClient({ client_id: 'elsewhere' })],
        users: [ann],
      },
      '/alpha': {
        clients: [codeClient({ redirect_uris: [loopback, 'http://localhost/other'] })],
        users: [ann],
      },
    }),
  });
});
afterAll(() => app.stop());

/** Starts the command, which waits for a user. */
function start(args: readonly string[], input = '', { url } = app) {
  const wholeArgs = [...shortLived, program, 'sign-in', '--url', url, ...args];
  const child = execFile(process.execPath, wholeArgs, { env: {} });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (text: string) => (stdout += text));
  const address = new Promise<URL>((resolve, reject) => {
    child.stderr?.on('data', (text: string) => {
      stderr += text;
      const [url] = /http:\S+(?=\n)/.exec(stderr) ?? [];
      if (url !== undefined) resolve(new URL(url));
    });
    child.once('exit', () => reject(new Error(`the command has ended: ${stderr}`)));
  });
  child.stdin?.end(input);
  const ended = once(child, 'close').then(([status]) => ({ status: status as number, stdout, stderr }));
  return { address, ended };
}

/** The path of an address of the server. */
const pathOf = (address: URL) => address.pathname + address.search;

/** Opens the address as a browser would, and goes where the answer leads. */
async function answer(address: URL, decision: string): Promise<Response> {
  const visit = await new Visitor(app).allow(pathOf(address), { decision });
  return fetch(visit.location ?? '');
}

it('the demo lets its user sign in, as docs/sign-in.md has it', async () => {
  const page = readFileSync(new URL('../../docs/sign-in.md', import.meta.url), 'utf8');
  const [, args = ''] = /^symbolon sign-in (.*)$/m.exec(page) ?? [];
  const [, username = '', password = ''] = /user `(\w+)` sign in with the password `(\w+)`/.exec(page) ?? [];
  const demo = await TestApp.start();
  try {
    const { address, ended } = start(args.split(' '), '', demo);
    const visitor = new Visitor(demo);
    const consent = await visitor.signIn(pathOf(await address), username, password);
    const { location = '' } = await visitor.submit(consent, { decision: 'allow' });
    await (await fetch(location)).text();
    expect(await ended).toMatchObject({ status: 0, stdout: expect.stringContaining('"realm":"/alpha"') });
  } finally {
    await demo.stop();
  }
});

it('prints the token, and what both flavours say of it', async () => {
  const { address, ended } = start(['--client-id', 'app', '--public', '--scope', 'write']);
  const response = await answer(await address, 'allow');
  expect([response.status, await response.text()]).toEqual([
    200,
    expect.stringContaining('You can close this window'),
  ]);
  const { status, stdout, stderr } = await ended;
  expect([status, stderr]).toEqual([
    0,
    expect.stringMatching(/^Sign in with a browser at:\n\n {2}http:\S+\n\n$/),
  ]);
  const [, token, axway, forgeRock] =
    /^Access token:\n(sya_[\w-]{54})\n\nAxway’s token information \(status 200\):\n(.*)\n\nForgeRock’s token information \(status 200\):\n(.*)\n$/.exec(
      stdout,
    ) ?? [];
  expect(token).toMatch(/^sya_/);
  expect(JSON.parse(axway)).toMatchObject({ audience: 'app', user_id: 'ann', scope: 'write' });
  expect(JSON.parse(forgeRock)).toMatchObject({ grant_type: 'authorization_code', access_token: token });
});

it('signs in at a realm, with a secret from standard input, and at another redirect URI', async () => {
  const args = ['--client-id', 'app', '--realm', '/alpha', '--redirect-uri', 'http://localhost/other'];
  const { address, ended } = start(args, 'app-secret\n');
  expect((await address).searchParams.get('redirect_uri')).toMatch(/^http:\/\/localhost:\d+\/other$/);
  await (await answer(await address, 'allow')).text();
  const { status, stdout } = await ended;
  expect([status, stdout]).toEqual([0, expect.stringContaining('"realm":"/alpha"')]);
});

it('takes a realm without its slash, as the server does', async () => {
  const { address, ended } = start(['--client-id', 'app', '--realm', 'alpha'], 'app-secret\n');
  await (await answer(await address, 'allow')).text();
  const { status, stdout } = await ended;
  expect([status, stdout]).toEqual([0, expect.stringContaining('"realm":"/alpha"')]);
});

it('says that the user has refused', async () => {
  const { address, ended } = start(['--client-id', 'app', '--public']);
  await (await answer(await address, 'deny')).text();
  const { status, stdout, stderr } = await ended;
  expect([status, stdout, stderr]).toEqual([1, '', expect.stringMatching(/\nsymbolon: The user .*\n$/)]);
});

it('refuses requests of other programs for what is no URL, and goes on', async () => {
  const { address, ended } = start(['--client-id', 'app', '--public']);
  const { origin } = new URL((await address).searchParams.get('redirect_uri') ?? '');
  for (const path of ['//', 'http://[', '/callback', '/favicon.ico'])
    expect((await ask({ url: origin }, { method: 'GET', path })).status).toBe(400);
  await (await answer(await address, 'allow')).text();
  expect(await ended).toMatchObject({ status: 0 });
});

it('takes no answer that has not its state, and none of another issuer (RFC 9207 §2.4)', async () => {
  const { address, ended } = start(['--client-id', 'app', '--public']);
  const { searchParams } = await address;
  const callback = (parameters: Record<string, string>) =>
    fetch(`${searchParams.get('redirect_uri')}?${new URLSearchParams(parameters).toString()}`);
  expect((await callback({ code: 'forged', state: 'forged' })).status).toBe(400);
  expect((await callback({ code: 'forged' })).status).toBe(400);
  const state = searchParams.get('state') ?? '';
  await (await callback({ code: 'mixed-up', state, iss: 'https://evil.example.com' })).text();
  const { status, stdout, stderr } = await ended;
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/symbolon: the answer is not of the server that was asked\n$/);
});

it.each([
  [
    'https://app.example.com/callback',
    2,
    'symbolon: --redirect-uri: not an http URI on 127.0.0.1, [::1] or localhost\n',
  ],
  ['nonsense', 2, 'symbolon: --redirect-uri: not an http URI on 127.0.0.1, [::1] or localhost\n'],
])('refuses the redirect URI %s', async (uri, status, stderr) => {
  const args = ['sign-in', '--url', app.url, '--client-id', 'app', '--public', '--redirect-uri', uri];
  expect(await symbolon(args)).toEqual({ status, stdout: '', stderr });
});

it('says that the port of the redirect URI is taken', async () => {
  const args = ['sign-in', '--url', app.url, '--client-id', 'app', '--public'];
  const uri = `${app.url}/callback`;
  expect(await symbolon([...args, '--redirect-uri', uri])).toEqual({
    status: 2,
    stdout: '',
    stderr: 'symbolon: --redirect-uri: it cannot be listened on (EADDRINUSE)\n',
  });
});

it('says that there is no server, or no such realm', async () => {
  const args = ['sign-in', '--client-id', 'app', '--public', '--url'];
  expect((await symbolon([...args, await closedUrl()])).status).toBe(3);
  expect(await symbolon([...args, app.url, '--realm', '/unknown'])).toMatchObject({
    status: 1,
    stderr: 'symbolon: Realm not found\n',
  });
});
