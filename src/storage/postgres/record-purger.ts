import { codeKeptMs } from '../../domain/authorization-code.js';
import { endedSecretKeptMs } from '../../domain/client-secrets.js';
import { RecordPurger } from '../../domain/record-purge.js';
import { maxRefusals, refusalKeptMs } from '../../domain/refusal.js';
import { nodeListedMs } from '../../domain/roster.js';
import type { Database } from './database.js';
import { countedMs, keptMs } from './login-throttle.js';
import type { Statement } from './statement.js';

/** Longest wait for each statement of a batch, in milliseconds: a batch has many rows. */
const timeoutMs = 10_000;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** $1 a time, $2 the most rows, $3 the resolution. The rows are locked, so each still is where it was found. */
const removeTraffic: Statement = {
  name: 'purge_traffic',
  text: `DELETE FROM traffic WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM traffic WHERE resolution = $3 AND bucket <= $1
      ORDER BY bucket LIMIT $2 FOR UPDATE SKIP LOCKED))`,
  timeoutMs,
  purpose: 'job',
};

/** $1 a time, $2 the most rows. */
function removeOld(table: string, column: string, id = 'id'): Statement {
  return {
    name: `purge_${table}`,
    text: `DELETE FROM ${table} WHERE ${id} = ANY (ARRAY(
      SELECT ${id} FROM ${table} WHERE ${column} <= $1
      ORDER BY ${column}, ${id} LIMIT $2 FOR UPDATE SKIP LOCKED))`,
    timeoutMs,
    purpose: 'job',
  };
}

const removeRefusals = removeOld('refusal', 'at');
const removeAuditEvents = removeOld('audit_event', 'at');
const removeNodes = removeOld('node', 'seen');
const removeCodes = removeOld('authorization_code', 'expires_at', 'hash');
const removeSessions = removeOld('session', 'expires_at', 'hash');
const removeLoginAttempts = removeOld('login_attempt', 'expires_at', 'key');

/** $1 a time, $2 the most rows. Nobody need be told: an ended secret is not accepted, whether or not a cache has it. */
export const clearPreviousSecrets: Statement = {
  name: 'clear_previous_secrets',
  text: `UPDATE client SET previous_secret_hash = NULL, previous_secret_until = NULL,
      previous_secret_created_at = NULL, previous_secret_used_at = NULL
    WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM client WHERE previous_secret_until <= $1
      ORDER BY previous_secret_until LIMIT $2 FOR UPDATE SKIP LOCKED))`,
  timeoutMs,
  purpose: 'job',
};

/** $1 the most refusals to keep, $2 the most rows. */
const removeExcessRefusals: Statement = {
  name: 'purge_excess_refusals',
  text: `DELETE FROM refusal WHERE id = ANY (ARRAY(
      SELECT id FROM refusal
      WHERE (at, id) <= (SELECT at, id FROM refusal ORDER BY at DESC, id DESC OFFSET $1 LIMIT 1)
      ORDER BY at, id LIMIT $2 FOR UPDATE SKIP LOCKED))`,
  timeoutMs,
  purpose: 'job',
};

/**
 * Those that expire first, of more than the allowed number that expire before $1: not those of sign-ins, which expire
 * later. $2 the most rows, $3 how many to keep.
 */
const removeExcessLoginAttempts: Statement = {
  name: 'purge_excess_login_attempts',
  text: `DELETE FROM login_attempt WHERE key = ANY (ARRAY(
      SELECT key FROM login_attempt
      WHERE (expires_at, key) <= (SELECT expires_at, key FROM login_attempt
        WHERE expires_at <= $1 ORDER BY expires_at DESC, key DESC OFFSET $3 LIMIT 1)
      ORDER BY expires_at, key LIMIT $2 FOR UPDATE SKIP LOCKED))`,
  timeoutMs,
  purpose: 'job',
};

/** Days that records are kept. */
export interface Retention {
  /** The traffic of whole days. */
  readonly traffic: number;
  readonly auditEvents: number;
}

/**
 * How many counts of wrong attempts are kept at most, besides those that have expired. Most cost their
 * sender a hash, so there are more only where a large cluster is attacked for an hour, or more is sent than can be hashed.
 */
const mostLoginAttempts = 1_000_000;

/** Purges PostgreSQL. Each statement is a short transaction of its own. */
export class PostgresRecordPurger extends RecordPurger {
  constructor(
    private readonly database: Database,
    private readonly retention: Retention,
    private readonly maxLoginAttempts = mostLoginAttempts,
  ) {
    super();
  }

  async purge(now: number, atMost: number): Promise<number> {
    let removed = 0;
    for (const { statement, values } of this.statements(now)) {
      if (removed === atMost) break;
      const [first, ...more] = values;
      removed += await this.database.write(statement, [first, atMost - removed, ...more]);
    }
    return removed;
  }

  /** The statements of a batch. The most rows to remove are the second value of each. */
  private statements(now: number): { readonly statement: Statement; readonly values: unknown[] }[] {
    const { traffic, auditEvents } = this.retention;
    const before = (ageMs: number) => new Date(now - ageMs);
    // Each resolution is kept for longer than the windows that are read from it.
    const resolutions = [
      [60, 65 * minuteMs],
      [300, 11 * hourMs],
      [3_600, 122 * hourMs],
      [86_400, traffic * dayMs],
    ];
    return [
      ...resolutions.map(([resolution, keptMs]) => ({
        statement: removeTraffic,
        values: [before(keptMs), resolution],
      })),
      { statement: removeRefusals, values: [before(refusalKeptMs)] },
      { statement: removeExcessRefusals, values: [maxRefusals] },
      { statement: removeAuditEvents, values: [before(auditEvents * dayMs)] },
      { statement: removeNodes, values: [before(nodeListedMs)] },
      { statement: removeCodes, values: [before(codeKeptMs)] },
      { statement: removeSessions, values: [before(0)] },
      { statement: clearPreviousSecrets, values: [before(endedSecretKeptMs)] },
      { statement: removeLoginAttempts, values: [before(0)] },
      { statement: removeExcessLoginAttempts, values: [before(-keptMs(countedMs)), this.maxLoginAttempts] },
    ];
  }
}
