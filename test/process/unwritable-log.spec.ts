import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { client, configuration } from '../support/configuration.js';
import { createDatabase, onServer } from '../support/database.js';
import { freePort } from '../support/free-port.js';
import { fileSettings, type Settings, shortLived } from '../support/server-process.js';

const main = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A server whose standard output is not ours to read, and so does not say its port. */
interface Silent {
  readonly child: ChildProcess;
  readonly url: string;
  /** Everything that it has written to standard error, at its end. */
  readonly stderr: Promise<string>;
}

async function start(stdout: number | 'pipe', settings: Settings = {}): Promise<Silent> {
  const port = await freePort();
  const file = await fileSettings(configuration({ '/': { clients: [client()] } }));
  const env = {
    ...file,
    ...settings,
    PATH: process.env.PATH,
    PORT: String(port),
    ADMIN_PORT: 'off',
    ACCESS_LOG: 'all',
  };
  const child: ChildProcess = spawn(process.execPath, [...shortLived, main], {
    env,
    stdio: ['ignore', stdout, 'pipe'],
  });
  children.push(child);
  const silent = { child, url: `http://127.0.0.1:${port}`, stderr: text(child.stderr as Readable) };
  await ready(silent);
  return silent;
}

/** Resolves when the server is ready. */
async function ready({ child, url }: Silent): Promise<void> {
  while (child.exitCode === null) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise(setImmediate);
  }
  throw new Error('it has ended before it was ready');
}

async function stop({ child }: Silent): Promise<unknown[]> {
  child.kill('SIGTERM');
  return once(child, 'close');
}

const ask = ({ url }: Silent) => fetch(`${url}/oauth2/tokeninfo?access_token=${'x'.repeat(20)}`);

it('serves and stops while its log has no space, and says how much was lost', async () => {
  const server = await start(openSync('/dev/full', 'w'));
  expect((await ask(server)).status).toBe(401);
  expect(await stop(server)).toEqual([0, null]);
  expect(await server.stderr).toMatch(
    /^symbolon: the log cannot be written \(ENOSPC\): its lines are lost\.\nsymbolon: \d+ lines of the log were lost\.\n$/,
  );
});

it('serves and stops when the reader of its log has gone', async () => {
  const server = await start('pipe');
  server.child.stdout?.destroy();
  while ((await ask(server)).status === 401 && !server.child.stderr?.readableDidRead)
    await new Promise(setImmediate);
  expect(await stop(server)).toEqual([0, null]);
  expect(await server.stderr).toMatch(/^symbolon: the log cannot be written \(EPIPE\)/);
});

it('serves and stops while nobody reads its log', async () => {
  const server = await start('pipe');
  // A pipe holds 64 kB, and the server a million characters more.
  for (let round = 0; round < 60; round += 1) {
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask(server)));
    expect(answers.every(({ status }) => status === 401)).toBe(true);
    await Promise.all(answers.map((answer) => answer.arrayBuffer()));
  }
  expect(await stop(server)).toEqual([0, null]);
  expect(await server.stderr).toMatch(
    /^symbolon: the log cannot be written \(nobody reads it\): its lines are lost\.\nsymbolon: \d+ lines/,
  );
});

it('serves and stops while standard error has no space either', async () => {
  const full = openSync('/dev/full', 'w');
  const port = await freePort();
  const settings = await fileSettings(configuration({ '/': { clients: [client()] } }));
  const env = { ...settings, PATH: process.env.PATH, PORT: String(port), ADMIN_PORT: 'off' };
  const child = spawn(process.execPath, [...shortLived, main], { env, stdio: ['ignore', full, full] });
  children.push(child);
  const server = { child, url: `http://127.0.0.1:${port}`, stderr: Promise.resolve('') };
  await ready(server);
  expect((await ask(server)).status).toBe(401);
  expect(await stop(server)).toEqual([0, null]);
});

(onServer ? it : it.skip)('serves and stops by workers while the log has no space', async () => {
  const database = await createDatabase();
  try {
    const server = await start(openSync('/dev/full', 'w'), { ...database.settings, WORKERS: '2' });
    expect((await ask(server)).status).toBe(401);
    expect(await stop(server)).toEqual([0, null]);
    expect(await server.stderr).toContain('symbolon: the log cannot be written (ENOSPC)');
  } finally {
    await database.drop();
  }
});
