import { DirectoryWriter } from '../domain/directory-writer.js';
import { HashWrapping, type WrappingOutcome } from '../domain/hash-wrapping.js';
import { type Outcome, Provisioner } from '../provisioning/apply.js';
import { type FilePlan, FilePlanner } from '../provisioning/file-plan.js';
import type { Source } from '../provisioning/parse.js';
import type { PlanObserver } from '../provisioning/plan.js';
import { cliActor } from './actor.js';
import { commandConfig, inDatabase, nameOf } from './application.js';

/** What became of a configuration file that was applied. */
export interface Applied {
  readonly outcome: Outcome;
  /** A line that says what changed. */
  readonly summary: string;
  /** Clients that are named like users of the realms that Axway's token information serves. */
  readonly clientsNamedLikeUsers: readonly string[];
}

/**
 * Applies a configuration file to the database that the environment names.
 * @param create whether an embedded database is made where there is none
 * @throws CommandError
 */
export async function applyToDatabase(
  source: Source,
  create: boolean,
  observe: PlanObserver,
): Promise<Applied> {
  const config = commandConfig();
  return inDatabase(
    config,
    async (context) => {
      const provisioner = context.get(Provisioner);
      const outcome = await provisioner.apply(source, config.environment, cliActor(), observe);
      // There need not be a server that does it.
      const wrapping = await context.get(HashWrapping).wrapAll(() => true);
      const clientsNamedLikeUsers = await context
        .get(DirectoryWriter)
        .clientsNamedLikeUsers(config.tokenInfo.axwayRealms);
      const done = describe(outcome) + describeWrapping(wrapping);
      const summary = `${source.file}: ${done} in ${nameOf(config.database)}`;
      return { outcome, summary, clientsNamedLikeUsers };
    },
    create,
  );
}

/**
 * What applying a configuration file to the database that the environment names would do.
 * @returns that, and what the database is called
 * @throws CommandError
 */
export async function planForFile(
  source: Source,
  observe: PlanObserver,
): Promise<{ readonly plan: FilePlan; readonly database: string }> {
  const config = commandConfig();
  const plan = await inDatabase(config, (context) =>
    context.get(FilePlanner).plan(source, config.environment, observe),
  );
  return { plan, database: nameOf(config.database) };
}

function describe(outcome: Outcome): string {
  if (outcome.skipped) return 'applied before, nothing changed';
  const { added, updated, removed, unchanged } = outcome;
  return `${added} added, ${updated} updated, ${removed} removed, ${unchanged} unchanged`;
}

function describeWrapping({ wrapped, finished }: WrappingOutcome): string {
  if (!finished) return `, ${wrapped} hashes wrapped, a server wraps the rest`;
  return wrapped === 0 ? '' : `, ${wrapped} hashes wrapped`;
}
