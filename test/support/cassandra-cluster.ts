import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Cassandra } from './cassandra.js';
import { temporaryFolder } from './database.js';

const run = promisify(execFile);
const script = fileURLToPath(new URL('cassandra.sh', import.meta.url));
const cache = process.env.CASSANDRA_CACHE ?? join(homedir(), '.cache', 'symbolon-cassandra');

/** Names of the nodes' ports, as the script takes them; `JMX_PORT` is the first of as many as there are nodes. */
const portNames = ['CQL_PORT', 'STORAGE_PORT', 'JMX_PORT'];

/** What a cluster of a test's own is like. */
export interface ClusterOptions {
  /** One when left out, nine at most. */
  readonly nodes?: number;
  /** More lines for every node's cassandra.yaml. */
  readonly yaml?: string;
  /** v2 when left out. */
  readonly paxosVariant?: 'v1' | 'v2';
}

/** A cluster of a test's own, which it may break. Each node takes some 750 MB. */
export class CassandraCluster implements Cassandra {
  /** How long a test must be ready to wait for a cluster to start, in milliseconds; it takes 7 to 30 s. */
  static readonly startTimeoutMs = 200_000;

  private static readonly running = new Set<CassandraCluster>();

  readonly datacenter = 'datacenter1';
  readonly contactPoints: readonly string[];

  private constructor(
    nodes: number,
    private readonly data: string,
    private readonly settings: Readonly<Record<string, string>>,
  ) {
    this.contactPoints = Array.from(
      { length: nodes },
      (_, index) => `127.0.0.${index + 1}:${settings.CQL_PORT}`,
    );
    CassandraCluster.running.add(this);
  }

  /** Installs Apache Cassandra if need be, and resolves when every node takes requests and knows all others. */
  static async start({
    nodes = 1,
    yaml = '',
    paxosVariant = 'v2',
  }: ClusterOptions = {}): Promise<CassandraCluster> {
    const data = await temporaryFolder();
    const more = join(data, 'more.yaml');
    await writeFile(more, yaml);
    const first = await freePorts(portNames.length - 1 + nodes);
    const cluster = new CassandraCluster(nodes, data, {
      ...Object.fromEntries(portNames.map((name, index) => [name, String(first + index)])),
      HEAP: '384M',
      PAXOS_VARIANT: paxosVariant,
      EXTRA_YAML: more,
    });
    await cluster.script('install', cache);
    await cluster.script('start', cache, data, String(nodes));
    return cluster;
  }

  /** Stops every cluster that still runs, also one whose start has failed. */
  static async stopAll(): Promise<void> {
    await Promise.all([...CassandraCluster.running].map((cluster) => cluster.stop()));
  }

  /** Suspends a node, as a machine that hangs. @param node is counted from 1, as in all methods */
  async pause(node: number): Promise<void> {
    await this.script('pause', this.data, String(node));
  }

  /** Ends what `pause` began. */
  async resume(node: number): Promise<void> {
    await this.script('resume', this.data, String(node));
  }

  /** Kills a node, as a machine that is lost. */
  async kill(node: number): Promise<void> {
    await this.script('kill', this.data, String(node));
  }

  /** Starts a killed node on its data. Resolves when it takes requests, and it and those that run know each other. */
  async restart(node: number): Promise<void> {
    await this.script('restart', cache, this.data, String(node));
  }

  /** Runs the server's own tool on a node, such as `flush`. Returns what it prints. */
  async nodetool(node: number, ...command: readonly string[]): Promise<string> {
    return this.script('nodetool', cache, this.data, String(node), ...command);
  }

  /** Kills every node, and removes the data. */
  async stop(): Promise<void> {
    await this.script('kill', this.data);
    CassandraCluster.running.delete(this);
    await rm(this.data, { recursive: true });
  }

  private async script(...args: readonly string[]): Promise<string> {
    const { stdout } = await run(script, args, { env: { ...process.env, ...this.settings } });
    return stdout;
  }
}

/**
 * The first of so many ports in a row that are free on every address. They are below those that the system gives to
 * clients, so that none is taken before a node listens.
 */
async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = randomInt(10_000, 30_000);
    const servers = Array.from({ length: count }, () => createServer());
    const outcomes = await Promise.allSettled(servers.map((server, index) => listen(server, first + index)));
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    if (outcomes.every(({ status }) => status === 'fulfilled')) return first;
  }
}

async function listen(server: Server, port: number): Promise<void> {
  await once(server.listen({ port, host: '0.0.0.0' }), 'listening');
}
