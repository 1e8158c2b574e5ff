import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { memoryOf, startDemo } from './demo-server.js';

/*
 * Measures what caches of several sizes take of a server's memory before the first request (Linux):
 * `npm run build:bench && node bench/build/cache-memory.js`.
 */

const sizes = [100_000, 1_000_000, 10_000_000];
const folder = mkdtempSync(join(tmpdir(), 'symbolon-caches-'));

for (const size of sizes) {
  const settings = { DATA_DIR: folder, CACHE_ENTRIES: String(size), CACHE_SUBJECTS: String(size) };
  const { pid, end } = await startDemo(`caches of ${size} entries`, settings);
  await delay(2_000);
  process.stdout.write(`caches of ${size} entries, idle: ${memoryOf(pid).resident} MB\n`);
  await end();
}
rmSync(folder, { recursive: true, force: true });
