import type { Database } from './postgres.js';
import { client, realm } from './subjects.js';

/** How many subjects and tokens a registry holds. */
export interface RegistrySize {
  readonly realms: number;
  readonly clients: number;
  readonly users: number;
  /** Access tokens of all users, a few each, and of the first one alone. */
  readonly tokens: number;
  readonly tokensOfOne: number;
}

/** The realm that half of all clients and users belong to; the others are spread over all realms. */
export const crowded = '/crowded';

/** Fills a provisioned database up. What it adds has the names `client-0`, `user-0` and so on, in random order. */
export async function fillRegistry(database: Database, size: RegistrySize): Promise<void> {
  await database.query(
    `INSERT INTO realm (path, auth_level, enabled, epoch)
      SELECT path, 0, true, nextval('epoch') FROM (
        SELECT $2 AS path UNION ALL SELECT '/area-' || n FROM generate_series(0, 9) AS n
        UNION ALL SELECT '/area-' || n % 10 || '/realm-' || n FROM generate_series(0, $1::integer - 12) AS n
      ) AS made`,
    [size.realms, crowded],
  );
  await copy(database, 'client', 'client_id', client.id, size.clients);
  await copy(database, 'resource_owner', 'username', 'user-0', size.users);
  await addTokens(database, size);
  // PostgreSQL would do this by itself at some time.
  await database.query('VACUUM (ANALYZE)');
  await database.query('CHECKPOINT');
}

/** Adds copies of a subject of the provisioned realm. */
async function copy(
  database: Database,
  table: 'client' | 'resource_owner',
  name: string,
  original: string,
  count: number,
): Promise<void> {
  const columns = await database.query<{ column: string }>(
    `SELECT attname AS column FROM pg_attribute
      WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attname <> ALL ($2)`,
    [table, ['realm', name]],
  );
  const others = columns.map(({ column }) => `original.${column}`).join(', ');
  const prefix = name === 'username' ? 'user' : 'client';
  await database.query(
    `WITH place AS (SELECT path, row_number() OVER () AS number, count(*) OVER () AS count FROM realm)
      INSERT INTO ${table} (realm, ${name}, ${others.replaceAll('original.', '')})
      SELECT CASE WHEN n % 2 = 0 THEN $3 ELSE place.path END, '${prefix}-' || n, ${others}
      FROM generate_series(0, $4::integer - 1) AS n
      JOIN place ON place.number = 1 + n % place.count
      JOIN ${table} AS original ON original.realm = $1 AND original.${name} = $2
      ORDER BY hashint4(n)
      ON CONFLICT DO NOTHING`,
    [realm, original, crowded, count],
  );
}

async function addTokens(database: Database, { users, tokens, tokensOfOne }: RegistrySize): Promise<void> {
  await database.query(
    `INSERT INTO access_token (hash, realm, client_id, username, scope, grant_type, auth_level, issued_at, expires_at,
        realm_epoch, client_epoch, resource_owner_epoch)
      SELECT sha256(n::text::bytea), $1, 'client-0',
        'user-' || CASE WHEN n < $4::integer THEN 0 ELSE 2 * (n % ($2::integer / 2)) END, 'read write', 'password', 0,
        now() - n % 3600 * interval '1 s', now() + interval '1 day', 1, 1, 1
      FROM generate_series(0, $3::integer + $4::integer - 1) AS n ORDER BY hashint4(n)`,
    [crowded, users, tokens, tokensOfOne],
  );
}
