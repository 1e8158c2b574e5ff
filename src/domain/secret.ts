import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { PasswordUpgrader } from './password-upgrade.js';
import type { RefusalTimes } from './refusal-time.js';

/** Who waits for a check, which decides when it is done where several wait. */
export interface Turn {
  /** Checks of one lane wait for one another; lanes take turns. */
  readonly lane: string;
  /** Whether the subject was proven from the same address lately: such checks go first. */
  readonly trusted: boolean;
}

/** Hashes secrets that people choose: passwords, and client secrets that were not generated. */
export abstract class PasswordHasher {
  /**
   * An argon2id hash with a salt of its own, in PHC form: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`.
   * @param turn of a caller; undefined for what no caller waits for
   */
  abstract hash(password: string, turn?: Turn): Promise<string>;
  /**
   * Whether the hash, in any form that `PasswordForms` reads, was made from this password; false for any other.
   * @param turn of a caller; undefined for what no caller waits for
   */
  abstract verify(hash: string, password: string, turn?: Turn): Promise<boolean>;
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
   * Checks a secret. Where it cannot be told how a secret was meant, its readings are checked one after the other until
   * one is right: together they are one guess, and each that is refused costs one check. A right secret's hash is
   * replaced if it is another system's.
   * @param owner whose secret it is said to be, registered or not
   * @param stored the stored hash; undefined, which is always refused, when there is no subject or it has no
   *   secret
   * @param readings the presented secret; further readings of it, the less likely ones, follow
   * @returns the hash of the right secret that is stored from now on; undefined for a wrong one
   * @throws Overloaded
   */
  async verify(
    owner: SecretOwner,
    stored: string | undefined,
    readings: readonly string[],
    turn?: Turn,
  ): Promise<string | undefined> {
    // A fast hash is compared with all of them first, so that no right secret costs a check.
    if (this.recognizes(stored, readings)) return stored;
    const slow = stored !== undefined && isGeneratedSecretHash(stored) ? undefined : stored;
    return this.verifySlowly(owner, slow, readings, turn);
  }

  /** Whether the secret is right, if that is known without a slow hash: of a generated one. */
  recognizes(stored: string | undefined, readings: readonly string[]): boolean {
    return (
      stored !== undefined &&
      isGeneratedSecretHash(stored) &&
      readings.some((reading) => isGenerated(reading, stored))
    );
  }

  private async verifySlowly(
    owner: SecretOwner,
    stored: string | undefined,
    readings: readonly string[],
    turn: Turn | undefined,
  ): Promise<string | undefined> {
    const begun = this.refusals.begin();
    for (const reading of readings) {
      if (stored === undefined || !isHashable(reading)) await this.refuse(turn);
      else if (await this.isRight(stored, reading, turn)) {
        return this.upgrader.upgrade(owner, stored, reading, turn);
      }
    }
    await this.refusals.delay(owner, readings.length, begun);
    return undefined;
  }

  private async refuse(turn: Turn | undefined): Promise<void> {
    await this.isRight(await this.decoy, 'decoy', turn);
  }

  private async isRight(stored: string, secret: string, turn: Turn | undefined): Promise<boolean> {
    const begun = this.refusals.begin();
    const right = await this.hasher.verify(stored, secret, turn);
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
