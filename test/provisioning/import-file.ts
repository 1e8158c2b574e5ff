import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import { type ImportBatch, TokenImporter } from '../../src/domain/token-import.js';
import type { ImportObserver } from '../../src/provisioning/import-tokens.js';

/** A file of these lines, objects as JSON, texts and bytes unchanged, in chunks of this many bytes. */
export async function* fileOf(
  lines: readonly (object | string | Buffer)[],
  chunkBytes = 65_536,
): AsyncGenerator<Buffer> {
  const bytes = Buffer.concat(lines.map((line) => Buffer.concat([encoded(line), Buffer.from('\n')])));
  for (let from = 0; from < bytes.length; from += chunkBytes) yield bytes.subarray(from, from + chunkBytes);
}

function encoded(line: object | string | Buffer): Buffer {
  if (Buffer.isBuffer(line)) return line;
  return Buffer.from(typeof line === 'string' ? line : JSON.stringify(line));
}

/** Keeps the imported batches, and can become unavailable. */
export class MemoryImporter extends TokenImporter {
  readonly batches: ImportBatch[] = [];
  /** How many batches it accepts before it becomes unavailable. */
  batchLimit = Infinity;
  private readonly hashes = new Set<string>();

  get accessTokens() {
    return this.batches.flatMap((batch) => batch.accessTokens);
  }

  get refreshTokens() {
    return this.batches.flatMap((batch) => batch.refreshTokens);
  }

  async add(batch: ImportBatch): Promise<number> {
    if (this.batches.length >= this.batchLimit) throw new StoreUnavailable('away');
    const { accessTokens, refreshTokens } = batch;
    const before = this.hashes.size;
    for (const { hash } of [...accessTokens, ...refreshTokens]) this.hashes.add(hash.toString('hex'));
    this.batches.push({ accessTokens: [...accessTokens], refreshTokens: [...refreshTokens] });
    return this.hashes.size - before;
  }
}

/** Records what an import reports. */
export class Notes implements ImportObserver {
  readonly bad: string[] = [];
  readonly doneLines: number[] = [];
  bytes = 0;

  badLine(number: number, reason: string): void {
    this.bad.push(`${number}: ${reason}`);
  }

  done(line: number, bytes: number): void {
    this.doneLines.push(line);
    this.bytes = bytes;
  }
}
