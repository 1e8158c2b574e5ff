import type { Directory } from './directory.js';
import { recordOf } from './imported-hash.js';
import { Overloaded } from './oauth-error.js';
import type { PasswordForms } from './password-forms.js';
import type { PasswordHasher, SecretOwner, Turn } from './secret.js';

/** A stored hash, and whose it is. */
export interface OwnedHash {
  readonly owner: SecretOwner;
  readonly hash: string;
}

/** What replaces a stored hash. */
export interface ReplacingHash {
  readonly hash: string;
  /** The record of an imported hash that is gone now (`recordOf`); it is kept unless there is one already. */
  readonly record?: string;
}

/**
 * The stored hashes that this server would not make itself, all at its own cost left out. Hashes are of one class if their
 * texts are the same up to their salts. Every method throws StoreUnavailable when it cannot do its work.
 */
export abstract class PasswordUpgrades {
  /**
   * Replaces a hash by another one of the same secret, if it is still the stored one, and tells every node. The epoch
   * stays, so tokens live on.
   * @returns whether it was replaced
   */
  abstract replace(owner: SecretOwner, from: string, to: ReplacingHash): Promise<boolean>;

  /** One hash of each class, of each realm's clients, of the secrets that they had before, and of its users. */
  abstract examples(): Promise<readonly OwnedHash[]>;

  /**
   * The hashes of a class, of clients or of users, in the order of realms and names.
   * @param example a hash of the class; its owner says whether those of clients or of users are asked for
   * @param after the owner after which to begin; undefined for the beginning
   */
  abstract alike(
    example: OwnedHash,
    after: SecretOwner | undefined,
    limit: number,
  ): Promise<readonly OwnedHash[]>;
}

/** Replaces hashes of other systems, and those of another cost, by ones of this server, when their secret is presented. */
export class PasswordUpgrader {
  private readonly underWay = new Set<string>();

  /** @param report is told of an upgrade that failed: the secret was right, so its owner need not know */
  constructor(
    private readonly directory: Directory,
    private readonly hasher: PasswordHasher,
    private readonly forms: PasswordForms,
    private readonly upgrades: PasswordUpgrades,
    private readonly report: (error: unknown) => void,
  ) {}

  /**
   * Replaces a stored hash, unless it is one of this server, or does not show the whole secret. It never rejects. The
   * owner waits for it, but no longer than for a check: where too much is hashed, the next sign-in tries again.
   * @param secret the right one
   * @returns what the hash was replaced by; the stored one where it was not
   */
  async upgrade(owner: SecretOwner, stored: string, secret: string, turn?: Turn): Promise<string> {
    const hash = this.forms.read(stored);
    if (!hash || hash.current || Buffer.byteLength(secret) > (hash.readBytes ?? Infinity)) return stored;
    // The others who sign in at the same time need not hash as well.
    const key = `${owner.kind}\n${owner.realm}\n${owner.name}`;
    if (this.underWay.has(key)) return stored;
    this.underWay.add(key);
    try {
      // Whoever began to sign in before it was replaced need not replace it again.
      if ((await this.storedHash(owner)) !== stored) return stored;
      const record = await recordOf(hash, this.forms, turn);
      const made = await this.hasher.hash(secret, turn);
      return (await this.upgrades.replace(owner, stored, { hash: made, record })) ? made : stored;
    } catch (error) {
      if (!(error instanceof Overloaded)) this.report(error);
      return stored;
    } finally {
      this.underWay.delete(key);
    }
  }

  private async storedHash({ kind, realm, name }: SecretOwner): Promise<string | undefined> {
    return kind === 'client'
      ? (await this.directory.findClient(realm, name))?.secretHash
      : (await this.directory.findResourceOwner(realm, name))?.passwordHash;
  }
}
