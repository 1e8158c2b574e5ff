import type { Client } from '../../domain/client.js';
import { Directory, subjectKey } from '../../domain/directory.js';
import type { Realm } from '../../domain/realm.js';
import type { ResourceOwner } from '../../domain/resource-owner.js';
import { foldUsername } from '../../domain/username.js';
import type { BatcherLimits, StatementBatcher } from './statement-batcher.js';
import type { Deadline } from './connection-shares.js';
import type { Database } from './database.js';
import type { Statement } from './statement.js';
import {
  clientTable,
  realmTable,
  resourceOwnerTable,
  toClient,
  toRealm,
  toResourceOwner,
} from './subject-rows.js';
import { transposed } from './table.js';

const findRealms: Statement = {
  name: 'find_realms',
  text: `SELECT ${realmTable.selection} FROM realm WHERE path = ANY ($1::text[])`,
};

const findClients: Statement = {
  name: 'find_clients',
  text: `SELECT ${clientTable.selection} FROM client JOIN ${names('client_id')} USING (realm, client_id)`,
};

const findResourceOwners: Statement = {
  name: 'find_resource_owners',
  text: `SELECT ${resourceOwnerTable.selection}
    FROM resource_owner JOIN ${names('username')} USING (realm, username)`,
};

/** Costs one read of the index of keys. */
export const findFoldedResourceOwners: Statement = {
  name: 'find_folded_resource_owners',
  text: `SELECT ${resourceOwnerTable.selection}
    FROM resource_owner JOIN ${names('folded_username')} USING (realm, folded_username)`,
};

/** Reads the clients of the realm, which stand together in the primary key. */
const findOrigin: Statement = {
  name: 'find_origin',
  text: `SELECT FROM client WHERE realm = $1 AND $2 = ANY (origins) AND enabled LIMIT 1`,
};

/** The realms and names of the requested subjects, as rows. */
function names(column: string): string {
  return `unnest($1::text[], $2::text[]) AS asked (realm, ${column})`;
}

const limits: BatcherLimits = { items: 500, underWay: 4 };

/** The key of a subject: the path of its realm and its name there. The key of a realm is its path alone. */
type Name = readonly [realm: string, name?: string];

/** The directory in PostgreSQL. Each subject is read by primary key. */
export class PostgresDirectory extends Directory {
  private readonly realms: StatementBatcher<Name, Realm | undefined>;
  private readonly clients: StatementBatcher<Name, Client | undefined>;
  private readonly resourceOwners: StatementBatcher<Name, ResourceOwner | undefined>;
  private readonly foldedResourceOwners: StatementBatcher<Name, ResourceOwner | undefined>;

  constructor(private readonly database: Database) {
    super();
    this.realms = this.batcher(findRealms, toRealm, ({ path }) => [path]);
    this.clients = this.batcher(findClients, toClient, ({ realm, clientId }) => [realm, clientId]);
    this.resourceOwners = this.batcher(findResourceOwners, toResourceOwner, ({ realm, username }) => [
      realm,
      username,
    ]);
    this.foldedResourceOwners = this.batcher(findFoldedResourceOwners, toResourceOwner, foldedNameOf);
  }

  findRealm(path: string): Promise<Realm | undefined> {
    return this.realms.add([path]);
  }

  findClient(realm: string, clientId: string): Promise<Client | undefined> {
    return this.clients.add([realm, clientId]);
  }

  findResourceOwner(realm: string, username: string): Promise<ResourceOwner | undefined> {
    return this.resourceOwners.add([realm, username]);
  }

  findFoldedResourceOwner(realm: string, key: string): Promise<ResourceOwner | undefined> {
    return this.foldedResourceOwners.add([realm, key]);
  }

  async listsOrigin(realm: string, origin: string): Promise<boolean> {
    return (await this.database.read(findOrigin, [realm, origin])).length > 0;
  }

  /** Subjects are read together; each caller gets its own, or undefined for a missing one. */
  private batcher<Row extends object, Subject>(
    statement: Statement,
    toSubject: (row: Row) => Subject,
    nameOf: (subject: Subject) => Name,
  ): StatementBatcher<Name, Subject | undefined> {
    const read = async (asked: readonly Name[], deadline: Deadline) => {
      const [{ length: width }] = asked;
      const rows = await this.database.read<Row>(statement, transposed(asked, width), deadline);
      const subjects = new Map(rows.map(toSubject).map((subject) => [key(nameOf(subject)), subject]));
      return asked.map((name) => subjects.get(key(name)));
    };
    return this.database.batcher(statement.name, read, limits);
  }
}

function key([realm, name = '']: Name): string {
  return subjectKey(realm, name);
}

function foldedNameOf({ realm, username }: ResourceOwner): Name {
  return [realm, foldUsername(username)];
}
