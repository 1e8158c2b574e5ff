import { hashKey } from '../../domain/access-token.js';
import { type AuthorizationCode, codeKeptMs } from '../../domain/authorization-code.js';
import type { Clock } from '../../domain/clock.js';
import { CodeRegister } from '../../domain/code-register.js';
import { remove } from './remove.js';

/** The fewest codes at which a sweep starts. */
const smallestSweep = 1024;

interface KeptCode {
  readonly code: AuthorizationCode;
  readonly replayed: boolean;
}

/** Codes in this process's memory. No method awaits anything before it has changed them, so each is atomic. */
export class MemoryCodeRegister extends CodeRegister {
  private readonly codes = new Map<string, KeptCode>();
  private sweepAt = smallestSweep;

  constructor(private readonly clock: Clock) {
    super();
  }

  /** How many codes are kept. */
  get size(): number {
    return this.codes.size;
  }

  async insert(code: AuthorizationCode): Promise<void> {
    if (this.codes.size >= this.sweepAt) this.sweep();
    const key = hashKey(code.hash);
    if (this.codes.has(key)) throw new Error('The code is there already.');
    this.codes.set(key, { code, replayed: false });
  }

  async find(hash: Buffer): Promise<AuthorizationCode | undefined> {
    return this.codes.get(hashKey(hash))?.code;
  }

  async use(hash: Buffer, now: number): Promise<boolean> {
    const kept = this.codes.get(hashKey(hash));
    if (!kept || kept.code.usedAt !== undefined) return false;
    this.codes.set(hashKey(hash), { ...kept, code: { ...kept.code, usedAt: now } });
    return true;
  }

  async markReplayed(hash: Buffer): Promise<void> {
    const kept = this.codes.get(hashKey(hash));
    if (kept) this.codes.set(hashKey(hash), { ...kept, replayed: true });
  }

  async isReplayed(hash: Buffer): Promise<boolean> {
    return this.codes.get(hashKey(hash))?.replayed ?? false;
  }

  /** The next sweep starts at twice the number of codes that this one leaves: O(1) per insert on average. */
  private sweep(): void {
    const before = this.clock.now() - codeKeptMs;
    remove(this.codes, ({ code }) => code.expiresAt <= before);
    this.sweepAt = Math.max(smallestSweep, this.codes.size * 2);
  }
}
