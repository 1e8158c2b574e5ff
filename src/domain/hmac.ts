import { hash } from 'node:crypto';

/** The block size of SHA-256 in bytes, to which the key is padded. */
const blockLength = 64;
const hashLength = 32;

/** The bytes that the padded key is XORed with, for the inner and the outer hash. */
const innerPad = 0x36;
const outerPad = 0x5c;

/**
 * HMAC-SHA-256 (RFC 2104) under one key. It is part of the hot path, where two one-shot hashes cost a tenth
 * of what Node's own `Hmac` object does.
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
   * The HMAC of a text, 32 bytes.
   * @param text Latin-1: each character is one byte
   */
  of(text: string): Buffer {
    const inner = hash('sha256', Buffer.from(this.inner + text, 'latin1'), 'binary');
    this.outer.write(inner, blockLength, 'latin1');
    return Buffer.from(hash('sha256', this.outer, 'binary'), 'latin1');
  }
}
