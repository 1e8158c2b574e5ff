import { auth, Client, type ClientOptions, errors, policies as driverPolicies } from 'cassandra-driver';
import type { CassandraConfig, CassandraTls } from '../../config/cassandra-config.js';
import { attemptTimeoutMs } from './deadline.js';
import { errorCodes, isResponse } from './errors.js';
import { OnceMoreElsewhere, SpeculativeReads, type Suspects, SuspectsLast } from './policies.js';
import { CassandraStartError } from './cluster-errors.js';

/** Longest wait for a connection, in milliseconds. */
const connectTimeoutMs = 2_000;

/** How long after a lost connection the next one is tried, in milliseconds. */
const reconnectAfterMs = 1_000;

/** Parts of the driver's options that tests replace. */
export type DriverOverrides = Pick<ClientOptions, 'policies' | 'socketOptions' | 'pooling'>;

/**
 * Connects to the cluster.
 * @throws CassandraStartError
 */
export async function connect(
  config: CassandraConfig,
  suspects: Suspects,
  overrides: DriverOverrides = {},
): Promise<Client> {
  const client = new Client(clientOptions(config, suspects, overrides));
  try {
    await client.connect();
    checkDatacenter(client, config);
    return client;
  } catch (error) {
    await client.shutdown();
    throw startError(error, config);
  }
}

function clientOptions(
  { contactPoints, port, localDatacenter, login, tls }: CassandraConfig,
  suspects: Suspects,
  { policies, socketOptions, pooling }: DriverOverrides,
): ClientOptions {
  return {
    contactPoints: [...contactPoints],
    protocolOptions: { port },
    authProvider: login && new auth.PlainTextAuthProvider(login.username, login.password),
    sslOptions: tls && tlsOptions(tls),
    // Each preparation would wait for a node that hangs. A node that lacks a statement asks for it when it is to run it.
    prepareOnAllHosts: false,
    encoding: { useBigIntAsLong: true, useUndefinedAsUnset: true },
    socketOptions: { connectTimeout: connectTimeoutMs, readTimeout: attemptTimeoutMs, ...socketOptions },
    // A connection to a node that hangs is noticed by this, too.
    pooling: { heartBeatInterval: 5_000, ...pooling },
    policies: {
      loadBalancing: new SuspectsLast(localDatacenter, suspects),
      retry: new OnceMoreElsewhere(suspects),
      speculativeExecution: new SpeculativeReads(suspects),
      // The driver's own waits longer each time, for ten minutes at last.
      reconnection: new driverPolicies.reconnection.ConstantReconnectionPolicy(reconnectAfterMs),
      ...policies,
    },
  };
}

/** Without the first of these the driver would trust anybody. */
function tlsOptions({ ca, name, cert, key }: CassandraTls): ClientOptions['sslOptions'] {
  return { rejectUnauthorized: true, ca, servername: name, cert, key };
}

/** @throws CassandraStartError */
function checkDatacenter({ hosts }: Client, { localDatacenter }: CassandraConfig): void {
  const there = new Set(hosts.values().map(({ datacenter }) => datacenter));
  if (there.has(localDatacenter)) return;
  const names = [...there].join(', ');
  throw new CassandraStartError(`CASSANDRA_LOCAL_DATACENTER: the cluster has ${names} instead`);
}

/** The error of a failed start, as the operator needs it: never a driver's message. */
function startError(error: unknown, { login }: CassandraConfig): unknown {
  if (error instanceof CassandraStartError) return error;
  const inner = error instanceof errors.NoHostAvailableError ? (error.innerErrors as object | null) : null;
  const cause: unknown = Object.values(inner ?? {}).find((each) => typeof each === 'object') ?? error;
  if (isRefusedLogin(cause)) {
    const reason = login ? 'the cluster refuses this login' : 'the cluster asks for a login';
    return new CassandraStartError(`CASSANDRA_USERNAME: ${reason}`);
  }
  const { code, name } = cause as NodeJS.ErrnoException;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return new CassandraStartError(
      `CASSANDRA_TLS_NAME: the certificate of a node has another name (${code})`,
    );
  }
  if (/ALERT.*CERT/.test(String(code))) {
    return new CassandraStartError(
      `CASSANDRA_TLS_CERT_FILE: the cluster asks for a certificate that it trusts (${code})`,
    );
  }
  if (untrusted.test(String(code))) {
    return new CassandraStartError(
      `CASSANDRA_TLS_CA_FILE: the certificate of a node is not trusted (${code})`,
    );
  }
  return new CassandraStartError(`CASSANDRA_CONTACT_POINTS: no node answers (${code ?? name})`, true);
}

function isRefusedLogin(error: unknown): boolean {
  return error instanceof errors.AuthenticationError || isResponse(error, errorCodes.badCredentials);
}

/** OpenSSL's and Node's codes of certificates that cannot be verified. */
const untrusted = /CERT|VERIFY|ISSUER/;
