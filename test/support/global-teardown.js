import { rm } from 'node:fs/promises';
import { databases } from './global-setup.js';

async function dropKeyspace() {
  const { TEST_CASSANDRA: nodes, TEST_CASSANDRA_KEYSPACE: keyspace } = process.env;
  if (!nodes || !keyspace) return;
  const { openSession } = await import('./cassandra-session.js');
  const session = await openSession(nodes, keyspace);
  await session.write([{ name: 'drop', cql: `DROP KEYSPACE ${keyspace}` }, []]);
  await session.close();
}

export default async function tearDown() {
  await Promise.all(databases.map((database) => database.terminate()));
  await dropKeyspace();
  await rm(process.env.TEST_FOLDER ?? '', { recursive: true, force: true });
}
