import type { Client } from './client.js';
import type { Realm } from './realm.js';
import type { ResourceOwner } from './resource-owner.js';

/** A subject as it is to be registered; its epoch is the store's to give. */
export type Registration<Subject> = Omit<Subject, 'epoch'>;

/**
 * What becomes of a subject: `add` (with a new epoch), `update` (its epoch stays), `renew` (updated with a new
 * epoch, which ends all its tokens), `remove` (a realm takes its clients and resource owners along).
 */
export type Effect = 'add' | 'update' | 'renew' | 'remove';

export type DirectoryChange =
  | { readonly effect: Effect; readonly realm: Registration<Realm> }
  | { readonly effect: Effect; readonly client: Registration<Client> }
  | { readonly effect: Effect; readonly resourceOwner: Registration<ResourceOwner> };

/** How far the directory has been written. */
export interface DirectoryState {
  /** Goes up by one with every `apply`. */
  readonly revision: number;
  /** Hash of the configuration applied last, as `apply` was given it; undefined before the first. */
  readonly configurationHash?: string;
}

/** Names that more than one of some realms has given. */
export interface SharedNames {
  /** Client identifiers, in order. */
  readonly clientIds: readonly string[];
  /** How many user names. Which ones is nobody's business. */
  readonly usernames: number;
}

/** Writes the directory. Methods throw StoreUnavailable when they cannot keep their promise. */
export abstract class DirectoryWriter {
  abstract state(): Promise<DirectoryState>;

  /**
   * Makes all the changes in their order and goes one revision on, or does nothing at all.
   * @param state the revision that the changes were planned on, and the hash to keep for them
   * @returns false, with nothing changed, when the directory has gone on from that revision
   */
  abstract apply(changes: readonly DirectoryChange[], state: DirectoryState): Promise<boolean>;

  /**
   * What an answer that names no realm could not tell apart. Disabled subjects count: they may come back.
   * @param realms paths of the realms to compare; undefined for every realm
   */
  abstract sharedNames(realms: readonly string[] | undefined): Promise<SharedNames>;
}
