/** So many values are shared at most; then sharing begins anew. */
const maxShared = 10_000;

/**
 * Keeps one copy of what many rows have in common: the driver makes a text of its own for each, and tokens that are
 * kept in memory would take half as much again.
 */
export class Interner<Value> {
  private readonly values = new Map<string, Value>();

  constructor(private readonly make: (text: string) => Value) {}

  /** The one value of a text. */
  of(text: string): Value {
    const known = this.values.get(text);
    if (known !== undefined) return known;
    if (this.values.size === maxShared) this.values.clear();
    const value = this.make(text);
    this.values.set(text, value);
    return value;
  }
}

/** In bytes: 256 hashes. */
const blockLength = 8192;

/**
 * Keeps hashes side by side in blocks of their own. Node cuts small Buffers out of blocks that they share with all
 * that lives for a moment only, and one that is kept keeps its whole block.
 */
export class KeptHashes {
  private block = Buffer.alloc(0);
  private used = 0;

  /** A copy of a hash. */
  copy(hash: Buffer): Buffer {
    if (this.used + hash.length > this.block.length) {
      this.block = Buffer.allocUnsafeSlow(blockLength);
      this.used = 0;
    }
    const kept = this.block.subarray(this.used, this.used + hash.length);
    this.used += hash.length;
    hash.copy(kept);
    return kept;
  }
}
