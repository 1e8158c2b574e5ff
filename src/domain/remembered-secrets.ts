import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.js';
import { HmacSha256 } from './hmac.js';
import { isGeneratedSecretHash, type SecretOwner, type SecretVerifier, type Turn } from './secret.js';

/** How long a verified secret is accepted without another check, in milliseconds. */
const rememberMs = 60_000;

/** How many secrets are remembered at most; the one that was verified longest ago is dropped first. */
const maxRemembered = 10_000;

/**
 * Verifies client secrets, and remembers the right ones for a minute, so that not every request of a client
 * costs a slow check. It keeps an HMAC of the stored hash and the secret together, under a key of this
 * process: if the stored hash changes, the HMAC no longer matches. Not meant for passwords.
 */
export class RememberedSecrets {
  private readonly hmac = new HmacSha256(randomBytes(32));
  /** HMACs, each with the time until which it is valid, by the clock's `elapsed`. */
  private readonly remembered = new Map<string, number>();

  constructor(
    private readonly verifier: SecretVerifier,
    private readonly clock: Clock,
  ) {}

  /**
   * Checks a secret as `SecretVerifier.verify`. Secrets whose stored hash is fast to check are not remembered.
   * The readings of a secret are remembered together, because the wrong ones must not be taken for the right one.
   * @returns the hash of the right secret that is stored from now on; undefined for a wrong one
   */
  async verify(
    owner: SecretOwner,
    stored: string | undefined,
    readings: readonly string[],
    turn?: Turn,
  ): Promise<string | undefined> {
    // Read again, although a caller may have asked before: another check may have ended meanwhile.
    if (this.recognizes(stored, readings)) return stored;
    const kept = await this.verifier.verify(owner, stored, readings, turn);
    if (isRememberable(kept)) this.remember(this.codeOf(kept, readings));
    return kept;
  }

  /** Whether the secret is right, if that is known without a slow hash: it was generated, or is remembered. */
  recognizes(stored: string | undefined, readings: readonly string[]): boolean {
    if (!isRememberable(stored)) return this.verifier.recognizes(stored, readings);
    const until = this.remembered.get(this.codeOf(stored, readings)) ?? -Infinity;
    return until > this.clock.elapsed();
  }

  private codeOf(stored: string, readings: readonly string[]): string {
    const presented = [stored, ...readings].join('\0');
    return this.hmac.of(Buffer.from(presented).toString('latin1')).toString('latin1');
  }

  private remember(code: string): void {
    this.remembered.delete(code);
    this.remembered.set(code, this.clock.elapsed() + rememberMs);
    const [longestAgo] = this.remembered.keys();
    if (this.remembered.size > maxRemembered) this.remembered.delete(longestAgo);
  }
}

/** Whether it is slow to check a secret against this stored hash. */
function isRememberable(stored: string | undefined): stored is string {
  return stored !== undefined && !isGeneratedSecretHash(stored);
}
