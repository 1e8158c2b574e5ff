import { createHash } from 'node:crypto';
import type { Directory } from '../domain/directory.js';
import type { Effect, DirectoryWriter } from '../domain/directory-writer.js';
import type { PasswordHasher } from '../domain/secret.js';
import { canonicalJson } from './canonical-json.js';
import { type Configuration, parseConfiguration, type Source } from './parse.js';
import { planChanges, type Step } from './plan.js';
import type { Environment } from './substitution.js';

/** What became of the realms, clients and users that a file names. */
export type Outcome =
  /** The file says what the last one said: the directory was not even read. */
  { readonly skipped: true } | ({ readonly skipped: false } & Counts);

export interface Counts {
  readonly added: number;
  readonly updated: number;
  readonly removed: number;
  readonly unchanged: number;
}

/** How often a plan is made anew because somebody else changed the directory meanwhile. */
const maxPlans = 5;

/** Brings the directory to what a configuration file asks for. What the file does not name is left alone. */
export class Provisioner {
  /** @param directory must show at once what the registry has written: no cache in between */
  constructor(
    private readonly directory: Directory,
    private readonly registry: DirectoryWriter,
    private readonly hasher: PasswordHasher,
  ) {}

  /**
   * Applies a configuration file, all of it or nothing. Applying the same again changes nothing.
   * @throws ConfigurationError with everything that is wrong with the file
   * @throws StoreUnavailable when the directory cannot be read or written
   */
  async apply(source: Source, env: Environment): Promise<Outcome> {
    const configuration = parseConfiguration(source, env);
    const digest = digestOf(configuration);
    for (let plan = 1; plan <= maxPlans; plan++) {
      const { revision, configurationHash } = await this.registry.state();
      if (configurationHash !== undefined && (await this.hasher.verify(configurationHash, digest))) {
        return { skipped: true };
      }
      const steps = await planChanges(configuration, this.directory, this.hasher);
      const changes = steps.filter((step) => step !== undefined);
      // Hashed like a password: who knows the file but for a short password could try that on a bare digest.
      const state = { revision, configurationHash: await this.hasher.hash(digest) };
      if (await this.registry.apply(changes, state)) return { skipped: false, ...count(steps) };
    }
    throw new Error(`The directory changed while each of ${maxPlans} plans was made; nothing was applied.`);
  }
}

/** SHA-256 over what the file says after substitution, defaults included. */
function digestOf({ realms }: Configuration): string {
  return createHash('sha256').update(canonicalJson(realms)).digest('base64url');
}

function count(steps: readonly Step[]): Counts {
  const having = (...effects: (Effect | undefined)[]) =>
    steps.filter((step) => effects.includes(step?.effect)).length;
  return {
    added: having('add'),
    updated: having('update', 'endTokens'),
    removed: having('remove'),
    unchanged: having(undefined),
  };
}
