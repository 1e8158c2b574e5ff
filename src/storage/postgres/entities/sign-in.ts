import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import type { Pairs } from '../../../domain/attributes.js';
import { ClientEntity, ResourceOwnerEntity } from './subjects.js';

@Entity('authorization_code')
@Index('authorization_code_expires_at', ['expiresAt'])
export class AuthorizationCodeEntity {
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'authorization_code_pkey' })
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
  @Column('text', { name: 'redirect_uri', nullable: true })
  redirectUri!: string | null;
  @Column('text', { name: 'code_challenge', nullable: true })
  codeChallenge!: string | null;
  @Column('bigint', { name: 'realm_epoch' })
  realmEpoch!: string;
  @Column('bigint', { name: 'client_epoch' })
  clientEpoch!: string;
  @Column('bigint', { name: 'resource_owner_epoch' })
  resourceOwnerEpoch!: string;
  @Column('text', { nullable: true })
  state!: string | null;
  @Column('jsonb', { name: 'additional_information', nullable: true })
  additionalInformation!: Pairs | null;
  @Column({ type: 'timestamptz', name: 'issued_at', precision: 3 })
  issuedAt!: Date;
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 })
  expiresAt!: Date;
  @Column({ type: 'timestamptz', name: 'used_at', precision: 3, nullable: true })
  usedAt!: Date | null;
  /** Written only where another store keeps the tokens. */
  @Column({ type: 'timestamptz', name: 'replayed_at', precision: 3, nullable: true })
  replayedAt!: Date | null;
}

@Entity('session')
@Index('session_expires_at', ['expiresAt'])
export class SessionEntity {
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'session_pkey' })
  hash!: Buffer;
  @Column('text')
  realm!: string;
  @Column('text')
  username!: string;
  @Column('bigint', { name: 'realm_epoch' })
  realmEpoch!: string;
  @Column('bigint', { name: 'resource_owner_epoch' })
  resourceOwnerEpoch!: string;
  @Column({ type: 'timestamptz', name: 'authenticated_at', precision: 3 })
  authenticatedAt!: Date;
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 })
  expiresAt!: Date;
}

@Entity('consent')
@Index('consent_client', ['realm', 'clientId'])
export class ConsentEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'consent_pkey' })
  realm!: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'consent_pkey' })
  username!: string;
  @PrimaryColumn('text', { name: 'client_id', primaryKeyConstraintName: 'consent_pkey' })
  clientId!: string;
  @Column('text', { array: true })
  scope!: string[];
  @Column({ type: 'timestamptz', name: 'granted_at', precision: 3 })
  grantedAt!: Date;
  @ManyToOne(() => ResourceOwnerEntity, { onDelete: 'CASCADE' })
  @JoinColumn([
    {
      name: 'realm',
      referencedColumnName: 'realm',
      foreignKeyConstraintName: 'consent_resource_owner_fkey',
    },
    {
      name: 'username',
      referencedColumnName: 'username',
      foreignKeyConstraintName: 'consent_resource_owner_fkey',
    },
  ])
  resourceOwner!: ResourceOwnerEntity;
  @ManyToOne(() => ClientEntity, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'realm', referencedColumnName: 'realm', foreignKeyConstraintName: 'consent_client_fkey' },
    {
      name: 'client_id',
      referencedColumnName: 'clientId',
      foreignKeyConstraintName: 'consent_client_fkey',
    },
  ])
  client!: ClientEntity;
}
