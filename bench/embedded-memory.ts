import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { memoryOf, startDemo } from './demo-server.js';

/*
 * Measures the memory and the start of a server on the embedded database (Linux). Its argument is for how many seconds
 * tokens are requested, 600 by default: `npm run build:bench && node bench/build/embedded-memory.js 600`.
 */

const seconds = Number(process.argv[2] ?? 600);
const samples = 10;
const clients = 6;
const folder = mkdtempSync(join(tmpdir(), 'symbolon-memory-'));

/** Requests tokens, one after the other, until it is time. */
async function load(port: string, until: number): Promise<number> {
  const url = `http://127.0.0.1:${port}/oauth2/realms/root/realms/alpha/access_token`;
  const headers = { authorization: `Basic ${Buffer.from('myClient:forgerock').toString('base64')}` };
  let answered = 0;
  while (performance.now() < until) {
    const form = { grant_type: 'password', username: 'demo', password: 'Ch4ng31t', scope: 'write' };
    const answer = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) });
    if (answer.status !== 200) throw new Error(`a token request got ${answer.status}`);
    await answer.arrayBuffer();
    answered += 1;
  }
  return answered;
}

/** MB of all files of the data. */
function megabytes(): number {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const bytes = names.reduce((sum, name) => {
    const entry = statSync(join(folder, name), { throwIfNoEntry: false });
    return sum + (entry?.isFile() ? entry.size : 0);
  }, 0);
  return Math.round(bytes / 1e6);
}

const settings = { DATA_DIR: folder, PURGE_INTERVAL: '10' };
await (await startDemo('first start', settings)).end();
const { pid, port, end } = await startDemo('later start', settings);
await delay(2_000);
process.stdout.write(`idle: ${memoryOf(pid).resident} MB\n`);
const until = performance.now() + seconds * 1_000;
const loads = Promise.all(Array.from({ length: clients }, () => load(port, until)));
for (let sample = 1; sample <= samples; sample += 1) {
  await Promise.race([delay((seconds * 1_000) / samples), loads]);
  const { resident, highest } = memoryOf(pid);
  const elapsed = Math.round((seconds * sample) / samples);
  process.stdout.write(
    `after ${elapsed} s of load: ${resident} MB, ${highest} MB at its highest; data ${megabytes()} MB\n`,
  );
}
const answered = (await loads).reduce((sum, each) => sum + each, 0);
process.stdout.write(`${answered} tokens\n`);
await end();
rmSync(folder, { recursive: true, force: true });
