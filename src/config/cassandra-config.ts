import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { SettingReader } from './setting-reader.js';
import { flawOfPair } from './tls-pair.js';

/** How an Apache Cassandra cluster is reached, and how it keeps the tokens. */
export interface CassandraConfig {
  /** Nodes to ask for all others first: `host:port`. */
  readonly contactPoints: readonly string[];
  /** The port of every node. */
  readonly port: number;
  /** Name of the datacenter whose nodes this server asks. */
  readonly localDatacenter: string;
  readonly keyspace: string;
  /** Copies by datacenter, with which a missing keyspace is created; undefined where it must be there. */
  readonly replication?: Readonly<Record<string, number>>;
  /** Whether a quorum of the local datacenter decides, or one of all datacenters. */
  readonly consistency: 'local' | 'global';
  readonly login?: { readonly username: string; readonly password: string };
  readonly tls?: CassandraTls;
}

/** TLS to the nodes; their certificates' chain and name are checked. */
export interface CassandraTls {
  /** PEM text of the authorities that are trusted. */
  readonly ca: Buffer;
  /** The name in every node's certificate; undefined where it is the node's address. */
  readonly name?: string;
  /** PEM texts of this server's own certificate, for clusters that ask for one. */
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

const defaultPort = 9042;

/** Most copies in a datacenter; more would be a mistake. */
const maxCopies = 20;

/**
 * Reads the settings; the reader collects the problems with them.
 * @param neededBy what cannot do without them
 */
export function readCassandra(reader: SettingReader, neededBy = 'TOKEN_STORE=cassandra'): CassandraConfig {
  const keyspace = reader.text('CASSANDRA_KEYSPACE') ?? '';
  if (!/^[a-z][a-z0-9_]{0,47}$/.test(keyspace)) {
    reader.refuse(
      'CASSANDRA_KEYSPACE',
      'not a lower-case name of at most 48 letters, digits and underscores',
    );
  }
  const localDatacenter = reader.text('CASSANDRA_LOCAL_DATACENTER');
  if (localDatacenter === undefined) {
    reader.refuse('CASSANDRA_LOCAL_DATACENTER', `${neededBy} needs it`);
  }
  return {
    ...readContactPoints(reader, neededBy),
    localDatacenter: localDatacenter ?? '',
    keyspace,
    replication: readReplication(reader),
    consistency: reader.oneOf('CASSANDRA_CONSISTENCY', ['local', 'global']),
    login: readLogin(reader),
    tls: readTls(reader),
  };
}

function readContactPoints(
  reader: SettingReader,
  neededBy: string,
): Pick<CassandraConfig, 'contactPoints' | 'port'> {
  const name = 'CASSANDRA_CONTACT_POINTS';
  const points = reader.list(name).map(parseContactPoint);
  const known = points.filter((point) => point !== undefined);
  const [{ port } = { port: defaultPort }] = known;
  if (points.length === 0) reader.refuse(name, `${neededBy} needs it`);
  else if (known.length < points.length)
    reader.refuse(name, 'not a list of host[:port], separated by commas');
  else if (known.some((point) => point.port !== port)) reader.refuse(name, 'all nodes have the same port');
  return {
    contactPoints: known.map(({ host }) => `${host.includes(':') ? `[${host}]` : host}:${port}`),
    port,
  };
}

/** A name or an IPv4 address, or an IPv6 address, which stands in brackets where a port follows. */
function parseContactPoint(text: string): { readonly host: string; readonly port: number } | undefined {
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(text);
  const plain = /^([A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(text);
  const [, host, digits] = bracketed ?? plain ?? [undefined, isIP(text) === 6 ? text : undefined];
  const port = digits === undefined ? defaultPort : Number(digits);
  if (host === undefined || (bracketed && isIP(host) !== 6) || port < 1 || port > 65535) return undefined;
  return { host, port };
}

/** `dc1:3,dc2:3` */
function readReplication(reader: SettingReader): CassandraConfig['replication'] {
  const parts = reader.list('CASSANDRA_REPLICATION');
  if (parts.length === 0) return undefined;
  const pairs = parts.map((part) => /^([A-Za-z0-9._-]{1,100}):(\d{1,2})$/.exec(part));
  const copies = pairs.map((pair) => [pair?.[1] ?? '', Number(pair?.[2] ?? 0)] as const);
  const names = new Set(copies.map(([name]) => name));
  if (!copies.every(([, count]) => count >= 1 && count <= maxCopies) || names.size < copies.length) {
    reader.refuse(
      'CASSANDRA_REPLICATION',
      `not a list of datacenter:copies, separated by commas, each with 1 to ${maxCopies} copies`,
    );
  }
  return Object.fromEntries(copies);
}

function readLogin(reader: SettingReader): CassandraConfig['login'] {
  const username = reader.text('CASSANDRA_USERNAME');
  const password = reader.text('CASSANDRA_PASSWORD');
  if ((username === undefined) !== (password === undefined)) {
    reader.refuse('CASSANDRA_USERNAME', 'CASSANDRA_USERNAME and CASSANDRA_PASSWORD go together');
  }
  return username === undefined || password === undefined ? undefined : { username, password };
}

function readTls(reader: SettingReader): CassandraTls | undefined {
  const ca = reader.file('CASSANDRA_TLS_CA_FILE');
  const cert = reader.file('CASSANDRA_TLS_CERT_FILE');
  const key = reader.file('CASSANDRA_TLS_KEY_FILE');
  const name = reader.text('CASSANDRA_TLS_NAME');
  const named = (['CASSANDRA_TLS_NAME', 'CASSANDRA_TLS_CERT_FILE', 'CASSANDRA_TLS_KEY_FILE'] as const).filter(
    (setting) => reader.text(setting) !== undefined,
  );
  if (reader.text('CASSANDRA_TLS_CA_FILE') === undefined) {
    for (const setting of named) reader.refuse(setting, 'goes with CASSANDRA_TLS_CA_FILE');
    return undefined;
  }
  if (
    (named.includes('CASSANDRA_TLS_CERT_FILE') ? 1 : 0) !== (named.includes('CASSANDRA_TLS_KEY_FILE') ? 1 : 0)
  ) {
    reader.refuse('CASSANDRA_TLS_KEY_FILE', 'CASSANDRA_TLS_KEY_FILE and CASSANDRA_TLS_CERT_FILE go together');
  }
  if (!ca) return undefined;
  if (!succeeds(() => new X509Certificate(ca))) {
    reader.refuse('CASSANDRA_TLS_CA_FILE', 'not a PEM file of certificates');
  }
  const names = { key: 'CASSANDRA_TLS_KEY_FILE', cert: 'CASSANDRA_TLS_CERT_FILE' } as const;
  const flaw = cert && key ? flawOfPair({ cert, key }, names) : undefined;
  if (flaw) reader.refuse(flaw.name, flaw.reason);
  return { ca, name, cert, key };
}

function succeeds(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
