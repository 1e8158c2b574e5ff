import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from '../bench.js';
import { cpuTimeWithChildren, parentOf } from '../cpu-time.js';
import { range } from '../numbers.js';
import { progress } from '../progress.js';
import type { Server } from '../servers.js';
import { readTokens, type TokenFile, TokenMaker, writeTokens } from '../tokens.js';
import { Cluster, type Shape } from './cluster.js';
import { addRefreshTokens, issuedTokens } from './issued-tokens.js';
import { Keyspace, keyspace } from './keyspace.js';

/** Access tokens that each server caches: a small part of those that are asked for in turn. */
const cacheEntries = '2000';

/** A store, and a server that keeps its tokens there. */
export interface Store {
  readonly who: string;
  readonly server: Server;
  /** The processor time that its processes have used so far, in microseconds. */
  readonly time: () => number;
  /** The number of access tokens. */
  readonly count: () => Promise<number>;
}

/** A Cassandra cluster and PostgreSQL. Both have the tokens of the files. */
export interface PreparedStores {
  readonly cassandra: Store;
  readonly postgres: Store;
  readonly cluster: Cluster;
  readonly accessTokens: TokenFile;
  readonly refreshTokens: TokenFile;
  readonly end: () => Promise<void>;
}

/** Starts a cluster and two servers, and adds the tokens. Nothing goes on running when it fails. */
export async function prepareStores(bench: Bench, name: string, shape: Shape): Promise<PreparedStores> {
  const ends: (() => Promise<void>)[] = [];
  const end = async () => {
    for (const endOne of ends.reverse()) await endOne();
  };
  try {
    return { ...(await prepared(bench, name, shape, ends)), end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** @param ends gets what ends each of the things that are started */
async function prepared(
  bench: Bench,
  name: string,
  shape: Shape,
  ends: (() => Promise<void>)[],
): Promise<Omit<PreparedStores, 'end'>> {
  const folder = join(bench.folder, name.replaceAll(/\W+/g, '-'));
  await mkdir(folder);
  progress(`starting ${name}`);
  const cluster = await Cluster.start(bench.processes, folder, shape);
  ends.push(cluster.end);
  const postgres = await postgresStore(bench);
  ends.push(postgres.server.end);
  const server = await serverOn(bench, cluster);
  ends.push(server.end);
  const rows = await Keyspace.open(cluster);
  ends.push(() => rows.close());
  progress('making its tokens');
  const files = await addTokens(bench, name, rows);
  // All measurements must find the same, settled tables.
  for (const command of ['flush', 'compact']) await cluster.nodetool(command, keyspace);
  progress('made');
  const cassandra = {
    who: 'Cassandra',
    server,
    // What is not a token is in PostgreSQL: the server uses both.
    time: () => cluster.cpuTime() + postgres.time(),
    count: () => rows.countAccessTokens(),
  };
  return { cassandra, postgres, cluster, ...files };
}

async function postgresStore({ servers, databases: { many } }: Bench): Promise<Store> {
  const [{ pid }] = await many.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return {
    who: 'PostgreSQL',
    server: await servers.symbolon(many, { CACHE_ENTRIES: cacheEntries }),
    time: () => cpuTimeWithChildren(parentOf(pid)),
    count: async () => {
      const [{ count }] = await many.query<{ count: string }>('SELECT count(*) FROM access_token');
      return Number(count);
    },
  };
}

/** A server that makes the keyspace, with a copy of each row on each node. */
function serverOn({ servers, databases }: Bench, cluster: Cluster): Promise<Server> {
  return servers.symbolon(databases.many, {
    CACHE_ENTRIES: cacheEntries,
    TOKEN_STORE: 'cassandra',
    CASSANDRA_CONTACT_POINTS: cluster.contactPoints.join(),
    CASSANDRA_LOCAL_DATACENTER: cluster.datacenter,
    CASSANDRA_REPLICATION: `${cluster.datacenter}:${cluster.nodes}`,
  });
}

/** Adds the first of PostgreSQL's access tokens to the cluster, and unused refresh tokens to both. */
async function addTokens(
  { databases: { many }, tokens: { live }, scale, folder }: Bench,
  name: string,
  rows: Keyspace,
): Promise<Pick<PreparedStores, 'accessTokens' | 'refreshTokens'>> {
  const { clusterTokens, refreshTokens } = scale;
  const [{ secret }] = await many.query<{ secret: Buffer }>('SELECT secret FROM token_key');
  const maker = new TokenMaker(secret);
  const access = readTokens(live, range(clusterTokens));
  const refresh = range(refreshTokens.postgres).map((number) => maker.genuine(`${name} ${number}`, 'syr_'));
  await rows.addAccessTokens(await issuedTokens(many, access));
  const issued = await issuedTokens(many, refresh);
  // The slower store needs fewer of them.
  await rows.addRefreshTokens(issued.slice(0, refreshTokens.cassandra));
  await addRefreshTokens(many, issued);
  return {
    accessTokens: await writeTokens(folder, `${name} access`, access),
    refreshTokens: await writeTokens(folder, `${name} refresh`, refresh),
  };
}
