import { schemaSteps } from '../../../migrations/cassandra/index.js';
import { type Check, ok, warn } from '../../domain/doctor/check.js';
import type { CassandraSession, CqlStatement } from './session.js';

const readVersion: CqlStatement = { name: 'read_version', cql: 'SELECT release_version FROM system.local' };
const readSteps: CqlStatement = { name: 'read_schema_steps', cql: 'SELECT name FROM migration' };

/** Whether a quorum of the cluster answers, and has the schema of this program. */
export function clusterCheck(session: Pick<CassandraSession, 'read'>): Check {
  return {
    name: 'cassandra',
    async run() {
      const [version] = await session.read<{ release_version: string }>([readVersion, []]);
      const made = new Set((await session.read<{ name: string }>([readSteps, []])).map(({ name }) => name));
      const cluster = `a quorum answers, Cassandra ${version?.release_version}`;
      const pending = schemaSteps.filter(({ name }) => !made.has(name)).map(({ name }) => name);
      if (pending.length === 0) return ok(`${cluster}, with the schema of this version`);
      return warn(
        `${cluster}; steps of the schema are pending: ${pending.join(', ')}`,
        'start a server, which makes them',
      );
    },
  };
}
