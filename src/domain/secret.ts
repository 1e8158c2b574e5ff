import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Who waits for a check, which decides when it is done where several wait. */
export interface Turn {
  /** Checks of one lane wait for one another; lanes take turns. */
  readonly lane: string;
  /** Whether the subject was proven from the same address lately: such checks go first. */
  readonly trusted: boolean;
}

/** Hashes secrets that people choose: passwords, and client secrets that were not generated. */
export abstract class PasswordHasher {
  /** An argon2id hash with a salt of its own, in PHC form: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
  abstract hash(password: string): Promise<string>;
  /**
   * Whether the hash was made from this password; also false for a hash that cannot be read.
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

const argon2idForm =
  /^\$argon2id\$v=19\$m=\d{1,7},t=\d{1,3},p=\d{1,2}\$[A-Za-z0-9+/]{11,}\$[A-Za-z0-9+/]{22,}$/;
const sha256Form = /^sha256:[A-Za-z0-9_-]{43}$/;

/** Whether a text is an argon2id hash in PHC form. */
export function isPasswordHash(text: string): boolean {
  return argon2idForm.test(text);
}

/** Whether a text is a stored client secret: argon2id in PHC form, or the form of a generated secret. */
export function isSecretHash(text: string): boolean {
  return isPasswordHash(text) || sha256Form.test(text);
}

/**
 * Compares a presented secret with a stored hash. Every refusal costs as much, whatever its
 * reason, so that the time it takes does not show whether the subject is unknown or the secret wrong.
 */
export class SecretVerifier {
  private readonly decoy: Promise<string>;

  constructor(private readonly hasher: PasswordHasher) {
    this.decoy = hasher.hash(generateSecret());
  }

  /**
   * Whether the secret is right. Where it cannot be told how a secret was meant, its readings are checked one after the
   * other until one is right: together they are one guess, and each that is refused costs one check.
   * @param stored the stored hash; undefined, which is always refused, when there is no subject or it has no
   *   secret
   * @param readings the presented secret; further readings of it, the less likely ones, follow
   * @throws Overloaded
   */
  async verify(stored: string | undefined, readings: readonly string[], turn?: Turn): Promise<boolean> {
    // A fast hash is compared with all of them first, so that no right secret costs a check.
    if (this.recognizes(stored, readings)) return true;
    return this.verifySlowly(stored?.startsWith(sha256Prefix) ? undefined : stored, readings, turn);
  }

  /** Whether the secret is right, if that is known without a slow hash: of a generated one. */
  recognizes(stored: string | undefined, readings: readonly string[]): boolean {
    return (
      stored !== undefined &&
      stored.startsWith(sha256Prefix) &&
      readings.some((reading) => isGenerated(reading, stored))
    );
  }

  private async verifySlowly(
    stored: string | undefined,
    readings: readonly string[],
    turn: Turn | undefined,
  ): Promise<boolean> {
    for (const reading of readings) {
      const right =
        stored === undefined || !isHashable(reading)
          ? await this.refuse(turn)
          : await this.hasher.verify(stored, reading, turn);
      if (right) return true;
    }
    return false;
  }

  private async refuse(turn: Turn | undefined): Promise<false> {
    await this.hasher.verify(await this.decoy, 'decoy', turn);
    return false;
  }
}

function isGenerated(secret: string, stored: string): boolean {
  return isHashable(secret) && timingSafeEqual(digest(stored), digest(hashGeneratedSecret(secret)));
}

/** Gives texts of any length the equal length that timingSafeEqual requires. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
