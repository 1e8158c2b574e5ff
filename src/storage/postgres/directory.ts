import type { Attributes } from '../../domain/attributes.js';
import type { Client } from '../../domain/client.js';
import { Directory } from '../../domain/directory.js';
import type { GrantType } from '../../domain/grant-type.js';
import type { Realm } from '../../domain/realm.js';
import type { ResourceOwner } from '../../domain/resource-owner.js';
import type { Database, Statement } from './database.js';
import type { AttributesJson, ClientEntity, RealmEntity, ResourceOwnerEntity } from './entities.js';

const findRealm: Statement = {
  name: 'find_realm',
  text: `SELECT path, auth_level AS "authLevel", enabled, epoch FROM realm WHERE path = $1`,
};

const findClient: Statement = {
  name: 'find_client',
  text: `SELECT realm, client_id AS "clientId", type, secret_hash AS "secretHash", grant_types AS "grantTypes",
      scopes, default_scopes AS "defaultScopes", access_token_lifetime AS "accessTokenLifetime",
      refresh_token_lifetime AS "refreshTokenLifetime", refresh_token_max_lifetime AS "refreshTokenMaxLifetime",
      refresh_successor AS "refreshSuccessor", refresh_graceful AS "refreshGraceful", introspect,
      additional_information AS "additionalInformation", additional_parameters AS "additionalParameters", attributes,
      name, description, contact_email AS "contactEmail", application, enabled, epoch
    FROM client WHERE realm = $1 AND client_id = $2`,
};

const findResourceOwner: Statement = {
  name: 'find_resource_owner',
  text: `SELECT realm, username, password_hash AS "passwordHash", attributes, enabled, epoch
    FROM resource_owner WHERE realm = $1 AND username = $2`,
};

/** The directory in PostgreSQL, each subject one read by primary key. */
export class PostgresDirectory extends Directory {
  constructor(private readonly database: Database) {
    super();
  }

  async findRealm(path: string): Promise<Realm | undefined> {
    const [row] = await this.database.read<RealmEntity>(findRealm, [path]);
    return row && { ...row, epoch: Number(row.epoch) };
  }

  async findClient(realm: string, clientId: string): Promise<Client | undefined> {
    const [row] = await this.database.read<ClientEntity>(findClient, [realm, clientId]);
    if (!row) return undefined;
    const { refreshSuccessor, refreshGraceful, ...client } = row;
    return {
      ...client,
      refresh: { successor: refreshSuccessor, graceful: refreshGraceful },
      secretHash: row.secretHash ?? undefined,
      grantTypes: row.grantTypes as GrantType[],
      attributes: toAttributes(row.attributes),
      name: row.name ?? undefined,
      description: row.description ?? undefined,
      contactEmail: row.contactEmail ?? undefined,
      application: row.application ?? undefined,
      epoch: Number(row.epoch),
    };
  }

  async findResourceOwner(realm: string, username: string): Promise<ResourceOwner | undefined> {
    const [row] = await this.database.read<ResourceOwnerEntity>(findResourceOwner, [realm, username]);
    return row && { ...row, attributes: toAttributes(row.attributes), epoch: Number(row.epoch) };
  }
}

function toAttributes(json: AttributesJson): Attributes {
  return new Map(Object.entries(json));
}
