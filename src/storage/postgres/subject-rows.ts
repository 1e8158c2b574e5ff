import type { Attributes } from '../../domain/attributes.js';
import type { Client } from '../../domain/client.js';
import type { GrantType } from '../../domain/grant-type.js';
import type { Realm, RealmPages } from '../../domain/realm.js';
import type { ResourceOwner } from '../../domain/resource-owner.js';
import {
  type AttributesJson,
  ClientEntity,
  type PagesJson,
  RealmEntity,
  ResourceOwnerEntity,
} from './entities/subjects.js';
import { Table } from './table.js';

/** The times of a subject, which requests need not know. */
const times = ['createdAt', 'updatedAt'] as const;

type Times = (typeof times)[number];

/** A realm's columns. */
export type RealmRow = Omit<RealmEntity, Times>;

/** A client's columns; the realm that it belongs to is no column. */
export type ClientRow = Omit<ClientEntity, 'realmEntity' | Times>;

/** Without the key of the name: the name itself is enough. */
export type ResourceOwnerRow = Omit<ResourceOwnerEntity, 'foldedUsername' | 'realmEntity' | Times>;

export const realmTable = new Table<RealmRow, RealmEntity>(RealmEntity, times);

export const clientTable = new Table<ClientRow, ClientEntity>(ClientEntity, times);

export const resourceOwnerTable = new Table<ResourceOwnerRow, ResourceOwnerEntity>(ResourceOwnerEntity, [
  'foldedUsername',
  ...times,
]);

export function toRealm({ path, authLevel, usernames, pages, enabled, epoch }: RealmRow): Realm {
  return { path, authLevel, usernames, pages: toPages(pages), enabled, epoch: Number(epoch) };
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
