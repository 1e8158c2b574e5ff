import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import type { Pairs } from '../../../domain/attributes.js';
import type { AdministrationRight, IntrospectionRight, RefreshPolicy } from '../../../domain/client.js';
import type { ConsentRule } from '../../../domain/consent.js';
import type { PkceRule } from '../../../domain/pkce.js';
import type { ScopeText, UsernameRule } from '../../../domain/realm.js';

/** Attributes as stored: a JSON object of arrays of strings. */
export type AttributesJson = Record<string, string[]>;

/** A realm's pages as stored; each member may be missing. */
export interface PagesJson {
  name?: string;
  accent?: string;
  scopes?: Record<string, ScopeText>;
}

const time = { type: 'timestamptz', precision: 3, nullable: true, select: false } as const;

// TypeORM cannot describe an index of an expression, or in another order than the database's; the migration alone does.
@Entity('realm')
@Index('realm_list', { synchronize: false })
@Index('realm_search', { synchronize: false })
export class RealmEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'realm_pkey' })
  path!: string;
  @Column('integer', { name: 'auth_level' })
  authLevel!: number;
  @Column('text', { default: 'exact' })
  usernames!: UsernameRule;
  @Column('jsonb', { default: {} })
  pages!: PagesJson;
  @Column('boolean')
  enabled!: boolean;
  @Column('bigint')
  epoch!: string;
  /** When it was added; null where that was before it was recorded. Only a query that asks for it reads it. */
  @Column({ ...time, name: 'created_at' })
  createdAt!: Date | null;
  /** When a person changed it last. Otherwise as `createdAt`. */
  @Column({ ...time, name: 'updated_at' })
  updatedAt!: Date | null;
}

@Entity('client')
@Index('client_list', { synchronize: false })
@Index('client_search', { synchronize: false })
@Index('client_title_list', { synchronize: false })
@Index('client_title_search', { synchronize: false })
@Index('client_foreign_hash', { synchronize: false })
@Index('client_previous_secret', { synchronize: false })
@Index('client_previous_foreign_hash', { synchronize: false })
export class ClientEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'client_pkey' })
  realm!: string;
  @PrimaryColumn('text', { name: 'client_id', primaryKeyConstraintName: 'client_pkey' })
  clientId!: string;
  @Column('text')
  type!: 'confidential' | 'public';
  @Column('text', { name: 'secret_hash', nullable: true })
  secretHash!: string | null;
  /** What is kept of an imported hash that was replaced; null where none was. */
  @Column('text', { name: 'imported_hash', nullable: true })
  importedHash!: string | null;
  /** Null where there is no secret, or where it is older than this column. */
  @Column({ type: 'timestamptz', name: 'secret_created_at', precision: 3, nullable: true })
  secretCreatedAt!: Date | null;
  /** To the minute. */
  @Column({ type: 'timestamptz', name: 'secret_used_at', precision: 3, nullable: true })
  secretUsedAt!: Date | null;
  @Column('text', { name: 'previous_secret_hash', nullable: true })
  previousSecretHash!: string | null;
  @Column({ type: 'timestamptz', name: 'previous_secret_until', precision: 3, nullable: true })
  previousSecretUntil!: Date | null;
  @Column({ type: 'timestamptz', name: 'previous_secret_created_at', precision: 3, nullable: true })
  previousSecretCreatedAt!: Date | null;
  @Column({ type: 'timestamptz', name: 'previous_secret_used_at', precision: 3, nullable: true })
  previousSecretUsedAt!: Date | null;
  @Column('text', { name: 'grant_types', array: true })
  grantTypes!: string[];
  @Column('text', { name: 'redirect_uris', array: true, default: [] })
  redirectUris!: string[];
  @Column('boolean', { name: 'insecure_redirect_uris', default: false })
  insecureRedirectUris!: boolean;
  @Column('text', { default: 'required' })
  pkce!: PkceRule;
  @Column('text', { default: 'ask' })
  consent!: ConsentRule;
  @Column('text', { array: true, default: [] })
  origins!: string[];
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
  @Column('text', { default: 'none' })
  administer!: AdministrationRight;
  @Column('boolean', { name: 'lenient_authentication', default: false })
  lenientAuthentication!: boolean;
  @Column('jsonb', { name: 'additional_information' })
  additionalInformation!: Pairs;
  @Column('text', { name: 'additional_parameters', array: true })
  copiedParameters!: string[];
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
  /** When it was added; null where that was before it was recorded. Only a query that asks for it reads it. */
  @Column({ ...time, name: 'created_at' })
  createdAt!: Date | null;
  /** When a person changed it last. Otherwise as `createdAt`. */
  @Column({ ...time, name: 'updated_at' })
  updatedAt!: Date | null;
  @ManyToOne(() => RealmEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'realm', foreignKeyConstraintName: 'client_realm_fkey' })
  realmEntity!: RealmEntity;
}

@Entity('resource_owner')
@Index('resource_owner_list', { synchronize: false })
@Index('resource_owner_search', { synchronize: false })
@Index('resource_owner_unfolded', ['realm', 'username'], { where: 'folded_username IS NULL' })
@Index('resource_owner_foreign_hash', { synchronize: false })
@Index('resource_owner_folded_username', ['realm', 'foldedUsername'], {
  unique: true,
  where: 'folded_username IS NOT NULL',
})
export class ResourceOwnerEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'resource_owner_pkey' })
  realm!: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'resource_owner_pkey' })
  username!: string;
  /** The key of the name in a realm that folds user names; null in any other. */
  @Column('text', { name: 'folded_username', nullable: true })
  foldedUsername!: string | null;
  @Column('text', { name: 'password_hash' })
  passwordHash!: string;
  /** What is kept of an imported hash that was replaced; null where none was. */
  @Column('text', { name: 'imported_hash', nullable: true })
  importedHash!: string | null;
  @Column('jsonb')
  attributes!: AttributesJson;
  @Column('boolean')
  enabled!: boolean;
  @Column('bigint')
  epoch!: string;
  /** When it was added; null where that was before it was recorded. Only a query that asks for it reads it. */
  @Column({ ...time, name: 'created_at' })
  createdAt!: Date | null;
  /** When a person changed it last. Otherwise as `createdAt`. */
  @Column({ ...time, name: 'updated_at' })
  updatedAt!: Date | null;
  @ManyToOne(() => RealmEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'realm', foreignKeyConstraintName: 'resource_owner_realm_fkey' })
  realmEntity!: RealmEntity;
}
