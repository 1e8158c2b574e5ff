import type { Logger } from 'pino';
import type { DirectoryWriter } from '../../../domain/directory-writer.js';

/** So many client identifiers are named at most, so that the line stays one that can be read. */
const maxNamed = 20;

/**
 * Warns where Axway's token information cannot tell two subjects apart: its URL and its answer name no realm.
 * @param realms paths of the realms that it serves; undefined for every realm
 */
export async function warnOfSharedNames(
  registry: DirectoryWriter,
  realms: readonly string[] | undefined,
  log: Logger,
): Promise<void> {
  const { clientIds, usernames } = await registry.sharedNames(realms);
  if (clientIds.length === 0 && usernames === 0) return;
  log.warn(
    { sharedClients: clientIds.length, clientIds: clientIds.slice(0, maxNamed), sharedUsers: usernames },
    'AXWAY_REALMS: realms hold the same names, which /api/oauth/tokeninfo cannot tell apart',
  );
}
