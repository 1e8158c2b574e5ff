import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.js';
import { HmacSha256 } from './hmac.js';
import { isPasswordHash, type SecretVerifier } from './secret.js';

/** How long a verified secret is taken at its word, in milliseconds. */
const rememberMs = 60_000;

/** Clients that are remembered at most; the one that was verified longest ago goes first. */
const maxRemembered = 10_000;

/**
 * Verifies client secrets, and remembers for a minute which ones were right, so that a client that comes often does
 * not cost an argon2id check each time. What is remembered is a code, under a key of this process's, of the stored
 * hash and the secret together: with another stored hash it is no use any more. Passwords are not for this.
 */
export class RememberedSecrets {
  private readonly hmac = new HmacSha256(randomBytes(32));
  /** Codes, and until when they are good by the clock's `elapsed`. */
  private readonly remembered = new Map<string, number>();

  constructor(
    private readonly verifier: SecretVerifier,
    private readonly clock: Clock,
  ) {}

  /** As SecretVerifier's. */
  async verify(stored: string | undefined, presented: string): Promise<boolean> {
    if (stored === undefined || !isPasswordHash(stored)) return this.verifier.verify(stored, presented);
    const code = this.hmac.of(Buffer.from(`${stored}\0${presented}`).toString('latin1')).toString('latin1');
    if ((this.remembered.get(code) ?? -Infinity) > this.clock.elapsed()) return true;
    const verified = await this.verifier.verify(stored, presented);
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
