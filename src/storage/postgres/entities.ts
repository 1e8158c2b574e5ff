import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import type { RecordedRequest } from '../../domain/access-token.js';
import type { Pairs } from '../../domain/attributes.js';
import type { IntrospectionRight, RefreshPolicy } from '../../domain/client.js';

/** Attributes as stored: a JSON object of arrays of strings. */
export type AttributesJson = Record<string, string[]>;

@Entity('realm')
export class RealmEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'realm_pkey' })
  path!: string;
  @Column('integer', { name: 'auth_level' })
  authLevel!: number;
  @Column('boolean')
  enabled!: boolean;
  @Column('bigint')
  epoch!: string;
}

@Entity('client')
export class ClientEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'client_pkey' })
  realm!: string;
  @PrimaryColumn('text', { name: 'client_id', primaryKeyConstraintName: 'client_pkey' })
  clientId!: string;
  @Column('text')
  type!: 'confidential' | 'public';
  @Column('text', { name: 'secret_hash', nullable: true })
  secretHash!: string | null;
  @Column('text', { name: 'grant_types', array: true })
  grantTypes!: string[];
  @Column('text', { array: true })
  scopes!: string[];
  @Column('text', { name: 'default_scopes', array: true })
  defaultScopes!: string[];
  @Column('integer', { name: 'access_token_lifetime' })
  accessTokenLifetime!: number;
  @Column('integer', { name: 'refresh_token_lifetime' })
  refreshTokenLifetime!: number;
  @Column('integer', { name: 'refresh_token_max_lifetime' })
  refreshTokenMaxLifetime!: number;
  @Column('text', { name: 'refresh_successor' })
  refreshSuccessor!: RefreshPolicy['successor'];
  @Column('boolean', { name: 'refresh_graceful' })
  refreshGraceful!: boolean;
  @Column('text')
  introspect!: IntrospectionRight;
  @Column('jsonb', { name: 'additional_information' })
  additionalInformation!: Pairs;
  @Column('text', { name: 'additional_parameters', array: true })
  additionalParameters!: string[];
  @Column('jsonb')
  attributes!: AttributesJson;
  @Column('text', { nullable: true })
  name!: string | null;
  @Column('text', { nullable: true })
  description!: string | null;
  @Column('text', { name: 'contact_email', nullable: true })
  contactEmail!: string | null;
  @Column('text', { nullable: true })
  application!: string | null;
  @Column('boolean')
  enabled!: boolean;
  @Column('bigint')
  epoch!: string;
  @ManyToOne(() => RealmEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'realm', foreignKeyConstraintName: 'client_realm_fkey' })
  realmEntity!: RealmEntity;
}

@Entity('resource_owner')
export class ResourceOwnerEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'resource_owner_pkey' })
  realm!: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'resource_owner_pkey' })
  username!: string;
  @Column('text', { name: 'password_hash' })
  passwordHash!: string;
  @Column('jsonb')
  attributes!: AttributesJson;
  @Column('boolean')
  enabled!: boolean;
  @Column('bigint')
  epoch!: string;
  @ManyToOne(() => RealmEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'realm', foreignKeyConstraintName: 'resource_owner_realm_fkey' })
  realmEntity!: RealmEntity;
}

@Entity('access_token')
@Index('access_token_family', ['family'], { where: 'family IS NOT NULL' })
@Index('access_token_expires_at', ['expiresAt'])
export class AccessTokenEntity {
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'access_token_pkey' })
  hash!: Buffer;
  @Column('text')
  realm!: string;
  @Column('text', { name: 'client_id' })
  clientId!: string;
  @Column('text', { nullable: true })
  username!: string | null;
  @Column('text')
  scope!: string;
  @Column('text', { name: 'grant_type' })
  grantType!: string;
  @Column('integer', { name: 'auth_level' })
  authLevel!: number;
  @Column({ type: 'timestamptz', name: 'issued_at', precision: 3 })
  issuedAt!: Date;
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 })
  expiresAt!: Date;
  @Column('bigint', { name: 'realm_epoch' })
  realmEpoch!: string;
  @Column('bigint', { name: 'client_epoch' })
  clientEpoch!: string;
  @Column('bigint', { name: 'resource_owner_epoch', nullable: true })
  resourceOwnerEpoch!: string | null;
  @Column('uuid', { nullable: true })
  family!: string | null;
  @Column('jsonb', { name: 'additional_information', nullable: true })
  additionalInformation!: Pairs | null;
  @Column('jsonb', { nullable: true })
  request!: RecordedRequest | null;
  @Column('boolean', { default: false })
  revoked!: boolean;
}

@Entity('token_family')
@Index('token_family_expires_at', ['expiresAt'])
export class TokenFamilyEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'token_family_pkey' })
  id!: string;
  @Column('boolean')
  revoked!: boolean;
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 })
  expiresAt!: Date;
}

@Entity('refresh_token')
@Index('refresh_token_family', ['family'])
export class RefreshTokenEntity {
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'refresh_token_pkey' })
  hash!: Buffer;
  @Column('uuid')
  family!: string;
  @Column('text')
  realm!: string;
  @Column('text', { name: 'client_id' })
  clientId!: string;
  @Column('text')
  username!: string;
  @Column('text')
  scope!: string;
  @Column('integer', { name: 'auth_level' })
  authLevel!: number;
  @Column({ type: 'timestamptz', name: 'issued_at', precision: 3 })
  issuedAt!: Date;
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 })
  expiresAt!: Date;
  @Column({ type: 'timestamptz', name: 'used_at', precision: 3, nullable: true })
  usedAt!: Date | null;
  @Column('integer')
  retries!: number;
  @Column('bigint', { name: 'realm_epoch' })
  realmEpoch!: string;
  @Column('bigint', { name: 'client_epoch' })
  clientEpoch!: string;
  @Column('bigint', { name: 'resource_owner_epoch' })
  resourceOwnerEpoch!: string;
  @Column('jsonb', { name: 'additional_information', nullable: true })
  additionalInformation!: Pairs | null;
  @ManyToOne(() => TokenFamilyEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'family', foreignKeyConstraintName: 'refresh_token_family_fkey' })
  familyEntity!: TokenFamilyEntity;
}

@Entity('token_key')
export class TokenKeyEntity {
  @Column('bytea')
  secret!: Buffer;
  @PrimaryColumn({
    type: 'timestamptz',
    name: 'signs_from',
    precision: 3,
    primaryKeyConstraintName: 'token_key_pkey',
  })
  signsFrom!: Date;
}

/** The registry's one row. */
@Entity('registry')
@Check('registry_only_row_check', 'only_row')
export class RegistryEntity {
  @PrimaryColumn('boolean', { name: 'only_row', primaryKeyConstraintName: 'registry_pkey' })
  onlyRow!: boolean;
  @Column('bigint')
  revision!: string;
  @Column('text', { name: 'configuration_hash', nullable: true })
  configurationHash!: string | null;
  /** When the last token of another form than ours will have expired. */
  @Column({ type: 'timestamptz', name: 'foreign_tokens_until', precision: 3, nullable: true })
  foreignTokensUntil!: Date | null;
}

export const entities = [
  RealmEntity,
  ClientEntity,
  ResourceOwnerEntity,
  AccessTokenEntity,
  TokenFamilyEntity,
  RefreshTokenEntity,
  TokenKeyEntity,
  RegistryEntity,
];
