import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { PasswordUpgrader } from './password-upgrade.js';
import type { RefusalTimes } from './refusal-time.js';

/** Hashes secrets that people choose: passwords, and client secrets that were not generated. */
export abstract class PasswordHasher {
  /** An argon2id hash with a salt of its own, in PHC form: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
  abstract hash(password: string): Promise<string>;
  /** Whether the hash, in any form that `PasswordForms` reads, was made from this password; false for any other. */
  abstract verify(hash: string, password: string): Promise<boolean>;
}

/** Passwords and secrets longer than this, in bytes of UTF-8, are refused without being hashed. */
export const maxSecretBytes = 1024;

/** Whether a password or secret is short enough to be hashed. */
export function isHashable(secret: string): boolean {
  return Buffer.byteLength(secret) <= maxSecretBytes;
}

const sha256Prefix = 'sha256:';

/** A new client secret: 32 random bytes in base64url. */
export function generateSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * The stored form of a generated secret: `sha256:` and 43 base64url characters. Only for secrets with 256
 * random bits, where a slow hash adds nothing.
 */
export function hashGeneratedSecret(secret: string): string {
  return sha256Prefix + createHash('sha256').update(secret).digest('base64url');
}

const sha256Form = /^sha256:[A-Za-z0-9_-]{43}$/;

/** Whether a text has the form of a generated secret's hash, which is fast to check. */
export function isGeneratedSecretHash(text: string): boolean {
  return sha256Form.test(text);
}

/** Whose secret it is: a client of a realm, or a user. */
export interface SecretOwner {
  readonly kind: 'client' | 'user';
  /** Path of the realm. */
  readonly realm: string;
  readonly name: string;
}

/**
 * Compares a presented secret with a stored hash. Every refusal takes as long, whatever its
 * reason, so that the time does not show whether the subject is unknown or the secret wrong.
 */
export class SecretVerifier {
  private readonly decoy: Promise<string>;

  constructor(
    private readonly hasher: PasswordHasher,
    private readonly refusals: RefusalTimes,
    private readonly upgrader: PasswordUpgrader,
  ) {
    this.decoy = hasher.hash(generateSecret());
  }

  /**
   * Whether the secret is right. Where it cannot be told how a secret was meant, its readings are checked one after the
   * other until one is right: together they are one guess, and each that is refused costs one check. A right secret's
   * hash is replaced if it is another system's.
   * @param owner whose secret it is said to be, registered or not
   * @param stored the stored hash; undefined, which is always refused, when there is no subject or it has no
   *   secret
   * @param readings the presented secret; further readings of it, the less likely ones, follow
   * @throws OAuthError `temporarily_unavailable` when too many refusals wait
   */
  async verify(
    owner: SecretOwner,
    stored: string | undefined,
    ...readings: readonly string[]
  ): Promise<boolean> {
    if (stored !== undefined && isGeneratedSecretHash(stored)) {
      // A fast hash is compared with all of them first, so that no right secret costs a check.
      return (
        readings.some((reading) => isGenerated(reading, stored)) ||
        this.verifySlowly(owner, undefined, readings)
      );
    }
    return this.verifySlowly(owner, stored, readings);
  }

  private async verifySlowly(
    owner: SecretOwner,
    stored: string | undefined,
    readings: readonly string[],
  ): Promise<boolean> {
    const begun = this.refusals.begin();
    for (const reading of readings) {
      if (stored === undefined || !isHashable(reading)) await this.refuse();
      else if (await this.isRight(stored, reading)) {
        await this.upgrader.upgrade(owner, stored, reading);
        return true;
      }
    }
    await this.refusals.delay(owner, readings.length, begun);
    return false;
  }

  private async refuse(): Promise<void> {
    await this.isRight(await this.decoy, 'decoy');
  }

  private async isRight(stored: string, secret: string): Promise<boolean> {
    const begun = this.refusals.begin();
    const right = await this.hasher.verify(stored, secret);
    this.refusals.observe(stored, begun);
    return right;
  }
}

function isGenerated(secret: string, stored: string): boolean {
  return isHashable(secret) && timingSafeEqual(digest(stored), digest(hashGeneratedSecret(secret)));
}

/** Gives texts of any length the equal length that timingSafeEqual requires. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
