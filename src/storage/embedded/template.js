// Plain JavaScript, as `worker.js`, which copies the template beside the thread that loads the server.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { templatePath } from './template-path.js';

/** Sizes in the tar format: its header, and the blocks that everything fills up. */
const blockBytes = 512;

/**
 * Puts the files of a fresh database into a folder that does not exist yet: the template that was made when the project
 * was built. To make them at the start would take seconds, and three times the memory.
 * @param {string} data
 * @param {string} path
 * @returns {string | undefined} why there is no template that can be used; PostgreSQL must make the files then
 */
export function copyTemplate(data, path = templatePath) {
  try {
    unpack(gunzipSync(readFileSync(path)), data);
    return undefined;
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    rmSync(data, { recursive: true, force: true });
    return `${path}: ${code ?? message}`;
  }
}

/**
 * Without a pause: for each of a thousand small files, a turn of the event loop would cost more than the file.
 * @param {Buffer} archive 40 MB
 * @param {string} data
 */
function unpack(archive, data) {
  /** @type {Set<string>} */
  const made = new Set();
  for (let at = 0; archive[at] !== 0;) {
    const header = archive.subarray(at, at + blockBytes);
    const field = (/** @type {number} */ from, /** @type {number} */ to) =>
      header.toString('latin1', from, to).split('\0')[0].trim();
    const target = join(data, field(0, 100));
    const isFolder = field(156, 157) === '5';
    const folder = isFolder ? target : dirname(target);
    if (!made.has(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
    made.add(folder);
    at += blockBytes;
    if (isFolder) continue;
    const size = parseInt(field(124, 136), 8);
    if (at + size > archive.length) throw new Error('cut off');
    writeFileSync(target, archive.subarray(at, at + size), { mode: 0o600 });
    at += Math.ceil(size / blockBytes) * blockBytes;
  }
}
