import type { SchemaStep } from './index.js';

/**
 * Rows end by their TTL, so tombstones are what compaction has to remove. Three hours are enough for hints, whose window
 * they last, and rows that have ended do not come back to life: nothing is ever deleted.
 */
const options = (compaction: string) => `gc_grace_seconds = 10800
    AND speculative_retry = 'MIN(99p,50ms)'
    AND compaction = {'class': '${compaction}', 'tombstone_threshold': '0.5',
      'tombstone_compaction_interval': '3600', 'unchecked_tombstone_compaction': 'true'}`;

/** Access tokens, the list of each user's, refresh tokens, and families with their members. */
export const tokens0001: SchemaStep = {
  name: '0001-tokens',
  statements: [
    {
      table: 'access_token',
      cql: `CREATE TABLE IF NOT EXISTS access_token (
        hash blob PRIMARY KEY,
        realm text,
        client_id text,
        username text,
        scope text,
        grant_type text,
        auth_level int,
        issued_at timestamp,
        expires_at timestamp,
        realm_epoch bigint,
        client_epoch bigint,
        resource_owner_epoch bigint,
        family uuid,
        additional_information text,
        request text,
        revoked boolean,
        revoked_at timestamp,
        revoked_by text,
        ended_at timestamp
      ) WITH ${options('SizeTieredCompactionStrategy')}`,
    },
    {
      table: 'user_token',
      cql: `CREATE TABLE IF NOT EXISTS user_token (
        realm text,
        username text,
        issued_at timestamp,
        hash blob,
        client_id text,
        PRIMARY KEY ((realm, username), issued_at, hash)
      ) WITH CLUSTERING ORDER BY (issued_at DESC)
        AND ${options('SizeTieredCompactionStrategy')}`,
    },
    {
      table: 'refresh_token',
      cql: `CREATE TABLE IF NOT EXISTS refresh_token (
        hash blob PRIMARY KEY,
        family uuid,
        realm text,
        client_id text,
        username text,
        scope text,
        auth_level int,
        issued_at timestamp,
        expires_at timestamp,
        family_expires_at timestamp,
        realm_epoch bigint,
        client_epoch bigint,
        resource_owner_epoch bigint,
        additional_information text
      ) WITH ${options('SizeTieredCompactionStrategy')}`,
    },
    {
      table: 'token_family',
      cql: `CREATE TABLE IF NOT EXISTS token_family (
        family uuid,
        kind tinyint,
        hash blob,
        ends_at timestamp STATIC,
        revoked_at timestamp STATIC,
        revoked_by text STATIC,
        revocation_event text STATIC,
        ended_at timestamp STATIC,
        expires_at timestamp,
        used_at timestamp,
        uses int,
        touched_at timestamp,
        PRIMARY KEY (family, kind, hash)
      ) WITH ${options('LeveledCompactionStrategy')}`,
    },
  ],
};
