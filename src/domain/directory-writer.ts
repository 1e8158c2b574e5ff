import type { ChangeOrigin } from './audit-events.js';
import type { Client } from './client.js';
import type { Realm } from './realm.js';
import type { ResourceOwner } from './resource-owner.js';

/** A subject as it is to be stored; the store sets its epoch. */
export type Registration<Subject> = Omit<Subject, 'epoch'>;

/**
 * What happens to a subject: `add` (with a new epoch), `update` (the epoch stays), `endTokens` (updated with
 * a new epoch, which ends all of its tokens), `remove` (a realm together with its clients and resource
 * owners).
 */
export type Effect = 'add' | 'update' | 'endTokens' | 'remove';

/**
 * A change of one subject; `before` is the subject that it was planned for, undefined where it is added. A change that has
 * the same hash of a secret as `before` leaves the stored one as it is, which may be another since (`PasswordUpgrades`).
 */
export type DirectoryChange =
  | {
      readonly effect: Effect;
      readonly realm: Registration<Realm>;
      readonly before?: Realm;
      /** Whether a realm that has clients or users is not removed; `write` alone heeds it. */
      readonly ifEmpty?: boolean;
    }
  | { readonly effect: Effect; readonly client: Registration<Client>; readonly before?: Client }
  | {
      readonly effect: Effect;
      readonly resourceOwner: Registration<ResourceOwner>;
      readonly before?: ResourceOwner;
    };

/** The state of the directory that a plan was made for. */
export interface DirectoryState {
  /** Goes up by one with every `apply`. */
  readonly revision: number;
  /** Hash of the configuration applied last, as it was passed to `apply`; undefined before the first. */
  readonly configurationHash?: string;
}

/** Names that exist in more than one of some realms. */
export interface SharedNames {
  /** Client identifiers, in order. */
  readonly clientIds: readonly string[];
  /** The number of user names; the names themselves are personal data. */
  readonly usernames: number;
}

/** A realm was to fold user names of which two have the same key; nothing was changed. */
export class UsernameCollision extends Error {
  constructor(
    readonly realm: string,
    readonly usernames: readonly [string, string],
  ) {
    super(`Two user names of the realm ${realm} are one where they are folded.`);
    this.name = 'UsernameCollision';
  }
}

/** Writes what the Directory reads. Every method throws StoreUnavailable when it cannot do its work. */
export abstract class DirectoryWriter {
  abstract state(): Promise<DirectoryState>;

  /**
   * Makes all changes in their order, adds their audit events, and increments the revision, or does nothing at all.
   * @param state the revision that the changes were planned for, and the configuration hash to store with
   *   them
   * @param origin who makes the changes
   * @returns false, with nothing changed, when the directory is no longer at that revision
   * @throws UsernameCollision when a realm that folds user names would hold two with the same key
   */
  abstract apply(
    changes: readonly DirectoryChange[],
    state: DirectoryState,
    origin: ChangeOrigin,
  ): Promise<boolean>;

  /**
   * Makes one change by itself, with its audit events, and increments the revision; the configuration hash stays. Changes
   * of several callers take turns.
   * @returns false, with nothing changed, when the subject is no longer as `before` has it (`isSameState`), when one that is
   *   to be added is there or has no realm, or when a realm that is to be removed if it is empty is not
   * @throws UsernameCollision as `apply`
   */
  abstract write(change: DirectoryChange, origin: ChangeOrigin): Promise<boolean>;

  /**
   * Finds the names that an answer without a realm cannot tell apart. Disabled subjects count, because they
   * may be enabled again.
   * @param realms paths of the realms to compare; undefined for every realm
   */
  abstract sharedNames(realms: readonly string[] | undefined): Promise<SharedNames>;

  /**
   * Finds the clients that have the name of a user, of their own realm or of another: where a client acts for itself, an
   * answer that names it as its user cannot be told from one for that user. Disabled subjects count.
   * @param realms paths of the realms to compare; undefined for every realm
   * @returns client identifiers, in order, each once
   */
  abstract clientsNamedLikeUsers(realms: readonly string[] | undefined): Promise<readonly string[]>;

  /**
   * Finds the enabled clients whose redirect URIs may be `http` on another machine.
   * @returns client identifiers, in order, each once
   */
  abstract clientsWithInsecureRedirects(): Promise<readonly string[]>;
}
