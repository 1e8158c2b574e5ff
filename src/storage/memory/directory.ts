import type { Client } from '../../domain/client.js';
import { Directory, subjectKey } from '../../domain/directory.js';
import { plainPages, type Realm, rootRealm } from '../../domain/realm.js';
import {
  type DirectoryChange,
  type Effect,
  type Registration,
  type DirectoryWriter,
  type DirectoryState,
  type SharedNames,
  UsernameCollision,
} from '../../domain/directory-writer.js';
import type { ResourceOwner } from '../../domain/resource-owner.js';
import { isSameState } from '../../domain/subject-records.js';
import { foldUsername } from '../../domain/username.js';

/** Realms by their paths, other subjects by their `subjectKey`. */
interface Subjects {
  readonly realms: Map<string, Realm>;
  readonly clients: Map<string, Client>;
  readonly resourceOwners: Map<string, ResourceOwner>;
}

/** The root realm before the first change. */
const newRoot: Registration<Realm> = {
  path: rootRealm,
  authLevel: 0,
  usernames: 'exact',
  pages: plainPages,
  enabled: true,
};

/** The directory in this process's memory, and its writer. The root realm exists from the start. */
export class MemoryDirectory extends Directory implements DirectoryWriter {
  private subjects: Subjects = { realms: new Map(), clients: new Map(), resourceOwners: new Map() };
  private epoch = 0;
  private current: DirectoryState = { revision: 0 };

  constructor() {
    super();
    this.make({ effect: 'add', realm: newRoot }, this.subjects);
  }

  async findRealm(path: string): Promise<Realm | undefined> {
    return this.subjects.realms.get(path);
  }

  async findClient(realm: string, clientId: string): Promise<Client | undefined> {
    return this.subjects.clients.get(subjectKey(realm, clientId));
  }

  async findResourceOwner(realm: string, username: string): Promise<ResourceOwner | undefined> {
    return this.subjects.resourceOwners.get(subjectKey(realm, username));
  }

  async findFoldedResourceOwner(realm: string, key: string): Promise<ResourceOwner | undefined> {
    if (this.subjects.realms.get(realm)?.usernames !== 'fold') return undefined;
    const { resourceOwners } = this.subjects;
    return [...resourceOwners.values()].find(
      (owner) => owner.realm === realm && foldUsername(owner.username) === key,
    );
  }

  async listsOrigin(realm: string, origin: string): Promise<boolean> {
    const { clients } = this.subjects;
    return [...clients.values()].some(
      (client) => client.realm === realm && client.enabled && client.origins.includes(origin),
    );
  }

  async state(): Promise<DirectoryState> {
    return this.current;
  }

  async apply(changes: readonly DirectoryChange[], state: DirectoryState): Promise<boolean> {
    if (state.revision !== this.current.revision) return false;
    const { realms, clients, resourceOwners } = this.subjects;
    const changed: Subjects = {
      realms: new Map(realms),
      clients: new Map(clients),
      resourceOwners: new Map(resourceOwners),
    };
    for (const change of changes) this.make(change, changed);
    refuseCollisions(changed);
    this.subjects = changed;
    this.current = { revision: state.revision + 1, configurationHash: state.configurationHash };
    return true;
  }

  async write(change: DirectoryChange): Promise<boolean> {
    return this.isPlannedFor(change) && this.apply([change], this.current);
  }

  private isPlannedFor(change: DirectoryChange): boolean {
    const { realms, clients, resourceOwners } = this.subjects;
    if ('realm' in change) {
      const { path } = change.realm;
      const lives = [...clients.values(), ...resourceOwners.values()].some(({ realm }) => realm === path);
      return isSameState(realms.get(path), change.before) && !(change.ifEmpty && lives);
    }
    const { realm } = 'client' in change ? change.client : change.resourceOwner;
    const stored =
      'client' in change
        ? clients.get(subjectKey(realm, change.client.clientId))
        : resourceOwners.get(subjectKey(realm, change.resourceOwner.username));
    return realms.has(realm) && isSameState(stored, change.before);
  }

