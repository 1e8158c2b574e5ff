import { existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { cpuTime } from '../cpu-time.js';
import { range } from '../numbers.js';
import { freePorts } from '../ports.js';
import type { Processes } from '../processes.js';
import { isInstalled } from '../programs.js';

/** The script that starts Cassandra from its jars. The bench runs in the repository's folder. */
const script = resolve('test/support/cassandra.sh');

/** Where the jars are kept from one run to the next. */
const cache = process.env.CASSANDRA_CACHE ?? join(homedir(), '.cache', 'symbolon');

/** What a cluster needs and this machine lacks, and how to install it. */
export function missingForCassandra(): string[] {
  const jars = existsSync(cache) && readdirSync(cache).some((name) => name.startsWith('cassandra-'));
  return [
    ...(existsSync(script) ? [] : ['test/support/cassandra.sh']),
    ...(isInstalled('java') ? [] : ['java (apt-get install openjdk-17-jre-headless)']),
    ...(jars || isInstalled('mvn') ? [] : ['mvn (apt-get install maven)']),
    ...(existsSync('/proc/self/stat') ? [] : ['Linux, whose loopback has an address for each node']),
  ];
}

/** The size of a cluster, and when a write is on disk: every 10 s, or before it is acknowledged. */
export interface Shape {
  readonly nodes: number;
  readonly commitLog: 'periodic' | 'group';
}

/** Stops the nodes when its input ends; our terminal's signals do not. */
const untilInputEnds = `trap '' INT TERM HUP; cat >/dev/null; exec bash --norc "$0" stop "$1" </dev/null`;

/** The ports of a cluster; that of JMX is the first node's. */
interface Ports {
  readonly CQL_PORT: string;
  readonly STORAGE_PORT: string;
  readonly JMX_PORT: string;
}

/** A Cassandra cluster on loopback addresses. */
export class Cluster {
  private constructor(
    private readonly processes: Processes,
    private readonly folder: string,
    private readonly ports: Ports,
    readonly nodes: number,
    readonly end: () => Promise<void>,
  ) {}

  /** @param folder for its data; it must be there */
  static async start(processes: Processes, folder: string, { nodes, commitLog }: Shape): Promise<Cluster> {
    const ports = {
      CQL_PORT: String(await freePorts()),
      STORAGE_PORT: String(await freePorts()),
      JMX_PORT: String(await freePorts(nodes)),
    };
    // The nodes belong to nobody: this process waits for its input to end, and stops them.
    const warden = processes.start({
      name: 'warden',
      line: ['bash', '--norc', '-c', untilInputEnds, script, folder],
      stdio: ['pipe', 'ignore', 'inherit'],
      folder,
      endedBy: 'input',
    });
    const cluster = new Cluster(processes, folder, ports, nodes, warden.end);
    try {
      await cluster.run(['install', cache]);
      await cluster.run(['start', cache, folder, String(nodes)], { COMMITLOG_SYNC: commitLog });
      return cluster;
    } catch (error) {
      await cluster.end();
      throw error;
    }
  }

  /** The port that every node takes statements at. */
  get port(): number {
    return Number(this.ports.CQL_PORT);
  }

  /** The values for `CASSANDRA_CONTACT_POINTS`. */
  get contactPoints(): string[] {
    return this.each((node) => `127.0.0.${node}:${this.port}`);
  }

  /** The name that the server gives to the only datacenter. */
  readonly datacenter = 'datacenter1';

  /** The processor time that all nodes have used so far, in microseconds. */
  cpuTime(): number {
    return cpuTime(
      this.each((node) => Number(readFileSync(join(this.folder, `node${node}`, 'pid'), 'utf8'))),
    );
  }

  /** Runs the server's own tool on each node, one after the other, and returns its outputs. */
  async nodetool(...args: string[]): Promise<string[]> {
    const outputs: string[] = [];
    for (const node of this.each(String)) {
      outputs.push(await this.run(['nodetool', cache, this.folder, node, ...args]));
    }
    return outputs;
  }

  private each<Value>(valueOf: (node: number) => Value): Value[] {
    return range(this.nodes).map((index) => valueOf(index + 1));
  }

  /** Runs the script with all of our environment, which Maven may need, and returns its output. */
  private async run(
    args: readonly string[],
    settings: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const log = join(this.folder, 'script.log');
    const { child, ended } = this.processes.start({
      name: 'cassandra.sh',
      line: ['bash', script, ...args],
      env: { ...(process.env as Record<string, string>), ...this.ports, ...settings },
      stdio: ['ignore', 'pipe', openSync(log, 'a')],
      folder: this.folder,
    });
    const output = await text(child.stdout!);
    const how = await ended;
    if (how !== 'ended with status 0') throw new Error(`cassandra.sh ${how}: ${readFileSync(log, 'utf8')}`);
    return output;
  }
}
