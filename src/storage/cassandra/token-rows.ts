import type { types } from 'cassandra-driver';
import type { AccessToken, Epochs, StoredAccessToken } from '../../domain/access-token.js';
import type { Pairs } from '../../domain/attributes.js';
import type { RecordedRequest } from '../../domain/recorded-request.js';
import type { RefreshToken } from '../../domain/refresh-token.js';
import { formatScope, type Scope, scopeOf } from '../../domain/scope.js';
import { Interner } from '../cached/interner.js';

/** The columns of `access_token` that hold what was true at issue. */
export const accessTokenColumns = [
  'hash',
  'realm',
  'client_id',
  'username',
  'scope',
  'grant_type',
  'auth_level',
  'issued_at',
  'expires_at',
  'realm_epoch',
  'client_epoch',
  'resource_owner_epoch',
  'family',
  'additional_information',
  'request',
] as const;

export const refreshTokenColumns = [
  'hash',
  'family',
  'realm',
  'client_id',
  'username',
  'scope',
  'auth_level',
  'issued_at',
  'expires_at',
  'family_expires_at',
  'realm_epoch',
  'client_epoch',
  'resource_owner_epoch',
  'additional_information',
] as const;

interface EpochsRow {
  readonly realm_epoch: bigint;
  readonly client_epoch: bigint;
  readonly resource_owner_epoch: bigint | null;
}

/** A row of `access_token`. Without `realm` it holds nothing but a mark whose token has gone. */
export interface AccessTokenRow extends EpochsRow {
  readonly hash: Buffer;
  readonly realm: string | null;
  readonly client_id: string;
  readonly username: string | null;
  readonly scope: string;
  readonly grant_type: string;
  readonly auth_level: number;
  readonly issued_at: Date;
  readonly expires_at: Date;
  readonly family: types.Uuid | null;
  readonly additional_information: string | null;
  readonly request: string | null;
}

export interface RefreshTokenRow extends EpochsRow {
  readonly hash: Buffer;
  readonly family: types.Uuid;
  readonly realm: string;
  readonly client_id: string;
  readonly username: string;
  readonly scope: string;
  readonly auth_level: number;
  readonly issued_at: Date;
  readonly expires_at: Date;
  readonly family_expires_at: Date;
  readonly additional_information: string | null;
}

/** The values of `accessTokenColumns`; undefined for what the token has not. */
export function accessTokenValues(token: StoredAccessToken): unknown[] {
  return [
    token.hash,
    token.realm,
    token.clientId,
    token.username,
    formatScope(token.scope),
    token.grantType,
    token.authLevel,
    new Date(token.issuedAt),
    new Date(token.expiresAt),
    ...epochValues(token.epochs),
    token.family,
    token.additionalInformation && JSON.stringify(token.additionalInformation),
    token.request && JSON.stringify(token.request),
  ];
}

const texts = new Interner((text) => text);
const scopes = new Interner<Scope>(scopeOf);

/** Equal texts are shared, which saves memory when tokens are cached. */
export function toAccessToken(row: AccessTokenRow & { readonly realm: string }): AccessToken {
  return {
    realm: texts.of(row.realm),
    clientId: texts.of(row.client_id),
    username: row.username === null ? undefined : texts.of(row.username),
    scope: scopes.of(row.scope),
    grantType: texts.of(row.grant_type),
    authLevel: row.auth_level,
    issuedAt: row.issued_at.getTime(),
    expiresAt: row.expires_at.getTime(),
    epochs: toEpochs(row),
    family: row.family?.toString(),
    additionalInformation: fromJson<Pairs>(row.additional_information),
    request: fromJson<RecordedRequest>(row.request),
  };
}

/** The values of `refreshTokenColumns`; undefined for what the token has not. */
export function refreshTokenValues(token: RefreshToken): unknown[] {
  return [
    token.hash,
    token.family,
    token.realm,
    token.clientId,
    token.username,
    formatScope(token.scope),
    token.authLevel,
    new Date(token.issuedAt),
    new Date(token.expiresAt),
    new Date(token.familyExpiresAt),
    ...epochValues(token.epochs),
    token.additionalInformation && JSON.stringify(token.additionalInformation),
  ];
}

/** @param usedAt when it was first used, which its own row does not hold */
export function toRefreshToken(row: RefreshTokenRow, usedAt: Date | null): RefreshToken {
  return {
    hash: row.hash,
    family: row.family.toString(),
    realm: row.realm,
    clientId: row.client_id,
    username: row.username,
    scope: scopeOf(row.scope),
    authLevel: row.auth_level,
    issuedAt: row.issued_at.getTime(),
    expiresAt: row.expires_at.getTime(),
    familyExpiresAt: row.family_expires_at.getTime(),
    usedAt: usedAt?.getTime(),
    epochs: toEpochs(row),
    additionalInformation: fromJson<Pairs>(row.additional_information),
  };
}

function epochValues({ realm, client, resourceOwner }: Epochs): (bigint | undefined)[] {
  return [BigInt(realm), BigInt(client), resourceOwner === undefined ? undefined : BigInt(resourceOwner)];
}

function toEpochs(row: EpochsRow): Epochs {
  const { realm_epoch, client_epoch, resource_owner_epoch } = row;
  return {
    realm: Number(realm_epoch),
    client: Number(client_epoch),
    resourceOwner: resource_owner_epoch === null ? undefined : Number(resource_owner_epoch),
  };
}

function fromJson<Value>(text: string | null): Value | undefined {
  return text === null ? undefined : (JSON.parse(text) as Value);
}
