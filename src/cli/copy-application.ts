import { copyToCluster } from '../app/token-copy.js';
import { readConfigWithCassandra } from '../config/config.js';
import type { CopyCounts, CopyObserver } from '../domain/token-copy.js';
import { cliActor } from './actor.js';
import { commandError, inApplication, nameOf, refuseMemory } from './application.js';

/**
 * Copies the tokens of the database that the environment names to the Cassandra cluster that it names.
 * @returns a line with the counts of the outcome
 * @throws CommandError
 */
export async function copyToCassandra(observer: CopyObserver): Promise<string> {
  const config = copyConfig();
  refuseMemory(config, 'copied');
  const counts = await inApplication(config, (context) =>
    copyToCluster(context).run('cassandra', cliActor(), observer),
  );
  return `${describe(counts)}, from ${nameOf(config.database)} to the keyspace ${config.cassandra.keyspace}`;
}

function copyConfig(): ReturnType<typeof readConfigWithCassandra> {
  try {
    return readConfigWithCassandra('symbolon copy tokens');
  } catch (error) {
    throw commandError(error);
  }
}

function describe(counts: CopyCounts): string {
  const { accessTokens, refreshTokens, families, alreadyThere, revoked, used } = counts;
  const copied = `${accessTokens} access tokens, ${refreshTokens} refresh tokens and ${families} families copied`;
  return `${copied}, ${alreadyThere} tokens already there, ${revoked} revoked and ${used} used since`;
}
