import type { Logger } from 'pino';
import type { DirectoryWriter } from '../../../domain/directory-writer.js';

/** At most this many client identifiers are logged, to keep the line readable. */
const maxNamed = 20;

/**
 * Warns when realms hold the same client or user names, and when a client is named like a user. Axway's token
 * information cannot tell them apart, because neither its URL nor its answer names a realm, and a client that acts for
 * itself is its user.
 * @param realms paths of the realms that token information serves; undefined for every realm
 */
export async function warnOfSharedNames(
  writer: DirectoryWriter,
  realms: readonly string[] | undefined,
  log: Logger,
): Promise<void> {
  const named = await writer.clientsNamedLikeUsers(realms);
  if (named.length > 0) {
    const clientIds = named.slice(0, maxNamed);
    log.warn(
      { clientsNamedLikeUsers: named.length, clientIds },
      'clients are named like users, and /api/oauth/tokeninfo answers the same user_id for both',
    );
  }
  const { clientIds, usernames } = await writer.sharedNames(realms);
  if (clientIds.length === 0 && usernames === 0) return;
  log.warn(
    { sharedClients: clientIds.length, clientIds: clientIds.slice(0, maxNamed), sharedUsers: usernames },
    'AXWAY_REALMS: realms hold the same names, which /api/oauth/tokeninfo cannot tell apart',
  );
}
