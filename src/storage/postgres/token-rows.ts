import type { AccessToken, RecordedRequest } from '../../domain/access-token.js';
import type { Pairs } from '../../domain/attributes.js';
import type { RefreshToken } from '../../domain/refresh-token.js';
import { formatScope, type Scope } from '../../domain/scope.js';
import { KeptHashes, Interner } from './interner.js';

/** Columns of an access token's row but its hash, in the order of `accessTokenValues`. */
export const accessTokenColumns = `realm, client_id, username, scope, grant_type, auth_level, issued_at, expires_at,
  realm_epoch, client_epoch, resource_owner_epoch, family, additional_information, request`;

/** Types of the hash and of `accessTokenColumns`. */
export const accessTokenTypes = [
  'bytea',
  'text',
  'text',
  'text',
  'text',
  'text',
  'integer',
  'timestamptz',
  'timestamptz',
  'bigint',
  'bigint',
  'bigint',
  'uuid',
  'jsonb',
  'jsonb',
];

/** An access token's row as the driver gives it. */
export interface AccessTokenRow {
  readonly hash: Buffer;
  readonly realm: string;
  readonly client_id: string;
  readonly username: string | null;
  readonly scope: string;
  readonly grant_type: string;
  readonly auth_level: number;
  readonly issued_at: Date;
  readonly expires_at: Date;
  readonly realm_epoch: string;
  readonly client_epoch: string;
  readonly resource_owner_epoch: string | null;
  readonly family: string | null;
  readonly additional_information: Pairs | null;
  readonly request: RecordedRequest | null;
  readonly revoked: boolean;
}

/** The hash, and the values of `accessTokenColumns`. */
export function accessTokenValues(token: AccessToken): unknown[] {
  return [
    token.hash,
    token.realm,
    token.clientId,
    token.username ?? null,
    formatScope(token.scope),
    token.grantType,
    token.authLevel,
    new Date(token.issuedAt),
    new Date(token.expiresAt),
    token.epochs.realm,
    token.epochs.client,
    token.epochs.resourceOwner ?? null,
    token.family ?? null,
    json(token.additionalInformation),
    json(token.request),
  ];
}

const hashes = new KeptHashes();
const texts = new Interner((text) => text);
const scopes = new Interner<Scope>((text) => (text === '' ? [] : text.split(' ')));

export function toAccessToken(row: AccessTokenRow): AccessToken {
  return {
    hash: hashes.copy(row.hash),
    realm: texts.of(row.realm),
    clientId: texts.of(row.client_id),
    username: row.username === null ? undefined : texts.of(row.username),
    scope: scopes.of(row.scope),
    grantType: texts.of(row.grant_type),
    authLevel: row.auth_level,
    issuedAt: row.issued_at.getTime(),
    expiresAt: row.expires_at.getTime(),
    epochs: {
      realm: Number(row.realm_epoch),
      client: Number(row.client_epoch),
      resourceOwner: row.resource_owner_epoch === null ? undefined : Number(row.resource_owner_epoch),
    },
    family: row.family ?? undefined,
    additionalInformation: row.additional_information ?? undefined,
    request: row.request ?? undefined,
  };
}

/** Columns of a refresh token's row but its hash, in the order of `refreshTokenValues`. */
export const refreshTokenColumns = `family, realm, client_id, username, scope, auth_level, issued_at, expires_at,
  used_at, realm_epoch, client_epoch, resource_owner_epoch, additional_information`;

/** Types of the hash and of `refreshTokenColumns`. */
export const refreshTokenTypes = [
  'bytea',
  'uuid',
  'text',
  'text',
  'text',
  'text',
  'integer',
  'timestamptz',
  'timestamptz',
  'timestamptz',
  'bigint',
  'bigint',
  'bigint',
  'jsonb',
];

/** A refresh token's row with its family's end, as the driver gives it. */
export interface RefreshTokenRow {
  readonly family: string;
  readonly realm: string;
  readonly client_id: string;
  readonly username: string;
  readonly scope: string;
  readonly auth_level: number;
  readonly issued_at: Date;
  readonly expires_at: Date;
  readonly used_at: Date | null;
  readonly realm_epoch: string;
  readonly client_epoch: string;
  readonly resource_owner_epoch: string;
  readonly additional_information: Pairs | null;
  readonly family_expires_at: Date;
}

/** The hash, and the values of `refreshTokenColumns`. */
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
    token.usedAt === undefined ? null : new Date(token.usedAt),
    token.epochs.realm,
    token.epochs.client,
    token.epochs.resourceOwner,
    json(token.additionalInformation),
  ];
}

export function toRefreshToken(hash: Buffer, row: RefreshTokenRow): RefreshToken {
  return {
    hash,
    family: row.family,
    realm: row.realm,
    clientId: row.client_id,
    username: row.username,
    scope: row.scope === '' ? [] : row.scope.split(' '),
    authLevel: row.auth_level,
    issuedAt: row.issued_at.getTime(),
    expiresAt: row.expires_at.getTime(),
    familyExpiresAt: row.family_expires_at.getTime(),
    usedAt: row.used_at?.getTime(),
    epochs: {
      realm: Number(row.realm_epoch),
      client: Number(row.client_epoch),
      resourceOwner: Number(row.resource_owner_epoch),
    },
    additionalInformation: row.additional_information ?? undefined,
  };
}

/** The driver would write an array as one of PostgreSQL's. */
function json(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** `$1::bytea[], $2::text[], …`: a parameter for each column, however many rows. */
export function arrays(types: readonly string[]): string {
  return types.map((type, index) => `$${index + 1}::${type}[]`).join(', ');
}

/** Rows as columns, of which there are `width` even when there is no row. */
export function transposed(rows: readonly (readonly unknown[])[], width: number): unknown[][] {
  return Array.from({ length: width }, (_, column) => rows.map((row) => row[column]));
}

/** `$1, $2, …`, beginning behind `offset`. */
export function placeholders(count: number, offset = 0): string {
  return Array.from({ length: count }, (_, index) => `$${index + 1 + offset}`).join(', ');
}
