import type { NewAuditEvent } from '../../domain/audit.js';
import { type Session, SessionStore } from '../../domain/session.js';
import { auditEventValues, insertAuditEvent } from './audit-log.js';
import type { Database } from './database.js';
import { SessionEntity } from './entities/sign-in.js';
import type { Statement } from './statement.js';
import { type Selected, Table } from './table.js';

const table = new Table(SessionEntity);

const insertSession: Statement = {
  name: 'insert_session',
  text: `INSERT INTO session (${table.names}) VALUES (${table.parameters()})`,
};

const findSession: Statement = {
  name: 'find_session',
  text: `SELECT ${table.selection} FROM session WHERE hash = $1`,
};

const removeSession: Statement = {
  name: 'remove_session',
  text: `DELETE FROM session WHERE hash = $1 RETURNING hash`,
};

/** Sessions in PostgreSQL. */
export class PostgresSessionStore extends SessionStore {
  constructor(private readonly database: Database) {
    super();
  }

  async begin(session: Session, replaced: Buffer | undefined, event: NewAuditEvent): Promise<void> {
    await this.database.transaction(async (transaction) => {
      if (replaced) await transaction.query(removeSession, [replaced]);
      await transaction.query(insertSession, table.values(toRow(session)));
      await transaction.query(insertAuditEvent, auditEventValues(event));
    });
  }

  async find(hash: Buffer): Promise<Session | undefined> {
    const [row] = await this.database.read<Selected<SessionEntity>>(findSession, [hash]);
    return row && toSession(row);
  }

  async end(hash: Buffer, event: NewAuditEvent): Promise<void> {
    await this.database.transaction(async (transaction) => {
      const removed = await transaction.query(removeSession, [hash]);
      if (removed.length > 0) await transaction.query(insertAuditEvent, auditEventValues(event));
    });
  }
}

function toRow({ hash, realm, username, epochs, authenticatedAt, expiresAt }: Session): SessionEntity {
  return {
    hash,
    realm,
    username,
    realmEpoch: String(epochs.realm),
    resourceOwnerEpoch: String(epochs.resourceOwner),
    authenticatedAt: new Date(authenticatedAt),
    expiresAt: new Date(expiresAt),
  };
}

function toSession(row: Selected<SessionEntity>): Session {
  return {
    hash: row.hash,
    realm: row.realm,
    username: row.username,
    epochs: { realm: Number(row.realmEpoch), resourceOwner: Number(row.resourceOwnerEpoch) },
    authenticatedAt: Number(row.authenticatedAt),
    expiresAt: Number(row.expiresAt),
  };
}
