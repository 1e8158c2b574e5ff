import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { CachedDirectory } from '../../src/storage/cached/directory.js';
import { MemoryDirectory } from '../../src/storage/memory/directory.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { StoppedClock } from '../support/stopped-clock.js';

const requests = 2000;
const megabyte = 1_000_000;
const junk = 'x'.repeat(50_000);

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes in use, garbage not counted. */
function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** A piece of a longer text, as in a request: the longer text stays in memory as long as the piece does. */
function cutOut(text: string, rest: string): string {
  return Buffer.from(`name=${text}&rest=${rest}`).toString().slice('name='.length).slice(0, text.length);
}

describe.each([
  ['long ones', (number: number) => cutOut(`${number}${junk}`, '')],
  ['short ones, in long requests', (number: number) => cutOut(`name-of-somebody-${number}`, junk)],
])('names that no subject has, %s', (_, name) => {
  it.each<[string, (directory: CachedDirectory, name: string) => unknown]>([
    ['realms', (directory, path) => directory.findRealm(path)],
    ['clients', (directory, clientId) => directory.findClient('/', clientId)],
    ['resource owners', (directory, username) => directory.findResourceOwner('/', username)],
  ])('do not fill the memory: of %s', async (_kind, find) => {
    const limits = { entries: 1000, maxAgeMs: 30_000 };
    const directory = new CachedDirectory(
      new MemoryDirectory(),
      new RecordedChanges(),
      new StoppedClock(),
      limits,
    );
    const before = heapUsed();
    for (let number = 0; number < requests; number += 1) await find(directory, name(number));
    expect(heapUsed() - before).toBeLessThan(10 * megabyte);
    await find(directory, 'so that it is in use until now');
  });
});
