import { type SecretUse, SecretUseStore } from '../../domain/secret-uses.js';
import type { Database } from './database.js';
import type { Statement } from './statement.js';

/**
 * Rows that another transaction holds are skipped: whoever waits for one while it holds others may meet a change of the
 * directory that waits the other way round.
 */
const recordUses: Statement = {
  name: 'record_secret_uses',
  text: `WITH used AS (
      SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS used (realm, client_id, hash, at)),
    free AS (
      SELECT realm, client_id, secret_hash, previous_secret_hash FROM client
      WHERE (realm, client_id) IN (SELECT realm, client_id FROM used)
      ORDER BY realm, client_id FOR NO KEY UPDATE SKIP LOCKED),
    last AS (
      SELECT realm, client_id,
        max(at) FILTER (WHERE hash = secret_hash) AS current,
        max(at) FILTER (WHERE hash = previous_secret_hash) AS previous
      FROM free JOIN used USING (realm, client_id) GROUP BY realm, client_id),
    recorded AS (
      UPDATE client SET secret_used_at = greatest(secret_used_at, last.current),
        previous_secret_used_at = greatest(previous_secret_used_at, last.previous)
      FROM last WHERE client.realm = last.realm AND client.client_id = last.client_id
        AND (last.current > coalesce(secret_used_at, '-infinity')
          OR last.previous > coalesce(previous_secret_used_at, '-infinity')))
    SELECT realm, client_id AS "clientId" FROM used JOIN client USING (realm, client_id)
    WHERE (realm, client_id) NOT IN (SELECT realm, client_id FROM free)`,
  timeoutMs: 5_000,
};

/** Last uses of secrets, in the rows of their clients in PostgreSQL. */
export class PostgresSecretUseStore extends SecretUseStore {
  constructor(private readonly database: Database) {
    super();
  }

  async record(uses: readonly SecretUse[]): Promise<readonly SecretUse[]> {
    const values = [
      uses.map(({ realm }) => realm),
      uses.map(({ clientId }) => clientId),
      uses.map(({ hash }) => hash),
      uses.map(({ at }) => new Date(at)),
    ];
    const work = { purpose: 'job', timeoutMs: recordUses.timeoutMs } as const;
    const held = await this.database.transaction(
      (transaction) => transaction.query<Pick<SecretUse, 'realm' | 'clientId'>>(recordUses, values),
      work,
    );
    return uses.filter((use) =>
      held.some(({ realm, clientId }) => realm === use.realm && clientId === use.clientId),
    );
  }
}
