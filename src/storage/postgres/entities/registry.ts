import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

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

/** Values that exist once in a database, in one row. */
@Entity('registry')
@Check('registry_only_row_check', 'only_row')
export class RegistryEntity {
  @PrimaryColumn('boolean', { name: 'only_row', primaryKeyConstraintName: 'registry_pkey' })
  onlyRow!: boolean;
  @Column('bigint')
  revision!: string;
  @Column('text', { name: 'configuration_hash', nullable: true })
  configurationHash!: string | null;
  /** When the last token that does not have our own form expires. */
  @Column({ type: 'timestamptz', name: 'foreign_tokens_until', precision: 3, nullable: true })
  foreignTokensUntil!: Date | null;
  /** The longest lifetime that any client has ever been registered with, in seconds. It never decreases. */
  @Column('integer', { name: 'longest_lifetime' })
  longestLifetime!: number;
}
