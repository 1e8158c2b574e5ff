import { hash } from 'node:crypto';

/** The block of SHA-256 in bytes: what the key is padded to. */
const blockLength = 64;
const hashLength = 32;

/** What the padded key is mixed with, for the inner and the outer hash. */
const innerPad = 0x36;
const outerPad = 0x5c;

/**
 * HMAC-SHA-256 (RFC 2104) under one key. Every token that is asked about takes one, and two one-shot hashes cost a
 * tenth of what an object of Node's own for it does.
 */
export class HmacSha256 {
  private readonly inner: string;
  private readonly outer: Buffer;

  /** @param key at most 64 bytes */
  constructor(key: Buffer) {
    const padded = Buffer.concat([key], blockLength);
    this.inner = Buffer.from(padded.map((byte) => byte ^ innerPad)).toString('latin1');
    this.outer = Buffer.concat([padded.map((byte) => byte ^ outerPad)], blockLength + hashLength);
  }

  /**
   * The code of a text, 32 bytes.
   * @param text each character a byte: Latin-1
   */
  of(text: string): Buffer {
    const inner = hash('sha256', Buffer.from(this.inner + text, 'latin1'), 'binary');
    this.outer.write(inner, blockLength, 'latin1');
    return Buffer.from(hash('sha256', this.outer, 'binary'), 'latin1');
  }
}
