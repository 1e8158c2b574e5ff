import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { demoDataFolder, ServerProcess } from '../support/server-process.js';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(`${repository}docs/admin-api.md`, 'utf8');
const [, day = ''] = /^## A day of an operator\n(.*?)^## /ms.exec(page) ?? [];
const [shorthands, newRealm, change, secret, leaver, question] = [
  ...day.matchAll(/^```sh\n(.*?)^```/gms),
].map(([, block]) => block);
const run = promisify(execFile);

let server: ServerProcess;
let dataFolder: string;

beforeAll(async () => {
  dataFolder = await demoDataFolder();
  server = await ServerProcess.start({ DATA_DIR: dataFolder });
});
afterAll(() => ServerProcess.endAll());

/** Runs a block of the page behind its shorthands, and returns the answers, one after the other. */
async function walk(block: string, env: Readonly<Record<string, string>> = {}) {
  const own = `symbolon() { ${process.execPath} dist/src/cli/main.js "$@"; }\n`;
  const script = own + (shorthands + block).replaceAll('http://127.0.0.1:9000', server.adminUrl);
  const { stdout } = await run('bash', ['--norc', '-euo', 'pipefail', '-c', script], {
    cwd: repository,
    env: { PATH: process.env.PATH, DATA_DIR: dataFolder, ...env },
  });
  return JSON.parse(`[${stdout.replaceAll(/\}\s*\{/g, '},{')}]`) as Record<string, unknown>[];
}

/** The status of the public listener's answer, and the answer. */
async function post(path: string, form: Readonly<Record<string, string>>) {
  const answer = await fetch(`${server.url}/oauth2/shop/${path}`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}

it('an operator’s day on the page about the admin API goes as it says', async () => {
  const [realm, client, user] = await walk(newRealm);
  expect(realm).toMatchObject({ name: '/shop', enabled: true });
  expect(client).toMatchObject({ realm: '/shop', client_id: 'till', client_secret: expect.any(String) });
  expect(user).toMatchObject({ realm: '/shop', username: 'ann' });
  const signIn = { grant_type: 'password', username: 'ann', password: 'correct horse', client_id: 'till' };
  const issue = (clientSecret: unknown) =>
    post('access_token', { ...signIn, client_secret: String(clientSecret) });
  expect(await issue(client.client_secret)).toMatchObject({ status: 200, json: { expires_in: 3600 } });

  const [changed] = await walk(change);
  expect(changed).toMatchObject({ client_id: 'till', access_token_lifetime: 900 });

  const [rotated] = await walk(secret);
  expect(rotated.client_secret).not.toBe(client.client_secret);
  const [byOld, byNew] = [await issue(client.client_secret), await issue(rotated.client_secret)];
  expect(byOld).toMatchObject({ status: 200, json: { expires_in: 900 } });
  expect(byNew).toMatchObject({ status: 200, json: { expires_in: 900 } });

  const [open, disabled] = await walk(leaver);
  expect(open.items).toHaveLength(3);
  expect(disabled).toMatchObject({ username: 'ann', enabled: false });
  expect(await issue(rotated.client_secret)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });

  const token = String(byNew.json.access_token);
  const [explained, audit] = await walk(question, { TOKEN: token });
  expect(explained).toMatchObject({ verdict: 'inactive', reason: 'user_disabled' });
  expect(audit.items).toEqual([
    expect.objectContaining({ action: 'user.disabled', realm: '/shop', name: 'ann' }),
    expect.objectContaining({ action: 'user.created', realm: '/shop', name: 'ann' }),
  ]);
});
