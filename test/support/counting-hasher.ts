import { Argon2idHasher } from '../../src/hashing/argon2id.js';

/** The real hasher, which counts what makes a refusal slow: where the counts are equal, so are the times. */
export class CountingHasher extends Argon2idHasher {
  private verifications = 0;

  override verify(stored: string, password: string): Promise<boolean> {
    this.verifications++;
    return super.verify(stored, password);
  }

  /** How often a password is verified while this work is done. */
  async during(work: () => Promise<unknown>): Promise<number> {
    const before = this.verifications;
    await work();
    return this.verifications - before;
  }
}
