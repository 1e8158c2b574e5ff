import { hash, randomUUID } from 'node:crypto';
import {
  type AuditAction,
  type AuditedSubject,
  type AuditEvent,
  AuditLog,
  type AuditQuery,
  maxLaterChanges,
  type NewAuditEvent,
  type SubjectKind,
} from '../../domain/audit.js';
import { importEvent, type ImportRun } from '../../domain/token-import.js';
import type { Database } from './database.js';
import { AuditEventEntity } from './entities/operations.js';
import { beforePlace, placeOf, withinRealm } from './listing.js';
import type { Statement } from './statement.js';
import { milliseconds, type Selected, Table } from './table.js';

const table = new Table(AuditEventEntity);

/** Writers of other tables run it in their own transactions. */
export const insertAuditEvent: Statement = {
  name: 'insert_audit_event',
  text: `INSERT INTO audit_event (${table.names}) VALUES (${table.parameters()})`,
};

/** As above; a second event of the same import adds to the count of the first one. */
export const insertImportEvent: Statement = {
  name: 'insert_import_event',
  text: `${insertAuditEvent.text} ON CONFLICT (id) DO UPDATE SET changes = audit_event.changes
    || jsonb_build_object('added', (audit_event.changes ->> 'added')::bigint + (excluded.changes ->> 'added')::bigint)`,
};

/** The values of those statements. @param id a new one when left out */
export function auditEventValues(event: NewAuditEvent, id: string = randomUUID()): unknown[] {
  return table.values({
    id,
    at: new Date(event.at),
    actorKind: event.actor.kind,
    actor: event.actor.name,
    action: event.action,
    realm: event.realm ?? null,
    name: event.name ?? null,
    changes: event.changes ?? {},
    epoch: event.epoch === undefined ? null : String(event.epoch),
    tokenId: event.tokenId ?? null,
    correlationId: event.actor.correlationId ?? null,
    address: event.actor.address ?? null,
  });
}

/** As the first one, for an event that may have been inserted before: the same event has the same identifier. */
export const insertAuditEventOnce: Statement = {
  name: 'insert_audit_event_once',
  text: `${insertAuditEvent.text} ON CONFLICT (id) DO NOTHING`,
};

/** An identifier that only the same event has: a UUID made of its hash (RFC 9562 §5.8). */
export function identifierOf(event: NewAuditEvent): string {
  const digits = hash('sha256', JSON.stringify(event)).slice(0, 32);
  const marked = `${digits.slice(0, 12)}8${digits.slice(13, 16)}8${digits.slice(17)}`;
  return marked.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const select = `SELECT ${table.selection} FROM audit_event`;

/** A filter that is null lets every event pass. */
const listEvents: Statement = {
  name: 'list_audit_events',
  text: `${select}
    WHERE ${beforePlace} AND ${withinRealm('$3')}
      AND ($4::text IS NULL OR action = $4) AND ($5::text IS NULL OR actor = $5)
      AND ($6::text IS NULL OR realm = $6) AND ($7::text IS NULL OR name = $7)
    ORDER BY audit_event.at DESC, id DESC LIMIT $8`,
};

/**
 * A subject's events of one kind with an epoch after `$3`. Those of one change have the same epoch; by their actions
 * they are sorted from the most to the least telling: disabled, secret added, secret ended.
 * @param name the condition on the subject's name
 */
const firstAfter = (kind: string, name: string): Statement => ({
  name: `first_audit_event_of_${kind}`,
  text: `${select} WHERE realm = $1 AND ${name} AND epoch > $3 AND starts_with(action, '${kind}.')
    ORDER BY epoch, action LIMIT 1`,
});

/** PostgreSQL needs the type of a parameter that is only tested for being null. */
const noName = 'name IS NULL AND $2::text IS NULL';

const firstAfterStatements = {
  realm: firstAfter('realm', noName),
  client: firstAfter('client', 'name = $2'),
  user: firstAfter('user', 'name = $2'),
};

const latest = (kind: string, name: string): Statement => ({
  name: `latest_audit_event_${kind}`,
  text: `${select} WHERE realm = $1 AND ${name} AND action = ANY ($3::text[]) ORDER BY audit_event.at DESC, id DESC LIMIT 1`,
});

const oldestEvent: Statement = {
  name: 'oldest_audit_event',
  text: `SELECT ${milliseconds('at')} AS at FROM audit_event ORDER BY audit_event.at, id LIMIT 1`,
};

const latestOfRealm = latest('of_realm', noName);
const latestOfName = latest('of_name', 'name = $2');

const changesAfter = (kind: string, name: string): Statement => ({
  name: `audit_events_after_of_${kind}`,
  text: `${select} WHERE realm = $1 AND ${name} AND audit_event.at > $3 AND starts_with(action, '${kind}.')
    AND actor_kind IN ('token', 'cli') ORDER BY audit_event.at DESC, id DESC LIMIT ${maxLaterChanges}`,
});

const changesAfterStatements = {
  realm: changesAfter('realm', noName),
  client: changesAfter('client', 'name = $2'),
  user: changesAfter('user', 'name = $2'),
};

/** The audit events in PostgreSQL, wherever tokens are kept. */
export class PostgresAuditLog extends AuditLog {
  constructor(private readonly database: Database) {
    super();
  }

  async append(event: NewAuditEvent): Promise<void> {
    await this.database.write(insertAuditEvent, auditEventValues(event));
  }

  async appendImport(run: ImportRun, added: number): Promise<void> {
    await this.database.write(insertImportEvent, auditEventValues(importEvent(run, added), run.id));
  }

  async list({ within, action, actor, realm, name, before, limit }: AuditQuery): Promise<AuditEvent[]> {
    return this.read(listEvents, [...placeOf({ before }), within, action, actor, realm, name, limit]);
  }

  async oldest(): Promise<number | undefined> {
    const [event] = await this.database.read<{ readonly at: string }>(oldestEvent, []);
    return event && Number(event.at);
  }

  async firstAfter(
    kind: SubjectKind,
    { realm, name }: AuditedSubject,
    epoch: number,
  ): Promise<AuditEvent | undefined> {
    const [event] = await this.read(firstAfterStatements[kind], [realm, name, epoch]);
    return event;
  }

  async latest(
    actions: readonly AuditAction[],
    { realm, name }: AuditedSubject,
  ): Promise<AuditEvent | undefined> {
    const statement = name === undefined ? latestOfRealm : latestOfName;
    const [event] = await this.read(statement, [realm, name, actions]);
    return event;
  }

  changesAfter(kind: SubjectKind, { realm, name }: AuditedSubject, time: number): Promise<AuditEvent[]> {
    return this.read(changesAfterStatements[kind], [realm, name, new Date(time)]);
  }

  private async read(statement: Statement, values: readonly unknown[]): Promise<AuditEvent[]> {
    const rows = await this.database.read<Selected<AuditEventEntity>>(
      statement,
      values.map((value) => value ?? null),
    );
    return rows.map(toAuditEvent);
  }
}

function toAuditEvent(row: Selected<AuditEventEntity>): AuditEvent {
  return {
    id: row.id,
    at: Number(row.at),
    actor: {
      kind: row.actorKind,
      name: row.actor,
      correlationId: row.correlationId ?? undefined,
      address: row.address ?? undefined,
    },
    action: row.action,
    realm: row.realm ?? undefined,
    name: row.name ?? undefined,
    changes: row.changes,
    epoch: row.epoch === null ? undefined : Number(row.epoch),
    tokenId: row.tokenId ?? undefined,
  };
}
