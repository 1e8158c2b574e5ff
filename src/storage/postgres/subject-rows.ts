import type { Attributes } from '../../domain/attributes.js';
import type { Client } from '../../domain/client.js';
import type { GrantType } from '../../domain/grant-type.js';
import type { Realm, RealmPages } from '../../domain/realm.js';
import type { ResourceOwner } from '../../domain/resource-owner.js';
import type {
  AttributesJson,
  ClientEntity,
  PagesJson,
  RealmEntity,
  ResourceOwnerEntity,
} from './entities/subjects.js';

/** A client's columns; the realm that it belongs to is no column. */
export type ClientRow = Omit<ClientEntity, 'realmEntity'>;

/** Without the key of the name: the name itself is enough. */
export type ResourceOwnerRow = Omit<ResourceOwnerEntity, 'foldedUsername' | 'realmEntity'>;

export function toRealm(row: RealmEntity): Realm {
  return { ...row, pages: toPages(row.pages), epoch: Number(row.epoch) };
}

function toPages({ name, accent, scopes = {} }: PagesJson): RealmPages {
  return { name, accent, scopes: new Map(Object.entries(scopes)) };
}

export function toClient(row: ClientRow): Client {
  const { refreshSuccessor, refreshGraceful, ...client } = row;
  return {
    ...client,
    refresh: { successor: refreshSuccessor, graceful: refreshGraceful },
    secretHash: row.secretHash ?? undefined,
    importedHash: row.importedHash ?? undefined,
    grantTypes: row.grantTypes as GrantType[],
    attributes: toAttributes(row.attributes),
    name: row.name ?? undefined,
    description: row.description ?? undefined,
    contactEmail: row.contactEmail ?? undefined,
    application: row.application ?? undefined,
    epoch: Number(row.epoch),
  };
}

export function toResourceOwner(row: ResourceOwnerRow): ResourceOwner {
  const { realm, username, passwordHash, enabled } = row;
  return {
    realm,
    username,
    passwordHash,
    importedHash: row.importedHash ?? undefined,
    attributes: toAttributes(row.attributes),
    enabled,
    epoch: Number(row.epoch),
  };
}

function toAttributes(json: AttributesJson): Attributes {
  return new Map(Object.entries(json));
}
