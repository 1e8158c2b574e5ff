import { milliseconds } from './table.js';
import type { Statement } from './statement.js';

/** Those of the attempts in `row` that are being checked, without those of a lost node. */
const pending = (row: string, now: string) =>
  `CASE WHEN ${row}.pending_until <= ${now} THEN 0 ELSE ${row}.pending END`;

/** Those that were wrong, or belong to a lost node. */
const failed = (row: string, now: string) =>
  `(CASE WHEN ${row}.counted_until <= ${now} THEN 0 ELSE ${row}.failed END
    + CASE WHEN ${row}.pending_until <= ${now} THEN ${row}.pending ELSE 0 END)`;

/** A row's expiry is moved in large steps, because the index holds it. */
const expiry = (atLeast: string, next: string) =>
  `CASE WHEN held.expires_at < ${atLeast} THEN ${next} ELSE held.expires_at END`;

/**
 * How many attempts may be admitted: of a user as many as are left; from an address also one at a time after a back-off.
 * $3 now, $4 the attempts from an address, $5 those of a user.
 */
const free = `CASE
    WHEN held.blocked_until > $3 THEN 0
    WHEN held.kind = 'user' THEN greatest(0, $5::int - ${failed('held', '$3')} - ${pending('held', '$3')})
    ELSE greatest(0, greatest(1, $4::int - ${failed('held', '$3')}) - ${pending('held', '$3')})
  END`;

/**
 * Counts attempts, all of one key at once. Rows are locked in the order of their keys, so that two statements never wait for
 * one another. What the rows said before decides only who is refused without a row: whether an attempt is admitted is
 * decided by the row as it is when it is locked.
 *
 * $1 keys of addresses, $2 keys of users, null for clients, $3 now, $4 the attempts from an address, $5 those of a user, $6
 * since when a sign-in counts, $7 when what is pending now is given up, $8 and $9 see `expiry`, $10 when failures are
 * forgotten.
 */
export const admitAttempts: Statement = {
  name: 'admit_login_attempts',
  text: `WITH asked AS (SELECT * FROM unnest($1::bytea[], $2::bytea[]) AS asked (address_key, user_key)),
    hopeful AS (
      SELECT asked.* FROM asked
        LEFT JOIN login_attempt AS by_address ON by_address.key = address_key
        LEFT JOIN login_attempt AS by_user ON by_user.key = user_key
      WHERE coalesce(by_address.blocked_until <= $3, true)
        AND (coalesce(${failed('by_user', '$3')} < $5::int, true) OR coalesce(by_address.signed_in > $6, false))),
    wanted AS (
      SELECT key, kind, least(count(*)::int, CASE WHEN kind = 'user' THEN $5::int ELSE $4::int END) AS number FROM (
        SELECT address_key AS key, 'address' AS kind FROM hopeful
        UNION ALL SELECT user_key, 'user' FROM hopeful WHERE user_key IS NOT NULL) AS keys
      GROUP BY key, kind),
    counted AS (
      INSERT INTO login_attempt AS held
          (key, kind, failed, counted_until, pending, pending_until, granted, expires_at)
        SELECT key, kind, 0, $3::timestamptz, number, $7::timestamptz, number, $9::timestamptz
          FROM wanted ORDER BY key
        ON CONFLICT (key) DO UPDATE SET
          failed = ${failed('held', '$3')},
          counted_until = CASE
            WHEN held.pending > 0 AND held.pending_until <= $3 THEN $10::timestamptz
            ELSE held.counted_until END,
          pending = ${pending('held', '$3')} + least(excluded.granted, ${free}),
          pending_until = $7,
          granted = least(excluded.granted, ${free}),
          expires_at = ${expiry('$8::timestamptz', '$9')}
        WHERE ${free} > 0
        RETURNING key, granted)
    SELECT key, coalesce(counted.granted, 0) AS granted, ${failed('seen', '$3')} AS failed,
        ${milliseconds('seen.blocked_until')} AS "blockedUntil", coalesce(seen.signed_in > $6, false) AS "signedIn"
      FROM (SELECT address_key AS key FROM asked
        UNION SELECT user_key FROM asked WHERE user_key IS NOT NULL) AS keys
      LEFT JOIN counted USING (key) LEFT JOIN login_attempt AS seen USING (key)`,
};

/** A row that only told of attempts that were taken back is not kept: refused ones must not fill the table. */
const saysNothing = `ended.wrong = 0 AND NOT ended.signed_in AND held.pending <= ended.number
          AND (held.failed = 0 OR held.counted_until <= $5) AND held.signed_in IS NULL
          AND coalesce(held.blocked_until <= $5, true)`;

/**
 * Ends attempts. After so many wrong ones from an address, each further one blocks it for twice as long as the one before.
 *
 * $1 keys, $2 how many of each have ended, $3 how many of these were wrong, $4 whether one was right, $5 now, $6 the
 * attempts from an address, $7 the longest back-off in milliseconds, $8 when failures are forgotten, $9 to $12 see
 * `expiry`: of failures and of a sign-in.
 */
export const settleAttempts: Statement = {
  name: 'settle_login_attempts',
  text: `WITH ended AS (
      SELECT * FROM unnest($1::bytea[], $2::int[], $3::int[], $4::boolean[])
        AS ended (key, number, wrong, signed_in)),
    locked AS (SELECT key FROM login_attempt WHERE key = ANY ($1) ORDER BY key FOR UPDATE)
    UPDATE login_attempt AS held SET
      pending = greatest(0, held.pending - ended.number),
      failed = CASE WHEN ended.wrong = 0 THEN held.failed ELSE ${failedNow()} END,
      counted_until = CASE
        WHEN ended.wrong > 0 AND (held.kind = 'address' OR held.counted_until <= $5) THEN $8::timestamptz
        ELSE held.counted_until END,
      blocked_until = CASE
        WHEN ended.wrong > 0 AND held.kind = 'address' AND ${failedNow()} >= $6::int
          THEN $5::timestamptz
            + least($7::float8, 1000 * 2.0 ^ least(${failedNow()} - $6::int, 30)) * interval '1 millisecond'
        ELSE held.blocked_until END,
      signed_in = CASE WHEN ended.signed_in THEN $5::timestamptz ELSE held.signed_in END,
      expires_at = CASE
        WHEN ${saysNothing} THEN $5::timestamptz
        WHEN ended.signed_in THEN ${expiry('$11::timestamptz', '$12::timestamptz')}
        ELSE ${expiry('$9::timestamptz', '$10::timestamptz')} END
    FROM ended WHERE held.key = ended.key AND ended.key IN (SELECT key FROM locked)`,
};

function failedNow(): string {
  return `(CASE WHEN held.counted_until <= $5 THEN 0 ELSE held.failed END + ended.wrong)`;
}
