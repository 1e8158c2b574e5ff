import { isImported } from '../domain/imported-hash.js';
import type { PasswordForms } from '../domain/password-forms.js';
import { hashGeneratedSecret, isGeneratedSecretHash, type PasswordHasher } from '../domain/secret.js';

/** How the password or secret of a subject is stored. */
export interface Credential {
  readonly hash: string;
  /** The record of the imported hash that `hash` has replaced, if it has replaced one. */
  readonly importedHash?: string;
}

/** What a file says of a password or secret: one of the two, or nothing. */
export interface WrittenCredential {
  readonly clear?: string;
  /** Of an accepted form. */
  readonly hash?: string;
}

/**
 * How many fast hashes are wrapped before they are stored, two seconds' work at most. Further ones are stored as they are,
 * and the servers wrap them.
 */
const maxWrapped = 100;

/** Stands for the hash of a new password where none is stored. */
const notHashed = '';

/** Decides for one plan which hashes are stored. */
export class CredentialPlanner {
  private wrapped = 0;

  /** @param toStore whether hashes are made that can be stored; otherwise only is decided which ones change */
  constructor(
    private readonly hasher: PasswordHasher,
    private readonly forms: PasswordForms,
    private readonly toStore = true,
  ) {}

  /**
   * What is to be stored: the stored credential while it is what the file says, or while the file says nothing; else
   * another one, if any.
   */
  async plan(written: WrittenCredential, stored: Credential | undefined): Promise<Credential | undefined> {
    if (written.hash !== undefined) return this.planHash(written.hash, stored);
    const { clear } = written;
    if (clear === undefined) return stored;
    const unchanged =
      stored !== undefined &&
      (stored.hash === hashGeneratedSecret(clear) || (await this.hasher.verify(stored.hash, clear)));
    return unchanged ? stored : { hash: this.toStore ? await this.hasher.hash(clear) : notHashed };
  }

  private async planHash(written: string, stored: Credential | undefined): Promise<Credential> {
    if (isGeneratedSecretHash(written)) return stored?.hash === written ? stored : { hash: written };
    const hash = this.forms.accept(written);
    if ('refused' in hash) throw new Error('The hash was not checked.');
    if (stored && (await isImported(hash, stored.hash, stored.importedHash, this.forms))) return stored;
    if (!hash.fast || !this.toStore || this.wrapped >= maxWrapped) return { hash: hash.text };
    this.wrapped += 1;
    return { hash: await this.forms.wrap(hash) };
  }
}
