import { beyondLimit, otherMethod, type TrafficDimension } from '../../domain/traffic.js';
import type { Statement } from './statement.js';
import { milliseconds } from './table.js';

/** Longest wait for the turn of this node, and for the rows of all resolutions, in milliseconds. */
export const timeoutMs = 10_000;

const rest = `'${beyondLimit}'`;
const other = `'${otherMethod}'`;

export const lockTraffic: Statement = {
  name: 'lock_traffic',
  text: 'SELECT pg_advisory_xact_lock($1)',
  timeoutMs,
};

const sums = `sum(messages) AS messages, sum(successes) AS successes, sum(failures) AS failures,
  sum(exceptions) AS exceptions, sum(time_sum) AS time_sum, min(time_min) AS time_min, max(time_max) AS time_max`;

const key = 'resolution, bucket, service, method, realm, client';
const columnsOf = (rows: string) => key.replaceAll(/\w+/g, `${rows}.$&`);
const counts = 'messages, successes, failures, exceptions, time_sum, time_min, time_max';

/** How a row that is stored takes up another one of its key. */
const additions = (more: string) => `messages = stored.messages + ${more}.messages,
  successes = stored.successes + ${more}.successes,
  failures = stored.failures + ${more}.failures,
  exceptions = stored.exceptions + ${more}.exceptions,
  time_sum = stored.time_sum + ${more}.time_sum,
  time_min = least(stored.time_min, ${more}.time_min),
  time_max = greatest(stored.time_max, ${more}.time_max)`;

/** The place of a row among the new ones of its bucket and kind: those with the most messages come first. */
const place = (rows: string, kind: string) => `row_number() OVER (
  PARTITION BY ${kind}
  ORDER BY ${rows}.messages DESC, service COLLATE "C", method COLLATE "C", realm COLLATE "C", client COLLATE "C")`;

/**
 * Adds rows to the buckets of every resolution. A row of a realm and client that is stored already is added to; that is
 * nearly every row, and costs the least. A new one gets a row of its own if its bucket has room. The others are added to
 * the realm and client `*`, and if there is no room for a row of their service and method, to the method `other`.
 * Parameters: the second of each row, a column of each part of its key, a column of each count, and the room for named
 * rows and for methods.
 */
export const addTraffic: Statement = {
  name: 'add_traffic',
  text: `WITH given AS (
      SELECT resolution, to_timestamp(at - at % resolution)::timestamptz(0) AS bucket,
        service, method, realm, client, ${sums}
      FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[],
          $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[])
          AS counted (at, service, method, realm, client, ${counts}),
        unnest(ARRAY[60, 300, 3600, 86400]) AS resolution
      GROUP BY 1, 2, 3, 4, 5, 6
    ), known AS (
      UPDATE traffic AS stored SET ${additions('given')}
      FROM given
      WHERE given.realm <> ${rest} AND stored.resolution = given.resolution AND stored.bucket = given.bucket
        AND stored.service = given.service AND stored.method = given.method
        AND stored.realm = given.realm AND stored.client = given.client
      RETURNING given.resolution, given.bucket, given.service, given.method, given.realm, given.client
    ), fresh AS (
      SELECT * FROM given
      WHERE NOT EXISTS (SELECT FROM known WHERE (${columnsOf('known')}) = (${columnsOf('given')}))
    ), used AS (
      SELECT resolution, bucket, count(*) FILTER (WHERE realm <> ${rest}) AS named,
        count(*) FILTER (WHERE realm = ${rest} AND method <> ${other}) AS methods
      FROM (SELECT DISTINCT resolution, bucket FROM fresh) AS touched JOIN traffic USING (resolution, bucket)
      GROUP BY resolution, bucket
    ), named AS (
      SELECT ranked.*, realm <> ${rest} AND place <= $13 - coalesce(used.named, 0) AS fits
      FROM (
        SELECT fresh.*, ${place('fresh', `resolution, bucket, realm = ${rest}`)} AS place FROM fresh
      ) AS ranked LEFT JOIN used USING (resolution, bucket)
    ), beyond AS (
      SELECT resolution, bucket, service, method, ${rest} AS realm, ${rest} AS client, ${sums}
      FROM named WHERE NOT fits GROUP BY resolution, bucket, service, method
    ), placed AS (
      SELECT ranked.*, kept OR place <= $14 - coalesce(used.methods, 0) AS fits
      FROM (
        SELECT beyond.*, stored.messages IS NOT NULL AS kept,
          ${place('beyond', `resolution, bucket, method = ${other}, stored.messages IS NULL`)} AS place
        FROM beyond LEFT JOIN traffic AS stored USING (${key})
      ) AS ranked LEFT JOIN used USING (resolution, bucket)
    )
    INSERT INTO traffic AS stored (${key}, ${counts})
      SELECT ${key}, ${counts} FROM named WHERE fits
      UNION ALL
      SELECT resolution, bucket, service, CASE WHEN fits THEN method ELSE ${other} END AS method, realm, client, ${sums}
      FROM placed GROUP BY 1, 2, 3, 4, 5, 6
      ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (${key}) DO UPDATE SET ${additions('excluded')}`,
  timeoutMs,
};

/**
 * The rows that a query is about: $1 resolution, $2 the time that the buckets begin after, $3 to $6 filters, $7 a realm
 * that stands for itself and those below it. `0` is the character behind the slash.
 */
const selected = `resolution = $1 AND bucket > $2 AND ($3::text IS NULL OR service = $3)
  AND ($4::text IS NULL OR method = $4) AND ($5::text IS NULL OR realm = $5) AND ($6::text IS NULL OR client = $6)
  AND ($7::text IS NULL OR realm = $7 OR realm >= $7 || '/' AND realm < $7 || '0')`;

/** Numerics and bigints, which the driver returns as texts: how a float is written depends on the database. */
const answeredSums = `sum(messages) AS messages, sum(successes) AS successes,
  sum(failures) AS failures, sum(exceptions) AS exceptions, sum(time_sum) AS "timeSum",
  min(time_min) AS "timeMin", max(time_max) AS "timeMax"`;

/** The groups with the most messages; $8 is how many at most. @param by column names: the values of a fixed type */
export function busiest(by: readonly TrafficDimension[]): Statement {
  return { name: `busiest_traffic_${by.join('_')}`, text: busiestText(by) };
}

function busiestText(by: readonly TrafficDimension[]): string {
  return `SELECT ${[...by, answeredSums].join(', ')} FROM traffic WHERE ${selected}
    GROUP BY (${by.join(', ')}) HAVING count(*) > 0
    ORDER BY ${['sum(messages) DESC', ...by].join(', ')} LIMIT $8`;
}

/** The same groups, bucket by bucket. */
export function series(by: readonly TrafficDimension[]): Statement {
  const names = by.join(', ');
  const groups = `(SELECT ${names} FROM (${busiestText(by)}) AS busiest) AS shown`;
  const join = by.length > 0 ? `JOIN ${groups} USING (${names})` : `CROSS JOIN ${groups}`;
  const columns = ['bucket', ...by].join(', ');
  return {
    name: `traffic_series_${by.join('_')}`,
    text: `SELECT ${[`${milliseconds('bucket')} AS "at"`, ...by].join(', ')}, ${answeredSums} FROM traffic ${join} WHERE ${selected}
      GROUP BY ${columns} ORDER BY ${columns}`,
  };
}
