import type { AuthorizationCode } from '../../domain/authorization-code.js';
import { formatScope, scopeOf } from '../../domain/scope.js';
import { AuthorizationCodeEntity } from './entities/sign-in.js';
import { type Selected, Table } from './table.js';

/** Without the mark of a replay, which is read on its own. */
type AuthorizationCodeRow = Omit<AuthorizationCodeEntity, 'replayedAt'>;

export type SelectedAuthorizationCode = Selected<AuthorizationCodeRow>;

export const authorizationCodeTable = new Table<AuthorizationCodeRow, AuthorizationCodeEntity>(
  AuthorizationCodeEntity,
  ['replayedAt'],
);

export function toAuthorizationCodeRow(code: AuthorizationCode): AuthorizationCodeRow {
  const { epochs } = code;
  return {
    hash: code.hash,
    family: code.family,
    realm: code.realm,
    clientId: code.clientId,
    username: code.username,
    scope: formatScope(code.scope),
    authLevel: code.authLevel,
    redirectUri: code.redirectUri ?? null,
    codeChallenge: code.codeChallenge ?? null,
    realmEpoch: String(epochs.realm),
    clientEpoch: String(epochs.client),
    resourceOwnerEpoch: String(epochs.resourceOwner),
    state: code.state ?? null,
    additionalInformation: code.additionalInformation ?? null,
    issuedAt: new Date(code.issuedAt),
    expiresAt: new Date(code.expiresAt),
    usedAt: code.usedAt === undefined ? null : new Date(code.usedAt),
  };
}

export function toAuthorizationCode(row: SelectedAuthorizationCode): AuthorizationCode {
  return {
    hash: row.hash,
    family: row.family,
    realm: row.realm,
    clientId: row.clientId,
    username: row.username,
    scope: scopeOf(row.scope),
    authLevel: row.authLevel,
    redirectUri: row.redirectUri ?? undefined,
    codeChallenge: row.codeChallenge ?? undefined,
    epochs: {
      realm: Number(row.realmEpoch),
      client: Number(row.clientEpoch),
      resourceOwner: Number(row.resourceOwnerEpoch),
    },
    state: row.state ?? undefined,
    additionalInformation: row.additionalInformation ?? undefined,
    issuedAt: Number(row.issuedAt),
    expiresAt: Number(row.expiresAt),
    usedAt: row.usedAt === null ? undefined : Number(row.usedAt),
  };
}
