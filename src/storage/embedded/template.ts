import { createReadStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { templatePath } from './template-path.js';

/** Sizes in the tar format: its header, and the blocks that everything fills up. */
const blockBytes = 512;

/**
 * Puts the files of a fresh database into a folder that does not exist yet: the template that was made when the project
 * was built. To make them at the start would take seconds, and three times the memory.
 * @returns why there is no template that can be used; PostgreSQL must make the files then
 */
export async function copyTemplate(data: string, path = templatePath): Promise<string | undefined> {
  try {
    await pipeline(createReadStream(path), createGunzip(), (archive: AsyncIterable<Buffer>) =>
      unpack(archive, data),
    );
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    await rm(data, { recursive: true, force: true });
    return `${path}: ${code ?? message}`;
  }
}

/** One file at a time: all of them together would take memory that the database needs a moment later. */
async function unpack(archive: AsyncIterable<Buffer>, data: string): Promise<void> {
  const bytes = new Bytes(archive);
  for (let header = await bytes.take(blockBytes); header[0] !== 0; header = await bytes.take(blockBytes)) {
    const field = (from: number, to: number) => header.toString('latin1', from, to).split('\0')[0].trim();
    const target = join(data, field(0, 100));
    const isFolder = field(156, 157) === '5';
    await mkdir(isFolder ? target : dirname(target), { recursive: true, mode: 0o700 });
    if (isFolder) continue;
    const size = parseInt(field(124, 136), 8);
    const blocks = await bytes.take(Math.ceil(size / blockBytes) * blockBytes);
    await writeFile(target, blocks.subarray(0, size), { mode: 0o600 });
  }
}

/** The bytes of a stream, in pieces of any length. */
class Bytes {
  private readonly chunks: AsyncIterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.chunks = stream[Symbol.asyncIterator]();
  }

  /** @throws Error when the stream ends before */
  async take(length: number): Promise<Buffer> {
    const taken = [this.rest];
    let missing = length - this.rest.length;
    while (missing > 0) {
      const next = await this.chunks.next();
      if (next.done) throw new Error('cut off');
      taken.push(next.value);
      missing -= next.value.length;
    }
    const all = taken.length === 1 ? this.rest : Buffer.concat(taken);
    this.rest = all.subarray(length);
    return all.subarray(0, length);
  }
}
