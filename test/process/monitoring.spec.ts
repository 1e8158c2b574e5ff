import { setTimeout as delay } from 'node:timers/promises';
import { commandLine } from '../cli/command-line.js';
import { client, configuration } from '../support/configuration.js';
import { createDatabase, onServer } from '../support/database.js';
import { fileSettings, ServerProcess, type Settings } from '../support/server-process.js';

const configured = configuration({ '/': { clients: [client()] } });

let settings: Settings;
let cleanUp: () => Promise<void> = async () => {};

beforeEach(async () => {
  const { DATA_DIR, CONFIG_FILE } = await fileSettings(configured);
  const database = onServer ? await createDatabase() : undefined;
  settings = { CONFIG_FILE, ...(database?.settings ?? { DATA_DIR }) };
  cleanUp = async () => database?.drop();
});
afterEach(async () => {
  await ServerProcess.endAll();
  await cleanUp();
});

/** Sends this many requests, one after the other. */
async function ask({ url }: ServerProcess, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const response = await fetch(`${url}/oauth2/tokeninfo?access_token=x`);
    await response.text();
    expect(response.status).toBe(401);
  }
}

/** The number of messages that are stored, as `symbolon traffic` tells it. */
async function stored(): Promise<number> {
  const args = ['traffic', '--by', 'service', '--window', '1h', '--json'];
  const { status, stdout, stderr } = await commandLine(args, { env: settings });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout === '' ? 0 : (JSON.parse(stdout) as { messages: number }).messages;
}

it('a server that stops stores what it has counted', async () => {
  const server = await ServerProcess.start({ ...settings, MONITORING_FLUSH: '60' });
  await ask(server, 30);
  expect(await server.kill('SIGTERM')).toEqual({ status: 0, signal: null });
  expect(await stored()).toBe(30);
});

it('a server that is killed loses no more than it has counted since the last flush', async () => {
  const server = await ServerProcess.start({ ...settings, MONITORING_FLUSH: '1' });
  await ask(server, 30);
  while ((await stored()) < 30) await delay(10);
  await ask(server, 7);
  expect(await server.kill('SIGKILL')).toEqual({ status: null, signal: 'SIGKILL' });
  const left = await stored();
  expect(left).toBeGreaterThanOrEqual(30);
  expect(left).toBeLessThanOrEqual(37);
});

(onServer ? it : it.skip)('the messages of all workers add up', async () => {
  const server = await ServerProcess.start({ ...settings, WORKERS: '2', MONITORING_FLUSH: '60' });
  await ask(server, 40);
  await server.kill('SIGTERM');
  expect(await stored()).toBe(40);
  const { stdout } = await commandLine(['nodes', '--json'], { env: settings });
  expect(stdout.trimEnd().split('\n')).toHaveLength(2);
});
