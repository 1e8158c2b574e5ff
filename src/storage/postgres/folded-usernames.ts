import { type EntityManager, In } from 'typeorm';
import { type DirectoryChange, UsernameCollision } from '../../domain/directory-writer.js';
import { foldUsername } from '../../domain/username.js';
import { RealmEntity } from './entities/subjects.js';

/** How many user names are folded by one statement. */
const pageSize = 1000;

/** Names without a key, behind a name; a node of an older version adds such names, too. They have an index of their own. */
export const namesToFold = `SELECT username FROM resource_owner
  WHERE realm = $1 AND folded_username IS NULL AND username > $2 ORDER BY username LIMIT ${pageSize}`;

const namesOfKeys = `SELECT username, folded_username AS key FROM resource_owner
  WHERE realm = $1 AND folded_username = ANY ($2::text[])`;

const setKeys = `UPDATE resource_owner SET folded_username = folded.key
  FROM unnest($2::text[], $3::text[]) AS folded (name, key) WHERE realm = $1 AND username = folded.name`;

const dropKeys = `UPDATE resource_owner SET folded_username = NULL
  WHERE realm = $1 AND folded_username IS NOT NULL`;

/**
 * Gives each user name of the realms that were changed its key, or takes it away, as the realm has it now. The lock of the
 * transaction makes writers take turns, so nobody else adds a name meanwhile.
 * @throws UsernameCollision
 */
export async function foldUsernames(
  manager: EntityManager,
  changes: readonly DirectoryChange[],
): Promise<void> {
  const paths = [...new Set(changes.flatMap(realmOf))];
  const realms = await manager.findBy(RealmEntity, { path: In(paths) });
  for (const { path, usernames } of realms) {
    if (usernames === 'fold') await fold(manager, path);
    else await manager.query(dropKeys, [path]);
  }
}

/** The realm whose names may need a key, or need none any more, after a change. */
function realmOf(change: DirectoryChange): readonly string[] {
  if (change.effect === 'remove') return [];
  if ('realm' in change) return [change.realm.path];
  return 'resourceOwner' in change && change.effect === 'add' ? [change.resourceOwner.realm] : [];
}

async function fold(manager: EntityManager, realm: string): Promise<void> {
  for (let last = ''; ;) {
    const page: { username: string }[] = await manager.query(namesToFold, [realm, last]);
    if (page.length === 0) return;
    const names = page.map(({ username }) => username);
    const keys = names.map(foldUsername);
    const known: { username: string; key: string }[] = await manager.query(namesOfKeys, [realm, keys]);
    const owners = new Map(known.map(({ username, key }) => [key, username]));
    names.forEach((name, index) => {
      const other = owners.get(keys[index]);
      if (other !== undefined) throw new UsernameCollision(realm, [other, name]);
      owners.set(keys[index], name);
    });
    await manager.query(setKeys, [realm, names, keys]);
    last = names[names.length - 1];
  }
}