  async sharedNames(realms: readonly string[] | undefined): Promise<SharedNames> {
    const asked = ({ realm }: { realm: string }) => realms === undefined || realms.includes(realm);
    const clients = [...this.subjects.clients.values()].filter(asked);
    const resourceOwners = [...this.subjects.resourceOwners.values()].filter(asked);
    return {
      clientIds: repeated(clients.map(({ clientId }) => clientId)).sort(),
      usernames: repeated(resourceOwners.map(({ username }) => username)).length,
    };
  }

  async clientsNamedLikeUsers(realms: readonly string[] | undefined): Promise<readonly string[]> {
    const asked = ({ realm }: { realm: string }) => realms === undefined || realms.includes(realm);
    const resourceOwners = [...this.subjects.resourceOwners.values()].filter(asked);
    const usernames = new Set(resourceOwners.map(({ username }) => username));
    const clients = [...this.subjects.clients.values()].filter(asked);
    const named = clients.map(({ clientId }) => clientId).filter((clientId) => usernames.has(clientId));
    return [...new Set(named)].sort();
  }

  async clientsWithInsecureRedirects(): Promise<readonly string[]> {
    const clients = [...this.subjects.clients.values()];
    const insecure = clients.filter((client) => client.enabled && client.insecureRedirectUris);
    return [...new Set(insecure.map(({ clientId }) => clientId))].sort();
  }

  private make(change: DirectoryChange, { realms, clients, resourceOwners }: Subjects): void {
    const { effect } = change;
    if ('realm' in change) {
      const { path } = change.realm;
      this.put(realms, path, effect, change.realm);
      if (effect === 'remove') {
        removeRealm(clients, path);
        removeRealm(resourceOwners, path);
      }
      return;
    }
    const { realm } = 'client' in change ? change.client : change.resourceOwner;
    if (effect !== 'remove' && !realms.has(realm)) throw new Error('The subject has no realm.');
    if ('client' in change) {
      const key = subjectKey(realm, change.client.clientId);
      const kept = change.before && change.before.secretHash === change.client.secretHash;
      const { secretHash, importedHash } = (kept ? clients.get(key) : undefined) ?? change.client;
      this.put(clients, key, effect, { ...change.client, secretHash, importedHash });
    } else {
      const key = subjectKey(realm, change.resourceOwner.username);
      const kept = change.before && change.before.passwordHash === change.resourceOwner.passwordHash;
      const { passwordHash, importedHash } =
        (kept ? resourceOwners.get(key) : undefined) ?? change.resourceOwner;
      this.put(resourceOwners, key, effect, { ...change.resourceOwner, passwordHash, importedHash });
    }
  }

  private put<Subject extends { epoch: number }>(
    subjects: Map<string, Subject>,
    name: string,
    effect: Effect,
    registration: Registration<Subject>,
  ): void {
    if (effect === 'remove') {
      subjects.delete(name);
      return;
    }
    const stored = subjects.get(name);
    if (effect === 'add' && stored) throw new Error('The subject is there already.');
    if (effect !== 'add' && !stored) throw new Error('The subject is not there.');
    const epoch = effect === 'update' ? stored?.epoch : undefined;
    subjects.set(name, { ...registration, epoch: epoch ?? ++this.epoch } as Subject);
  }
}

function refuseCollisions({ realms, resourceOwners }: Subjects): void {
  const seen = new Map<string, string>();
  for (const { realm, username } of resourceOwners.values()) {
    if (realms.get(realm)?.usernames !== 'fold') continue;
    const key = subjectKey(realm, foldUsername(username));
    const other = seen.get(key);
    if (other !== undefined) throw new UsernameCollision(realm, [other, username]);
    seen.set(key, username);
  }
}

function removeRealm(subjects: Map<string, { realm: string }>, path: string): void {
  for (const [name, subject] of subjects) {
    if (subject.realm === path) subjects.delete(name);
  }
}

/** The names that occur more than once, each listed once. */
function repeated(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].flatMap(([name, count]) => (count > 1 ? [name] : []));
}
