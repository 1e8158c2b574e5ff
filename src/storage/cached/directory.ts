import type { Change, ChangeFeed, SubjectName } from '../../domain/change-feed.js';
import type { Client } from '../../domain/client.js';
import type { Clock } from '../../domain/clock.js';
import { Directory, subjectKey } from '../../domain/directory.js';
import type { MaybePromise } from '../../domain/maybe-promise.js';
import type { Realm } from '../../domain/realm.js';
import type { ResourceOwner } from '../../domain/resource-owner.js';
import type { CacheStatistics } from '../../observability/cache-statistics.js';
import { type CacheLimits, ReadThrough } from './read-through.js';

/** Caches another directory's subjects in memory. Its writer reports its changes to the change feed. */
export class CachedDirectory extends Directory {
  private readonly realms: ReadThrough<Realm>;
  private readonly clients: ReadThrough<Client>;
  private readonly resourceOwners: ReadThrough<ResourceOwner>;

  constructor(
    private readonly directory: Directory,
    feed: ChangeFeed,
    clock: Clock,
    limits: CacheLimits,
  ) {
    super();
    this.realms = new ReadThrough(feed, clock, limits);
    this.clients = new ReadThrough(feed, clock, limits);
    this.resourceOwners = new ReadThrough(feed, clock, limits);
    feed.subscribe((change) => this.drop(change));
  }

  get statistics(): readonly CacheStatistics[] {
    return [
      this.realms.statistics('realm'),
      this.clients.statistics('client'),
      this.resourceOwners.statistics('resource_owner'),
    ];
  }

  findRealm(path: string, minEpoch = 0): MaybePromise<Realm | undefined> {
    return find(this.realms, path, minEpoch, () => this.directory.findRealm(path));
  }

  findClient(realm: string, clientId: string, minEpoch = 0): MaybePromise<Client | undefined> {
    const read = () => this.directory.findClient(realm, clientId);
    return find(this.clients, subjectKey(realm, clientId), minEpoch, read);
  }

  findResourceOwner(realm: string, username: string, minEpoch = 0): MaybePromise<ResourceOwner | undefined> {
    const read = () => this.directory.findResourceOwner(realm, username);
    return find(this.resourceOwners, subjectKey(realm, username), minEpoch, read);
  }

  /** Not cached: it is asked before a password is checked, which takes far longer. */
  findFoldedResourceOwner(realm: string, key: string): MaybePromise<ResourceOwner | undefined> {
    return this.directory.findFoldedResourceOwner(realm, key);
  }

  listsOrigin(realm: string, origin: string): Promise<boolean> {
    return this.directory.listsOrigin(realm, origin);
  }

  private drop(change: Change): void {
    if (change === 'addedTokens') return;
    if (change === 'everything' || 'realm' in change) {
      // A change of a realm affects its clients and resource owners. It is rare, so every entry is dropped.
      for (const copies of [this.realms, this.clients, this.resourceOwners]) copies.clear();
    } else if ('client' in change) {
      this.clients.drop(keyOf(change.client));
    } else if ('resourceOwner' in change) {
      this.resourceOwners.drop(keyOf(change.resourceOwner));
    }
  }
}

interface Versioned {
  readonly epoch: number;
  readonly enabled: boolean;
}

/**
 * Finds a subject, by its cached copy unless that may be older than the known epoch. A copy is as new as its own epoch,
 * and as the epoch that was known when it was read. So a subject that was missing then was removed after that epoch; one
 * that is added again has a greater one. A copy may be older if the subject is disabled at the known epoch: no token is
 * issued for a disabled subject, and enabling does not change the epoch.
 * @param minEpoch an epoch that the subject has reached; 0 where none is known
 */
function find<Subject extends Versioned>(
  subjects: ReadThrough<Subject>,
  key: string,
  minEpoch: number,
  read: () => MaybePromise<Subject | undefined>,
): MaybePromise<Subject | undefined> {
  const copy = subjects.copyOf(key);
  if (copy && isNewEnough(copy.value, copy.reached, minEpoch)) return copy.value;
  const accepts = (subject: Subject | undefined, reached: number) => isNewEnough(subject, reached, minEpoch);
  return subjects.read(key, read, { reached: minEpoch, accepts });
}

/** @param reached the epoch that was known when the subject was read */
function isNewEnough(subject: Versioned | undefined, reached: number, minEpoch: number): boolean {
  if (subject?.epoch === minEpoch) return subject.enabled;
  return Math.max(subject?.epoch ?? 0, reached) >= minEpoch;
}

function keyOf({ realm, name }: SubjectName): string {
  return subjectKey(realm, name);
}
