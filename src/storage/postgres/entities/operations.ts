import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ActorKind, AuditAction, AuditChanges } from '../../../domain/audit.js';
import type { RefusalReason } from '../../../domain/inactive.js';

@Entity('traffic')
export class TrafficEntity {
  /** Seconds of a bucket. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'traffic_pkey' })
  resolution!: number;
  @PrimaryColumn({ type: 'timestamptz', precision: 0, primaryKeyConstraintName: 'traffic_pkey' })
  bucket!: Date;
  @PrimaryColumn('text', { collation: 'C', primaryKeyConstraintName: 'traffic_pkey' })
  service!: string;
  @PrimaryColumn('text', { collation: 'C', primaryKeyConstraintName: 'traffic_pkey' })
  method!: string;
  @PrimaryColumn('text', { collation: 'C', primaryKeyConstraintName: 'traffic_pkey' })
  realm!: string;
  @PrimaryColumn('text', { collation: 'C', primaryKeyConstraintName: 'traffic_pkey' })
  client!: string;
  @Column('bigint')
  messages!: string;
  @Column('bigint')
  successes!: string;
  @Column('bigint')
  failures!: string;
  @Column('bigint')
  exceptions!: string;
  /** Microseconds, as the two below. */
  @Column('bigint', { name: 'time_sum' })
  timeSum!: string;
  @Column('bigint', { name: 'time_min' })
  timeMin!: string;
  @Column('bigint', { name: 'time_max' })
  timeMax!: string;
}

@Entity('node')
export class NodeEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'node_pkey' })
  id!: string;
  @Column('text')
  host!: string;
  @Column('integer')
  pid!: number;
  @Column('text')
  version!: string;
  @Column({ type: 'timestamptz', precision: 3 })
  started!: Date;
  @Column({ type: 'timestamptz', precision: 3 })
  seen!: Date;
  @Column('boolean')
  hears!: boolean;
  @Column('bigint', { name: 'cache_hits' })
  cacheHits!: string;
  @Column('bigint', { name: 'cache_misses' })
  cacheMisses!: string;
  @Column('bigint')
  rss!: string;
  @Column('double precision')
  cpu!: number;
}

@Entity('refusal')
@Index('refusal_at', ['at', 'id'])
export class RefusalEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'refusal_pkey' })
  id!: string;
  @Column({ type: 'timestamptz', precision: 3 })
  at!: Date;
  @Column('text')
  route!: string;
  @Column('text')
  method!: string;
  @Column('integer')
  status!: number;
  @Column('text')
  realm!: string;
  @Column('text')
  client!: string;
  @Column('text', { nullable: true })
  reason!: RefusalReason | null;
  @Column('text', { nullable: true })
  error!: string | null;
  @Column('text', { nullable: true })
  detail!: string | null;
  @Column('text', { name: 'token_id', nullable: true })
  tokenId!: string | null;
}

@Entity('audit_event')
@Index('audit_event_at', ['at', 'id'])
@Index('audit_event_subject', ['realm', 'name', 'epoch'])
export class AuditEventEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'audit_event_pkey' })
  id!: string;
  @Column({ type: 'timestamptz', precision: 3 })
  at!: Date;
  @Column('text', { name: 'actor_kind' })
  actorKind!: ActorKind;
  @Column('text')
  actor!: string;
  @Column('text')
  action!: AuditAction;
  @Column('text', { nullable: true })
  realm!: string | null;
  @Column('text', { nullable: true })
  name!: string | null;
  @Column('jsonb')
  changes!: AuditChanges;
  @Column('bigint', { nullable: true })
  epoch!: string | null;
  @Column('text', { name: 'token_id', nullable: true })
  tokenId!: string | null;
  @Column('text', { name: 'correlation_id', nullable: true })
  correlationId!: string | null;
  @Column('text', { nullable: true })
  address!: string | null;
}
