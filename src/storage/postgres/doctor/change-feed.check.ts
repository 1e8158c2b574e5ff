import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { Clock } from '../../../domain/clock.js';
import { type Check, fail, notApplicable, ok, warn } from '../../../domain/doctor/check.js';
import type { Database } from '../database.js';
import { translated } from '../errors.js';
import { channel, heartbeatPayload, notify } from '../notification.js';

/** How long a notification may take, in milliseconds. */
const usualMs = 2_000;

/**
 * Whether a notification that is sent over the pool comes back on a connection that listens, as changes come to the other
 * nodes.
 * @param receives whether the settings let a node receive changes at all
 */
export function changeFeedCheck(
  database: Database,
  clock: Clock,
  receives: boolean,
  mostMs = usualMs,
): Check {
  return {
    name: 'change-feed',
    async run() {
      if (!database.dataSource.hasSessions)
        return notApplicable('one process alone uses the embedded database');
      if (!receives) {
        return warn(
          'no node receives changes through DATABASE_POOLER=transaction, so that nothing is cached',
          'name PostgreSQL itself by CHANGE_FEED_URL',
        );
      }
      const took = await roundTrip(database, clock, mostMs);
      if (took !== undefined) return ok(`a notification came back in ${took.toFixed(0)} ms`);
      return fail(
        `a notification did not come back within ${mostMs / 1000} s: nodes do not hear of each other's changes`,
        'where a pooler gives each transaction another connection, set DATABASE_POOLER=transaction and CHANGE_FEED_URL',
      );
    },
  };
}

/** How long a heartbeat of our own took, in milliseconds; undefined where it did not come. Other nodes ignore it. */
async function roundTrip(database: Database, clock: Clock, mostMs: number): Promise<number | undefined> {
  const client = new Client(database.connectionOptions);
  client.on('error', () => {}); // What waits for it is over at its deadline.
  const sentAt = clock.elapsed();
  const payload = heartbeatPayload({ node: randomUUID(), sentAt });
  let timer: NodeJS.Timeout | undefined;
  try {
    await client.connect();
    await client.query(`LISTEN ${channel}`);
    const received = new Promise<number>((resolve) =>
      client.on('notification', (message) => {
        if (message.payload === payload) resolve(clock.elapsed() - sentAt);
      }),
    );
    const late = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, mostMs, undefined)));
    await database.write(notify, [payload]);
    return await Promise.race([received, late]);
  } catch (error) {
    throw translated(error);
  } finally {
    clearTimeout(timer);
    // A graceful end could wait for ever on a dead connection.
    client.connection.stream.destroy();
  }
}
