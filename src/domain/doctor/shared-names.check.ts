import type { DirectoryWriter } from '../directory-writer.js';
import { type Check, counted, namesOf, ok, warn } from './check.js';

/** Both read all clients and users; their statements take 30 s at most. */
const deadlineMs = 35_000;

/**
 * Whether realms hold the same names. Axway's token information cannot tell them apart, because neither its URL nor its
 * answer names a realm.
 * @param realms paths of the realms that it serves; undefined for every realm
 */
export function sharedNamesCheck(writer: DirectoryWriter, realms: readonly string[] | undefined): Check {
  return {
    name: 'shared-names',
    readsTables: true,
    deadlineMs,
    async run() {
      const { clientIds, usernames } = await writer.sharedNames(realms);
      if (clientIds.length === 0 && usernames === 0) return ok('no name is in two realms');
      const clients = clientIds.length > 0 ? ` (${namesOf(clientIds)})` : '';
      return warn(
        `${counted(clientIds.length, 'client')}${clients} and ${counted(usernames, 'user name')} are in more than one realm, which /api/oauth/tokeninfo cannot tell apart`,
        'name the realms that it answers for by AXWAY_REALMS, or rename them',
      );
    },
  };
}

/** Whether a client has the name of a user: where it acts for itself, Axway's answer names it as its user. */
export function clientsNamedLikeUsersCheck(
  writer: DirectoryWriter,
  realms: readonly string[] | undefined,
): Check {
  return {
    name: 'clients-named-like-users',
    readsTables: true,
    deadlineMs,
    async run() {
      const clientIds = await writer.clientsNamedLikeUsers(realms);
      if (clientIds.length === 0) return ok('no client has the name of a user');
      return warn(
        `${counted(clientIds.length, 'client')} (${namesOf(clientIds)}) named like a user: /api/oauth/tokeninfo answers the same user_id for both`,
        'rename the clients, or name the realms that it answers for by AXWAY_REALMS',
      );
    },
  };
}
