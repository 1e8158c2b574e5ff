import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Actor } from '../domain/audit.js';
import type { Clock } from '../domain/clock.js';
import type { Directory } from '../domain/directory.js';
import { type Effect, type DirectoryWriter, UsernameCollision } from '../domain/directory-writer.js';
import { ConflictingChanges } from '../domain/oauth-error.js';
import type { PasswordForms } from '../domain/password-forms.js';
import type { PasswordHasher } from '../domain/secret.js';
import { canonicalJson } from '../domain/canonical-json.js';
import { CredentialPlanner } from './credentials.js';
import { type Configuration, parseConfiguration, type Source } from './parse.js';
import { planChanges, type PlanObserver } from './plan.js';
import type { Step } from './subject-planner.js';
import type { Environment } from '../config/setting-reader.js';

/** What was done to the realms, clients and users that a file names. */
export type Outcome =
  /** The configuration is the one that was applied last, so the directory was not read. */
  { readonly skipped: true } | ({ readonly skipped: false } & Counts);

export interface Counts {
  readonly added: number;
  readonly updated: number;
  readonly removed: number;
  readonly unchanged: number;
}

/** The most plans that are made; another one is needed when somebody else changed the directory meanwhile. */
const maxPlans = 5;

/** Makes the directory match a configuration file. Subjects that the file does not name are left alone. */
export class Provisioner {
  /** @param directory must return at once what the registry has written, so it must not be cached */
  constructor(
    private readonly directory: Directory,
    private readonly writer: DirectoryWriter,
    private readonly hasher: PasswordHasher,
    private readonly forms: PasswordForms,
    private readonly clock: Clock,
  ) {}

  /**
   * Applies a configuration file, all of it or nothing. Applying the same file again changes nothing.
   * @param actor who applies it, for the audit events
   * @param observe is told how far each plan is
   * @throws ConfigurationFileError with every problem of the file
   * @throws StoreUnavailable when the directory cannot be read or written
   * @throws ConflictingChanges when somebody else changed the directory while each of `maxPlans` plans was made
   */
  async apply(source: Source, env: Environment, actor: Actor, observe?: PlanObserver): Promise<Outcome> {
    const configuration = parseConfiguration(source, env, this.forms);
    const digest = digestOf(configuration);
    for (let plan = 1; plan <= maxPlans; plan++) {
      const { revision, configurationHash } = await this.writer.state();
      if (configurationHash !== undefined && (await this.hasher.verify(configurationHash, digest))) {
        return { skipped: true };
      }
      const credentials = new CredentialPlanner(this.hasher, this.forms);
      const steps = await planChanges(configuration, this.directory, credentials, observe);
      const changes = steps.filter((step) => step !== undefined);
      // Hashed like a password: from a bare digest, somebody who knows the rest of the file could guess a
      // short password.
      const state = { revision, configurationHash: await this.hasher.hash(digest) };
      const origin = { actor, at: this.clock.now(), file: basename(source.file) };
      const applied = await this.writer.apply(changes, state, origin).catch((error: unknown) => {
        if (error instanceof UsernameCollision) refuseCollision(configuration, error);
        throw error;
      });
      if (applied) return { skipped: false, ...count(steps) };
    }
    throw new ConflictingChanges(
      new Error(`The directory changed while each of ${maxPlans} plans was made.`),
    );
  }
}

/** SHA-256 of the configuration after substitution, defaults included. */
export function digestOf({ realms }: Configuration): string {
  return createHash('sha256').update(canonicalJson(realms)).digest('base64url');
}

/**
 * Refuses a file of which a user name, folded, is that of a stored user, or that folds two stored ones.
 * @throws ConfigurationFileError always; it names both users, because the file may name neither
 */
function refuseCollision(
  { realms, problems }: Configuration,
  { realm, usernames }: UsernameCollision,
): never {
  const index = realms.findIndex(({ name }) => name === realm);
  const users = realms[index]?.users ?? [];
  const user = users.findIndex(({ username, state }) => state !== 'absent' && usernames.includes(username));
  const key = user < 0 ? 'usernames' : `users[${user}].username`;
  const [one, other] = usernames.map((name) => JSON.stringify(name));
  return problems.fail(
    `realms[${index}].${key}`,
    `${one} and ${other} are one user name where they are folded`,
  );
}

/** How many of the subjects that a file names are changed, and how. */
export function count(steps: readonly Step[]): Counts {
  const having = (...effects: (Effect | undefined)[]) =>
    steps.filter((step) => effects.includes(step?.effect)).length;
  return {
    added: having('add'),
    updated: having('update', 'endTokens'),
    removed: having('remove'),
    unchanged: having(undefined),
  };
}
