import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.js';
import { HmacSha256 } from './hmac.js';
import { isGeneratedSecretHash, type SecretOwner, type SecretVerifier } from './secret.js';

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
   * As `SecretVerifier.verify`. Secrets whose stored hash is fast to check are not remembered. The readings of a secret
   * are remembered together, because the wrong ones must not be taken for the right one.
   */
  async verify(
    owner: SecretOwner,
    stored: string | undefined,
    ...readings: readonly string[]
  ): Promise<boolean> {
    if (stored === undefined || isGeneratedSecretHash(stored)) {
      return this.verifier.verify(owner, stored, ...readings);
    }
    const presented = [stored, ...readings].join('\0');
    const code = this.hmac.of(Buffer.from(presented).toString('latin1')).toString('latin1');
    if ((this.remembered.get(code) ?? -Infinity) > this.clock.elapsed()) return true;
    const verified = await this.verifier.verify(owner, stored, ...readings);
    if (verified) this.remember(code);
    return verified;
  }

  private remember(code: string): void {
    this.remembered.delete(code);
    this.remembered.set(code, this.clock.elapsed() + rememberMs);
    const [longestAgo] = this.remembered.keys();
    if (this.remembered.size > maxRemembered) this.remembered.delete(longestAgo);
  }
}
