import type { Client } from '../domain/client.js';
import { Directory } from '../domain/directory.js';
import type { Realm } from '../domain/realm.js';
import type { ResourceOwner } from '../domain/resource-owner.js';

/** Answers of another directory, as they were when they were first asked for; only so many of each kind are kept. */
export class RememberingDirectory extends Directory {
  private readonly realms = new Map<string, Promise<Realm | undefined>>();
  private readonly clients = new Map<string, Promise<Client | undefined>>();
  private readonly resourceOwners = new Map<string, Promise<ResourceOwner | undefined>>();

  /** @param capacity how many answers of each kind are kept */
  constructor(
    private readonly directory: Directory,
    private readonly capacity: number,
  ) {
    super();
  }

  findRealm(path: string): Promise<Realm | undefined> {
    return this.remembered(this.realms, path, () => this.directory.findRealm(path));
  }

  findClient(realm: string, clientId: string): Promise<Client | undefined> {
    return this.remembered(this.clients, JSON.stringify([realm, clientId]), () =>
      this.directory.findClient(realm, clientId),
    );
  }

  findResourceOwner(realm: string, username: string): Promise<ResourceOwner | undefined> {
    return this.remembered(this.resourceOwners, JSON.stringify([realm, username]), () =>
      this.directory.findResourceOwner(realm, username),
    );
  }

  private remembered<Answer>(
    answers: Map<string, Promise<Answer>>,
    key: string,
    ask: () => Promise<Answer>,
  ): Promise<Answer> {
    const known = answers.get(key);
    if (known) return known;
    const [oldest] = answers.size < this.capacity ? [] : answers.keys();
    if (oldest !== undefined) answers.delete(oldest);
    const answer = ask();
    answers.set(key, answer);
    return answer;
  }
}
