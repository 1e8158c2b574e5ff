import type { Change, ChangeFeed, SubjectName } from '../../domain/change-feed.js';
import type { Client } from '../../domain/client.js';
import type { Clock } from '../../domain/clock.js';
import { Directory } from '../../domain/directory.js';
import type { MaybePromise } from '../../domain/maybe-promise.js';
import type { Realm } from '../../domain/realm.js';
import type { ResourceOwner } from '../../domain/resource-owner.js';
import { type CacheLimits, ReadThrough } from './read-through.js';

/** Keeps copies of another directory's subjects in memory. Who writes that directory announces what changes. */
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

  findRealm(path: string, reached = 0): MaybePromise<Realm | undefined> {
    return find(this.realms, path, reached, () => this.directory.findRealm(path));
  }

  findClient(realm: string, clientId: string, reached = 0): MaybePromise<Client | undefined> {
    const read = () => this.directory.findClient(realm, clientId);
    return find(this.clients, key(realm, clientId), reached, read);
  }

  findResourceOwner(realm: string, username: string, reached = 0): MaybePromise<ResourceOwner | undefined> {
    const read = () => this.directory.findResourceOwner(realm, username);
    return find(this.resourceOwners, key(realm, username), reached, read);
  }

  private drop(change: Change): void {
    if (change === 'everything' || 'realm' in change) {
      // A realm takes its clients and resource owners along, and seldom changes.
      for (const copies of [this.realms, this.clients, this.resourceOwners]) copies.clear();
    } else if ('client' in change) {
      this.clients.drop(keyOf(change.client));
    } else if ('resourceOwner' in change) {
      this.resourceOwners.drop(keyOf(change.resourceOwner));
    }
  }
}

/**
 * A copy without the subject was made before it, and one with an older epoch before that epoch. Nothing is issued for
 * a disabled subject, and to be enabled again gives it no other epoch: so one in which it is disabled may be older, too.
 * @param reached an epoch that the subject has reached; 0 where none is known of, not even that it is there
 */
function find<Subject extends { readonly epoch: number; readonly enabled: boolean }>(
  subjects: ReadThrough<Subject>,
  key: string,
  reached: number,
  read: () => MaybePromise<Subject | undefined>,
): MaybePromise<Subject | undefined> {
  const acceptable = (subject: Subject | undefined) =>
    reached === 0 ||
    (subject !== undefined && (subject.epoch > reached || (subject.epoch === reached && subject.enabled)));
  return subjects.find(key, read, acceptable);
}

function keyOf({ realm, name }: SubjectName): string {
  return key(realm, name);
}

/** No realm's path holds a line feed. */
function key(realm: string, name: string): string {
  return `${realm}\n${name}`;
}
