import type { Change, ChangeFeed, SubjectName } from '../../domain/change-feed.js';
import type { Client } from '../../domain/client.js';
import type { Clock } from '../../domain/clock.js';
import { Directory } from '../../domain/directory.js';
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

  findRealm(path: string, reached?: number): Promise<Realm | undefined> {
    return this.realms.find(path, () => this.directory.findRealm(path), hasReached(reached));
  }

  findClient(realm: string, clientId: string, reached?: number): Promise<Client | undefined> {
    const read = () => this.directory.findClient(realm, clientId);
    return this.clients.find(key(realm, clientId), read, hasReached(reached));
  }

  findResourceOwner(realm: string, username: string, reached?: number): Promise<ResourceOwner | undefined> {
    const read = () => this.directory.findResourceOwner(realm, username);
    return this.resourceOwners.find(key(realm, username), read, hasReached(reached));
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

/** A copy without the subject was made before it, and one with an older epoch before that epoch. */
function hasReached(epoch: number | undefined) {
  return (copy: { readonly epoch: number } | undefined) =>
    epoch === undefined || (copy !== undefined && copy.epoch >= epoch);
}

function keyOf({ realm, name }: SubjectName): string {
  return key(realm, name);
}

/** No realm's path holds a line feed. */
function key(realm: string, name: string): string {
  return `${realm}\n${name}`;
}
