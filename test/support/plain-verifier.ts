import type { Clock } from '../../src/domain/clock.js';
import { type OwnedHash, PasswordUpgrader, PasswordUpgrades } from '../../src/domain/password-upgrade.js';
import { RefusalTimes } from '../../src/domain/refusal-time.js';
import { type PasswordHasher, SecretVerifier } from '../../src/domain/secret.js';
import { KnownForms } from '../../src/hashing/known-forms.js';
import { MemoryDirectory } from '../../src/storage/memory/directory.js';

/** A store without hashes of other systems, which replaces none. */
class NoForeignHashes extends PasswordUpgrades {
  async replace(): Promise<boolean> {
    return false;
  }

  async examples(): Promise<readonly OwnedHash[]> {
    return [];
  }

  async alike(): Promise<readonly OwnedHash[]> {
    return [];
  }
}

/** A verifier that delays no refusal, and replaces no hash. */
export function plainVerifier(hasher: PasswordHasher, clock: Clock): SecretVerifier {
  const forms = new KnownForms(hasher);
  const none = new NoForeignHashes();
  const upgrader = new PasswordUpgrader(new MemoryDirectory(), hasher, forms, none, (error) => {
    throw error;
  });
  return new SecretVerifier(hasher, new RefusalTimes(none, forms, hasher, clock), upgrader);
}
