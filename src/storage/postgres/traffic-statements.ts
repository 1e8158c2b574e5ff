import { beyondLimit, otherMethod, type TrafficDimension } from '../../domain/traffic.js';
import type { Statement } from './statement.js';

/** Longest wait for the turn of this node, and for the rows of all resolutions, in milliseconds. */
const timeoutMs = 10_000;

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
const counts = 'messages, successes, failures, exceptions, time_sum, time_min, time_max';

/** The place of a row among the new ones of its bucket and kind: those with the most messages come first. */
const place = (kind: string) => `row_number() OVER (
  PARTITION BY resolution, bucket, ${kind}, stored.messages IS NULL
  ORDER BY given.messages DESC, service COLLATE "C", method COLLATE "C", realm COLLATE "C", client COLLATE "C")`;

/**
 * Adds rows to the buckets of every resolution. A row that is stored already, or that its bucket has room for, is added
 * under its own key; the others are added to the realm and client `*`, and if there is no room for a row of their
 * service and method, to the method `other`. Parameters: the second of each row, a column of each part of its key, a
 * column of each count, and the room for named rows and for methods.
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
    ), used AS (
      SELECT resolution, bucket, count(*) FILTER (WHERE realm <> ${rest}) AS named,
        count(*) FILTER (WHERE realm = ${rest} AND method <> ${other}) AS methods
      FROM (SELECT DISTINCT resolution, bucket FROM given) AS touched JOIN traffic USING (resolution, bucket)
      GROUP BY resolution, bucket
    ), named AS (
      SELECT ranked.*, realm <> ${rest} AND (known OR place <= $13 - coalesce(used.named, 0)) AS fits
      FROM (
        SELECT given.*, stored.messages IS NOT NULL AS known, ${place(`realm = ${rest}`)} AS place
        FROM given LEFT JOIN traffic AS stored USING (${key})
      ) AS ranked LEFT JOIN used USING (resolution, bucket)
    ), beyond AS (
      SELECT resolution, bucket, service, method, ${rest} AS realm, ${rest} AS client, ${sums}
      FROM named WHERE NOT fits GROUP BY resolution, bucket, service, method
    ), placed AS (
      SELECT ranked.*, known OR place <= $14 - coalesce(used.methods, 0) AS fits
      FROM (
        SELECT given.*, stored.messages IS NOT NULL AS known, ${place(`method = ${other}`)} AS place
        FROM beyond AS given LEFT JOIN traffic AS stored USING (${key})
      ) AS ranked LEFT JOIN used USING (resolution, bucket)
    )
    INSERT INTO traffic AS stored (${key}, ${counts})
      SELECT ${key}, ${counts} FROM named WHERE fits
      UNION ALL
      SELECT resolution, bucket, service, CASE WHEN fits THEN method ELSE ${other} END AS method, realm, client, ${sums}
      FROM placed GROUP BY 1, 2, 3, 4, 5, 6
      ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (${key}) DO UPDATE SET
      messages = stored.messages + excluded.messages,
      successes = stored.successes + excluded.successes,
      failures = stored.failures + excluded.failures,
      exceptions = stored.exceptions + excluded.exceptions,
      time_sum = stored.time_sum + excluded.time_sum,
      time_min = least(stored.time_min, excluded.time_min),
      time_max = greatest(stored.time_max, excluded.time_max)`,
  timeoutMs,
};

/**
 * The rows that a query is about: $1 resolution, $2 the time that the buckets begin after, $3 to $6 filters, $7 a realm
 * that stands for itself and those below it. `0` is the character behind the slash.
 */
const selected = `resolution = $1 AND bucket > $2 AND ($3::text IS NULL OR service = $3)
  AND ($4::text IS NULL OR method = $4) AND ($5::text IS NULL OR realm = $5) AND ($6::text IS NULL OR client = $6)
  AND ($7::text IS NULL OR realm = $7 OR realm >= $7 || '/' AND realm < $7 || '0')`;

/** Sums that stay below 2^53 are exact in JavaScript. */
const answeredSums = `sum(messages)::float8 AS messages, sum(successes)::float8 AS successes,
  sum(failures)::float8 AS failures, sum(exceptions)::float8 AS exceptions, sum(time_sum)::float8 AS "timeSum",
  min(time_min)::float8 AS "timeMin", max(time_max)::float8 AS "timeMax"`;

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
    text: `SELECT ${columns}, ${answeredSums} FROM traffic ${join} WHERE ${selected}
      GROUP BY ${columns} ORDER BY ${columns}`,
  };
}
