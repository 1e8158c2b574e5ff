import type { NewAuditEvent } from '../../domain/audit.js';
import { type Consent, ConsentStore, type ConsentSubject } from '../../domain/consent.js';
import type { Scope } from '../../domain/scope.js';
import { auditEventValues, insertAuditEvent } from './audit-log.js';
import type { Database } from './database.js';
import type { Statement } from './statement.js';

const findConsent: Statement = {
  name: 'find_consent',
  text: `SELECT scope FROM consent WHERE realm = $1 AND username = $2 AND client_id = $3`,
};

/**
 * Adds scope tokens. Both subjects are locked against their removal meanwhile; where one has gone, no row is written.
 */
const rememberConsent: Statement = {
  name: 'remember_consent',
  text: `INSERT INTO consent (realm, username, client_id, scope, granted_at)
    SELECT $1, username, client_id, $4::text[], $5::timestamptz
    FROM resource_owner JOIN client USING (realm) WHERE realm = $1 AND username = $2 AND client_id = $3
    FOR KEY SHARE
    ON CONFLICT (realm, username, client_id) DO UPDATE
      SET scope = ARRAY(SELECT DISTINCT unnest(consent.scope || excluded.scope)), granted_at = excluded.granted_at
    RETURNING realm`,
};

/** What resource owners have agreed to, in PostgreSQL. */
export class PostgresConsentStore extends ConsentStore {
  constructor(private readonly database: Database) {
    super();
  }

  async find({ realm, username, clientId }: ConsentSubject): Promise<Scope> {
    const [row] = await this.database.read<{ scope: string[] }>(findConsent, [realm, username, clientId]);
    return row?.scope ?? [];
  }

  async remember(consent: Consent, event: NewAuditEvent): Promise<void> {
    const { realm, username, clientId, scope, grantedAt } = consent;
    await this.database.transaction(async (transaction) => {
      const values = [realm, username, clientId, scope, new Date(grantedAt)];
      const written = await transaction.query(rememberConsent, values);
      if (written.length > 0) await transaction.query(insertAuditEvent, auditEventValues(event));
    });
  }
}
