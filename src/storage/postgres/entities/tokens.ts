import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import type { Pairs } from '../../../domain/attributes.js';
import type { RevokedBy } from '../../../domain/token-record.js';
import type { RecordedRequest } from '../../../domain/recorded-request.js';

@Entity('access_token')
@Index('access_token_family', ['family'], { where: 'family IS NOT NULL' })
@Index('access_token_expires_at', ['expiresAt'])
@Index('access_token_user', ['realm', 'username', 'issuedAt', 'hash'], { where: 'username IS NOT NULL' })
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
  /** Null for a token that was revoked before this was recorded, too. */
  @Column({ type: 'timestamptz', name: 'revoked_at', precision: 3, nullable: true })
  revokedAt!: Date | null;
  @Column('text', { name: 'revoked_by', nullable: true })
  revokedBy!: RevokedBy | null;
}

@Entity('token_family')
@Index('token_family_expires_at', ['expiresAt'])
export class TokenFamilyEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'token_family_pkey' })
  id!: string;
  @Column('boolean')
  revoked!: boolean;
  @Column({ type: 'timestamptz', name: 'revoked_at', precision: 3, nullable: true })
  revokedAt!: Date | null;
  @Column('text', { name: 'revoked_by', nullable: true })
  revokedBy!: RevokedBy | null;
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
