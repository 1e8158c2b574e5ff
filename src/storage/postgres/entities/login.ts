import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Attempts that are counted together. */
@Entity('login_attempt')
@Index('login_attempt_expires_at', ['expiresAt', 'key'])
export class LoginAttemptEntity {
  /** See `attemptKeys`. */
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'login_attempt_pkey' })
  key!: Buffer;
  /** `address`: those of a subject from an address; `user`: those of a user from anywhere. */
  @Column('text')
  kind!: 'address' | 'user';
  /** How many were wrong. */
  @Column('integer')
  failed!: number;
  /** When these are forgotten. */
  @Column({ type: 'timestamptz', name: 'counted_until', precision: 3 })
  countedUntil!: Date;
  /** How many are being checked. */
  @Column('integer')
  pending!: number;
  /** When these count as wrong, because their node must have been lost. */
  @Column({ type: 'timestamptz', name: 'pending_until', precision: 3 })
  pendingUntil!: Date;
  /** How many the last statement has admitted. */
  @Column('integer')
  granted!: number;
  /** Until when no further one is admitted. */
  @Column({ type: 'timestamptz', name: 'blocked_until', precision: 3, nullable: true })
  blockedUntil!: Date | null;
  /** When the last one was right. */
  @Column({ type: 'timestamptz', name: 'signed_in', precision: 3, nullable: true })
  signedIn!: Date | null;
  /** From when on nothing above matters. */
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 })
  expiresAt!: Date;
}
