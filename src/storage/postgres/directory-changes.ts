import {
  type EntityManager,
  EntityNotFoundError,
  type EntityTarget,
  type FindOptionsWhere,
  type QueryDeepPartialEntity,
} from 'typeorm';
import type { Attributes } from '../../domain/attributes.js';
import type { DirectoryChange, Effect } from '../../domain/directory-writer.js';
import type { RealmPages } from '../../domain/realm.js';
import { isSameState } from '../../domain/subject-records.js';
import {
  type AttributesJson,
  ClientEntity,
  type PagesJson,
  RealmEntity,
  ResourceOwnerEntity,
} from './entities/subjects.js';
import { isKept, secretColumns } from './secret-columns.js';
import { toClient, toRealm, toResourceOwner } from './subject-rows.js';

/**
 * Makes one change of the directory in a transaction.
 * @param at when it is made, in milliseconds since 1970
 * @returns the subject's new epoch; undefined where the change gives it none
 * @throws EntityNotFoundError for a subject that is to be changed and is not there
 */
export async function applyChange(
  manager: EntityManager,
  change: DirectoryChange,
  at: number,
): Promise<number | undefined> {
  const act = { effect: change.effect, at: new Date(at) };
  if ('realm' in change) {
    const { path, authLevel, usernames, pages, enabled } = change.realm;
    const values = { authLevel, usernames, pages: pagesJson(pages), enabled };
    return write(manager, act, RealmEntity, { path }, values);
  } else if ('client' in change) {
    const { realm, clientId, ...client } = change.client;
    return write(
      manager,
      act,
      ClientEntity,
      { realm, clientId },
      {
        type: client.type,
        ...secretColumns(client, change.before, at),
        grantTypes: [...client.grantTypes],
        redirectUris: [...client.redirectUris],
        insecureRedirectUris: client.insecureRedirectUris,
        pkce: client.pkce,
        consent: client.consent,
        origins: [...client.origins],
        scopes: [...client.scopes],
        defaultScopes: [...client.defaultScopes],
        accessTokenLifetime: client.accessTokenLifetime,
        refreshTokenLifetime: client.refreshTokenLifetime,
        refreshTokenMaxLifetime: client.refreshTokenMaxLifetime,
        refreshSuccessor: client.refresh.successor,
        refreshGraceful: client.refresh.graceful,
        introspect: client.introspect,
        administer: client.administer,
        lenientAuthentication: client.lenientAuthentication,
        additionalInformation: client.additionalInformation,
        copiedParameters: [...client.copiedParameters],
        attributes: toJson(client.attributes),
        name: client.name ?? null,
        description: client.description ?? null,
        contactEmail: client.contactEmail ?? null,
        application: client.application ?? null,
        enabled: client.enabled,
      },
    );
  } else {
    const { realm, username, passwordHash, importedHash, attributes, enabled } = change.resourceOwner;
    const values = {
      ...(isKept(change.before?.passwordHash, passwordHash)
        ? {}
        : { passwordHash, importedHash: importedHash ?? null }),
      attributes: toJson(attributes),
      enabled,
    };
    return write(manager, act, ResourceOwnerEntity, { realm, username }, values);
  }
}

/**
 * Whether a change was planned for what is stored: see `DirectoryWriter.write`. The caller holds the lock by which writers
 * take turns.
 */
export async function isPlannedFor(manager: EntityManager, change: DirectoryChange): Promise<boolean> {
  if ('realm' in change) {
    const { path } = change.realm;
    const row = await manager.findOneBy(RealmEntity, { path });
    return (
      isSameState(row ? toRealm(row) : undefined, change.before) &&
      !(change.ifEmpty && (await isInhabited(manager, path)))
    );
  }
  if ('client' in change) {
    const { realm, clientId } = change.client;
    const row = await manager.findOneBy(ClientEntity, { realm, clientId });
    return isSameState(row ? toClient(row) : undefined, change.before) && hasRealm(manager, realm);
  }
  const { realm, username } = change.resourceOwner;
  const row = await manager.findOneBy(ResourceOwnerEntity, { realm, username });
  return isSameState(row ? toResourceOwner(row) : undefined, change.before) && hasRealm(manager, realm);
}

function hasRealm(manager: EntityManager, path: string): Promise<boolean> {
  return manager.existsBy(RealmEntity, { path });
}

async function isInhabited(manager: EntityManager, realm: string): Promise<boolean> {
  return (
    (await manager.existsBy(ClientEntity, { realm })) || manager.existsBy(ResourceOwnerEntity, { realm })
  );
}

async function write<Entity extends { epoch: string; createdAt: Date | null; updatedAt: Date | null }>(
  manager: EntityManager,
  { effect, at }: { readonly effect: Effect; readonly at: Date },
  entity: EntityTarget<Entity>,
  key: FindOptionsWhere<Entity>,
  values: QueryDeepPartialEntity<Entity>,
): Promise<number | undefined> {
  const newEpoch = { epoch: () => `nextval('epoch')` };
  if (effect === 'add') {
    const added = { ...key, ...values, ...newEpoch, createdAt: at, updatedAt: at };
    await manager.insert(entity, added);
  } else if (effect === 'remove') {
    await manager.delete(entity, key);
  } else {
    const changed = { ...values, ...(effect === 'endTokens' && newEpoch), updatedAt: at };
    const { affected } = await manager.update(entity, key, changed);
    if (affected !== 1) throw new EntityNotFoundError(entity, key);
  }
  if (effect === 'update' || effect === 'remove') return undefined;
  return Number((await manager.findOneByOrFail(entity, key)).epoch);
}

function pagesJson({ name, accent, scopes }: RealmPages): PagesJson {
  return { name, accent, scopes: scopes.size > 0 ? Object.fromEntries(scopes) : undefined };
}

function toJson(attributes: Attributes): AttributesJson {
  return Object.fromEntries([...attributes].map(([name, values]) => [name, [...values]]));
}
