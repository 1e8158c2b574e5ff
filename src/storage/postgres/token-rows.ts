import type { AccessToken, Epochs, StoredAccessToken } from '../../domain/access-token.js';
import type { RefreshToken } from '../../domain/refresh-token.js';
import { formatScope, type Scope, scopeOf } from '../../domain/scope.js';
import { AccessTokenEntity, RefreshTokenEntity } from './entities/tokens.js';
import { Interner } from '../cached/interner.js';
import { type Selected, Table } from './table.js';

/** Without the revocation: a token is not revoked when it is inserted, and a revoked one is not read. */
export type AccessTokenRow = Omit<AccessTokenEntity, 'revoked' | 'revokedAt' | 'revokedBy'>;

export type SelectedAccessToken = Selected<AccessTokenRow>;

export const accessTokenTable = new Table<AccessTokenRow, AccessTokenEntity>(AccessTokenEntity, [
  'revoked',
  'revokedAt',
  'revokedBy',
]);

export function toAccessTokenRow(token: StoredAccessToken): AccessTokenRow {
  return {
    hash: token.hash,
    realm: token.realm,
    clientId: token.clientId,
    username: token.username ?? null,
    scope: formatScope(token.scope),
    grantType: token.grantType,
    authLevel: token.authLevel,
    issuedAt: new Date(token.issuedAt),
    expiresAt: new Date(token.expiresAt),
    realmEpoch: String(token.epochs.realm),
    clientEpoch: String(token.epochs.client),
    resourceOwnerEpoch: token.epochs.resourceOwner === undefined ? null : String(token.epochs.resourceOwner),
    family: token.family ?? null,
    additionalInformation: token.additionalInformation ?? null,
    request: token.request ?? null,
  };
}

const texts = new Interner((text) => text);
const scopes = new Interner<Scope>(scopeOf);

/** Equal texts are shared, which saves memory when tokens are cached. */
export function toAccessToken(row: SelectedAccessToken): AccessToken {
  return {
    realm: texts.of(row.realm),
    clientId: texts.of(row.clientId),
    username: row.username === null ? undefined : texts.of(row.username),
    scope: scopes.of(row.scope),
    grantType: texts.of(row.grantType),
    authLevel: row.authLevel,
    issuedAt: Number(row.issuedAt),
    expiresAt: Number(row.expiresAt),
    epochs: toEpochs(row),
    family: row.family ?? undefined,
    additionalInformation: row.additionalInformation ?? undefined,
    request: row.request ?? undefined,
  };
}

export type RefreshTokenRow = Omit<RefreshTokenEntity, 'familyEntity'>;

export type SelectedRefreshToken = Selected<RefreshTokenRow>;

export const refreshTokenTable = new Table<RefreshTokenRow>(RefreshTokenEntity);

export function toRefreshTokenRow(token: RefreshToken): RefreshTokenRow {
  return {
    hash: token.hash,
    family: token.family,
    realm: token.realm,
    clientId: token.clientId,
    username: token.username,
    scope: formatScope(token.scope),
    authLevel: token.authLevel,
    issuedAt: new Date(token.issuedAt),
    expiresAt: new Date(token.expiresAt),
    usedAt: token.usedAt === undefined ? null : new Date(token.usedAt),
    retries: 0,
    realmEpoch: String(token.epochs.realm),
    clientEpoch: String(token.epochs.client),
    resourceOwnerEpoch: String(token.epochs.resourceOwner),
    additionalInformation: token.additionalInformation ?? null,
  };
}

/** @param familyExpiresAt the end of the token's family in milliseconds, which its own row does not hold */
export function toRefreshToken(row: SelectedRefreshToken, familyExpiresAt: string): RefreshToken {
  return {
    hash: row.hash,
    family: row.family,
    realm: row.realm,
    clientId: row.clientId,
    username: row.username,
    scope: scopeOf(row.scope),
    authLevel: row.authLevel,
    issuedAt: Number(row.issuedAt),
    expiresAt: Number(row.expiresAt),
    familyExpiresAt: Number(familyExpiresAt),
    usedAt: row.usedAt === null ? undefined : Number(row.usedAt),
    epochs: toEpochs(row),
    additionalInformation: row.additionalInformation ?? undefined,
  };
}

/** The driver returns a bigint as text. */
function toEpochs(row: Pick<AccessTokenRow, 'realmEpoch' | 'clientEpoch' | 'resourceOwnerEpoch'>): Epochs {
  const { realmEpoch, clientEpoch, resourceOwnerEpoch } = row;
  return {
    realm: Number(realmEpoch),
    client: Number(clientEpoch),
    resourceOwner: resourceOwnerEpoch === null ? undefined : Number(resourceOwnerEpoch),
  };
}
