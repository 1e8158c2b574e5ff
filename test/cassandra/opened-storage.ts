import { readConfig } from '../../src/config/config.js';
import type { CassandraConfig } from '../../src/config/cassandra-config.js';
import type { TokenStorage } from '../../src/domain/token-storage.js';
import type { DriverOverrides } from '../../src/storage/cassandra/connect.js';
import { openCassandra } from '../../src/storage/cassandra/open.js';
import type { CassandraSession } from '../../src/storage/cassandra/session.js';
import { cassandraTokenStorage, type Surroundings } from '../../src/storage/cassandra/token-storage.js';
import { RecordedEvents } from '../support/audit.js';
import { KeyStore } from '../support/key-store.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { StoppedClock } from '../support/stopped-clock.js';

/** The configuration of a cluster that some settings name. */
export function clusterConfig(settings: Readonly<Record<string, string>>): CassandraConfig {
  const { cassandra } = readConfig(settings);
  if (!cassandra) throw new Error('The settings name no cluster.');
  return cassandra;
}

/** Connects to a keyspace as a server does, but alone: no other process changes its schema. */
export function openSession(
  settings: Readonly<Record<string, string>>,
  overrides?: DriverOverrides,
): Promise<CassandraSession> {
  const config = clusterConfig(settings);
  return openCassandra({ config, connectAttempts: 1, inTurn: (work) => work(), overrides });
}

/** What a test's storage has around it instead of a database. */
export class TestSurroundings implements Surroundings {
  readonly keys = new KeyStore();
  readonly feed = new RecordedChanges();
  readonly audit = new RecordedEvents();
  readonly clock = new StoppedClock();
}

/** The tokens of a session, whose notifications and events a test can look at. */
export function storageOn(
  session: CassandraSession,
  surroundings: Surroundings = new TestSurroundings(),
): TokenStorage {
  return cassandraTokenStorage(session, surroundings);
}
