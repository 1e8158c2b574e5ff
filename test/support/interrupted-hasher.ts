import { FastHasher } from '../provisioning/fast-hasher.js';

/** A hasher in the middle of whose work something can happen. */
export class InterruptedHasher extends FastHasher {
  interruption?: () => Promise<void>;

  override async verify(hash: string, password: string): Promise<boolean> {
    const { interruption } = this;
    this.interruption = undefined;
    const verified = await super.verify(hash, password);
    await interruption?.();
    return verified;
  }
}
