import { Argon2idHasher } from '../../src/hashing/argon2id.js';

/** The real hasher, counting verifications. They make a refusal slow: equal counts mean equal times. */
export class CountingHasher extends Argon2idHasher {
  private verifications = 0;

  override verify(stored: string, password: string): Promise<boolean> {
    this.verifications++;
    return super.verify(stored, password);
  }

  /** The number of verifications while this work runs. */
  async during(work: () => Promise<unknown>): Promise<number> {
    const before = this.verifications;
    await work();
    return this.verifications - before;
  }
}
