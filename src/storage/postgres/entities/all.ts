import { LoginAttemptEntity } from './login.js';
import { AuditEventEntity, NodeEntity, RefusalEntity, TrafficEntity } from './operations.js';
import { RegistryEntity, TokenKeyEntity } from './registry.js';
import { AuthorizationCodeEntity, ConsentEntity, SessionEntity } from './sign-in.js';
import { ClientEntity, RealmEntity, ResourceOwnerEntity } from './subjects.js';
import { AccessTokenEntity, RefreshTokenEntity, TokenFamilyEntity } from './tokens.js';

/** Every entity of the schema. */
export const entities = [
  RealmEntity,
  ClientEntity,
  ResourceOwnerEntity,
  AccessTokenEntity,
  TokenFamilyEntity,
  RefreshTokenEntity,
  TokenKeyEntity,
  RegistryEntity,
  TrafficEntity,
  NodeEntity,
  RefusalEntity,
  AuditEventEntity,
  AuthorizationCodeEntity,
  SessionEntity,
  ConsentEntity,
  LoginAttemptEntity,
];
