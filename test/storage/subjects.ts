import { randomUUID } from 'node:crypto';
import { clientDefaults } from '../support/client-defaults.js';
import type { Client } from '../../src/domain/client.js';
import type { Directory } from '../../src/domain/directory.js';
import { plainPages, type Realm } from '../../src/domain/realm.js';
import type { DirectoryChange, Registration, DirectoryWriter } from '../../src/domain/directory-writer.js';
import type { ResourceOwner } from '../../src/domain/resource-owner.js';
import { byTester } from '../support/audit.js';

/** A directory, its writer, and methods to fill it. Each test uses its own realms. */
export class Subjects {
  constructor(
    readonly directory: Directory,
    readonly writer: DirectoryWriter,
  ) {}

  /** Applies changes at the current revision. */
  async make(...changes: DirectoryChange[]): Promise<void> {
    if (!(await this.writer.apply(changes, await this.writer.state(), byTester))) {
      throw new Error('somebody else has changed the directory');
    }
  }

  /** Adds a realm and returns its path. */
  async addRealm(): Promise<string> {
    const realm = aRealm();
    await this.make({ effect: 'add', realm });
    return realm.path;
  }

  /** Epochs of a realm, and of the client and resource owner of these names in it. */
  async epochs(realm: string, clientId = 'client', username = 'owner'): Promise<(number | undefined)[]> {
    const found = await Promise.all([
      this.directory.findRealm(realm),
      this.directory.findClient(realm, clientId),
      this.directory.findResourceOwner(realm, username),
    ]);
    return found.map((subject) => subject?.epoch);
  }
}

/** A realm with a unique path. */
export function aRealm(values: Partial<Registration<Realm>> = {}): Registration<Realm> {
  return {
    path: `/r-${randomUUID()}`,
    authLevel: 0,
    usernames: 'exact',
    pages: plainPages,
    enabled: true,
    ...values,
  };
}

export function aClient(realm: string, values: Partial<Registration<Client>> = {}): Registration<Client> {
  return {
    realm,
    clientId: 'client',
    type: 'confidential',
    secretHash: 'secret-hash',
    grantTypes: ['client_credentials'],
    scopes: ['read'],
    defaultScopes: [],
    ...clientDefaults,
    ...values,
  };
}

export function anOwner(
  realm: string,
  values: Partial<Registration<ResourceOwner>> = {},
): Registration<ResourceOwner> {
  return { realm, username: 'owner', passwordHash: 'hash', attributes: new Map(), enabled: true, ...values };
}
