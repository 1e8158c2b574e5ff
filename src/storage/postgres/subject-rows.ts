import type { Attributes } from '../../domain/attributes.js';
import type { Client, PreviousSecret } from '../../domain/client.js';
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

/** Columns of a client that say when its secrets were made and used, which requests need not know. */
const secretTimes = [
  'secretCreatedAt',
  'secretUsedAt',
  'previousSecretCreatedAt',
  'previousSecretUsedAt',
] as const satisfies readonly (keyof ClientEntity)[];

/** A client's columns; the realm that it belongs to is no column. */
export type ClientRow = Omit<ClientEntity, 'realmEntity' | Times | (typeof secretTimes)[number]>;

/** Without the key of the name: the name itself is enough. */
export type ResourceOwnerRow = Omit<ResourceOwnerEntity, 'foldedUsername' | 'realmEntity' | Times>;

export const realmTable = new Table<RealmRow, RealmEntity>(RealmEntity, times);

export const clientTable = new Table<ClientRow, ClientEntity>(ClientEntity, [...times, ...secretTimes]);

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

/** @param row may have the columns of `secretTimes`, which are no part of the client */
export function toClient(row: ClientRow): Client {
  return {
    realm: row.realm,
    clientId: row.clientId,
    type: row.type,
    secretHash: row.secretHash ?? undefined,
    importedHash: row.importedHash ?? undefined,
    previousSecret: toPreviousSecret(row),
    grantTypes: row.grantTypes as GrantType[],
    redirectUris: row.redirectUris,
    insecureRedirectUris: row.insecureRedirectUris,
    pkce: row.pkce,
    consent: row.consent,
    origins: row.origins,
    scopes: row.scopes,
    defaultScopes: row.defaultScopes,
    accessTokenLifetime: row.accessTokenLifetime,
    refreshTokenLifetime: row.refreshTokenLifetime,
    refreshTokenMaxLifetime: row.refreshTokenMaxLifetime,
    refresh: { successor: row.refreshSuccessor, graceful: row.refreshGraceful },
    introspect: row.introspect,
    administer: row.administer,
    lenientAuthentication: row.lenientAuthentication,
    additionalInformation: row.additionalInformation,
    copiedParameters: row.copiedParameters,
    attributes: toAttributes(row.attributes),
    name: row.name ?? undefined,
    description: row.description ?? undefined,
    contactEmail: row.contactEmail ?? undefined,
    application: row.application ?? undefined,
    enabled: row.enabled,
    epoch: Number(row.epoch),
  };
}

/** The time is a Date, or milliseconds where it was selected as `Selected`. */
function toPreviousSecret({
  previousSecretHash: hash,
  previousSecretUntil: until,
}: ClientRow): PreviousSecret | undefined {
  return hash === null || until === null ? undefined : { hash, until: Number(until) };
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
