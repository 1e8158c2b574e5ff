import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'cassandra-driver';
import type { CassandraConfig } from '../../config/cassandra-config.js';
import { CassandraStartError, ClusterUnavailable } from './cluster-errors.js';
import { connect, type DriverOverrides } from './connect.js';
import { translated } from './errors.js';
import { Suspects } from './policies.js';
import { openKeyspace, type SchemaReport, useKeyspace } from './schema.js';
import { CassandraSession } from './session.js';

/** How a cluster is opened. */
export interface OpenOptions {
  readonly config: CassandraConfig;
  /** How often the first connection is tried, one second apart. */
  readonly connectAttempts: number;
  /** Does the work while no other process changes the schema. */
  readonly inTurn: (work: () => Promise<void>) => Promise<void>;
  readonly onReport?: (report: SchemaReport) => void;
  readonly overrides?: DriverOverrides;
}

/**
 * Connects to a cluster, and brings the schema up to date.
 * @throws CassandraStartError that names the setting
 */
export async function openCassandra(options: OpenOptions): Promise<CassandraSession> {
  const { config, inTurn, onReport } = options;
  const suspects = new Suspects();
  const client = await connectPatiently(options, suspects);
  try {
    await inTurn(async () => {
      const report = await openKeyspace(client, config).catch(rethrow);
      onReport?.(report);
    });
    return new CassandraSession(client, suspects, config.consistency);
  } catch (error) {
    await client.shutdown();
    throw error;
  }
}

/**
 * Connects to a cluster that has a keyspace of ours, and leaves the schema as it is.
 * @throws CassandraStartError that names the setting
 */
export async function joinCassandra(config: CassandraConfig): Promise<CassandraSession> {
  const suspects = new Suspects();
  const client = await connect(config, suspects);
  try {
    await useKeyspace(client, config).catch(rethrow);
    return new CassandraSession(client, suspects, config.consistency);
  } catch (error) {
    await client.shutdown();
    throw error;
  }
}

/** Errors of nodes that have been reached before. */
function rethrow(error: unknown): never {
  const known = error instanceof CassandraStartError ? error : translated(error);
  if (!(known instanceof ClusterUnavailable)) throw known;
  const { code, name } = known.cause as NodeJS.ErrnoException;
  throw new CassandraStartError(`CASSANDRA_CONTACT_POINTS: too few nodes answer (${code ?? name})`, true);
}

async function connectPatiently(
  { config, connectAttempts, overrides }: OpenOptions,
  suspects: Suspects,
): Promise<Client> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connect(config, suspects, overrides);
    } catch (error) {
      const unreachable = error instanceof CassandraStartError && error.unreachable;
      if (!unreachable || attempt >= connectAttempts) throw error;
      await delay(1_000);
    }
  }
}
