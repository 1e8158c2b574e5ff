import type { Client } from './client.js';
import { Directory, subjectKey } from './directory.js';
import type { MaybePromise } from './maybe-promise.js';
import type { Realm } from './realm.js';
import type { ResourceOwner } from './resource-owner.js';

/** Caches the answers of another directory, up to a limit for each kind; the oldest one is dropped first. */
export class RememberingDirectory extends Directory {
  private readonly realms = new Map<string, MaybePromise<Realm | undefined>>();
  private readonly clients = new Map<string, MaybePromise<Client | undefined>>();
  private readonly resourceOwners = new Map<string, MaybePromise<ResourceOwner | undefined>>();
  private readonly foldedResourceOwners = new Map<string, MaybePromise<ResourceOwner | undefined>>();

  /** @param capacity how many answers of each kind are cached */
  constructor(
    private readonly directory: Directory,
    private readonly capacity: number,
  ) {
    super();
  }

  findRealm(path: string): MaybePromise<Realm | undefined> {
    return this.remembered(this.realms, path, () => this.directory.findRealm(path));
  }

  findClient(realm: string, clientId: string): MaybePromise<Client | undefined> {
    return this.remembered(this.clients, subjectKey(realm, clientId), () =>
      this.directory.findClient(realm, clientId),
    );
  }

  findResourceOwner(realm: string, username: string): MaybePromise<ResourceOwner | undefined> {
    return this.remembered(this.resourceOwners, subjectKey(realm, username), () =>
      this.directory.findResourceOwner(realm, username),
    );
  }

  findFoldedResourceOwner(realm: string, key: string): MaybePromise<ResourceOwner | undefined> {
    return this.remembered(this.foldedResourceOwners, subjectKey(realm, key), () =>
      this.directory.findFoldedResourceOwner(realm, key),
    );
  }

  listsOrigin(realm: string, origin: string): Promise<boolean> {
    return this.directory.listsOrigin(realm, origin);
  }

  private remembered<Answer>(
    answers: Map<string, MaybePromise<Answer>>,
    key: string,
    ask: () => MaybePromise<Answer>,
  ): MaybePromise<Answer> {
    if (!answers.has(key)) {
      const [oldest] = answers.size < this.capacity ? [] : answers.keys();
      if (oldest !== undefined) answers.delete(oldest);
      answers.set(key, ask());
    }
    return answers.get(key) as MaybePromise<Answer>;
  }
}
