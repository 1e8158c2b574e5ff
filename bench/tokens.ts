import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of token values, one a line and all of one width, as `requests.lua` reads them. */
export interface TokenFile {
  readonly path: string;
  readonly count: number;
  /** The first of them. */
  readonly samples: readonly string[];
}

const sampleCount = 100;

/** Characters of every token. */
export const tokenLength = 58;

/** Writes a file of token values in parts. */
export class TokenFileWriter {
  private readonly samples: string[] = [];
  private count = 0;

  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
  ) {}

  static async create(folder: string, name: string): Promise<TokenFileWriter> {
    const path = join(folder, `${name}.txt`);
    return new TokenFileWriter(path, await open(path, 'w'));
  }

  async add(values: readonly string[]): Promise<void> {
    this.samples.push(...values.slice(0, sampleCount - this.samples.length));
    this.count += values.length;
    await this.file.write(values.join('\n') + '\n');
  }

  async close(): Promise<TokenFile> {
    await this.file.close();
    const { path, count, samples } = this;
    return { path, count, samples };
  }
}

/** Writes a whole file of token values. */
export async function writeTokens(
  folder: string,
  name: string,
  values: readonly string[],
): Promise<TokenFile> {
  const writer = await TokenFileWriter.create(folder, name);
  await writer.add(values);
  return writer.close();
}

/** The values of a file with these numbers; the first is 0. */
export function readTokens({ path }: TokenFile, numbers: readonly number[]): string[] {
  const bytes = readFileSync(path);
  const width = bytes.indexOf('\n') + 1;
  return numbers.map((number) => bytes.toString('latin1', number * width, (number + 1) * width - 1));
}

/** Makes token values; each depends only on its label and the server's key. */
export class TokenMaker {
  /** @param key the secret that tags tokens */
  constructor(private readonly key: Buffer) {}

  /** A value as the server would mint it; the prefix of a refresh token is `syr_`. */
  genuine(label: string, prefix = 'sya_'): string {
    const body = prefix + createHash('sha256').update(label).digest('base64url');
    return body + createHmac('sha256', this.key).update(body).digest().toString('base64url', 0, 8);
  }

  /** A value of the same form, but tagged with another key. */
  forged(label: string): string {
    return new TokenMaker(Buffer.from('a guess')).genuine(label);
  }
}

/** SHA-256 of a token's value: the key of its row. */
export function hashToken(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}
