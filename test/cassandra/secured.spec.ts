import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readFile } from 'node:fs/promises';
import type { Client } from 'cassandra-driver';
import { auth } from 'cassandra-driver';
import { CassandraStartError } from '../../src/storage/cassandra/cluster-errors.js';
import { aToken, factsOf } from '../storage/access-token-store.contract.js';
import { CassandraCluster } from '../support/cassandra-cluster.js';
import { connectTo, createKeyspace } from '../support/cassandra.js';
import { temporaryFolder } from '../support/database.js';
import { certificateFile } from '../support/tls.js';
import { openSession, storageOn } from './opened-storage.js';

const run = promisify(execFile);
const storePassword = 'for-this-test';

/** A folder with an authority `ca`, a node's certificate of that authority, and a server's. */
async function certificates(): Promise<string> {
  const folder = await temporaryFolder();
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  await openssl('req', '-x509', ...key, '-subj', '/CN=ca', '-keyout', 'ca.key', '-out', 'ca.pem');
  for (const [name, alternative] of [
    ['node', 'IP:127.0.0.1,DNS:tokens.example'],
    ['server', 'DNS:symbolon.example'],
  ]) {
    const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${alternative}`];
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key'];
    await openssl(
      'req',
      '-x509',
      ...key,
      ...subject,
      ...signed,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
    );
  }
  const secret = `pass:${storePassword}`;
  const node = ['-inkey', 'node.key', '-in', 'node.pem', '-certfile', 'ca.pem'];
  await openssl('pkcs12', '-export', ...node, '-out', 'node.p12', '-passout', secret);
  const trusted = ['-importcert', '-noprompt', '-alias', 'ca', '-file', 'ca.pem', '-keystore', 'ca.p12'];
  await run('keytool', [...trusted, '-storetype', 'PKCS12', '-storepass', storePassword], { cwd: folder });
  return folder;
}

/** A node that asks for a login, and for a certificate of its authority. */
const securedYaml = (folder: string) => `
authenticator: PasswordAuthenticator
authorizer: CassandraAuthorizer
permissions_validity: 0ms
roles_validity: 0ms
client_encryption_options:
  enabled: true
  optional: false
  require_client_auth: true
  store_type: PKCS12
  keystore: ${folder}/node.p12
  keystore_password: ${storePassword}
  truststore: ${folder}/ca.p12
  truststore_password: ${storePassword}
`;

let folder: string;
let cluster: CassandraCluster;
let operator: Client;
let settings: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = await certificates();
  cluster = await CassandraCluster.start({ yaml: securedYaml(folder) });
  const file = (name: string) => readFile(join(folder, name));
  operator = await connectTo(cluster, {
    authProvider: new auth.PlainTextAuthProvider('cassandra', 'cassandra'),
    sslOptions: {
      rejectUnauthorized: true,
      ca: await file('ca.pem'),
      cert: await file('server.pem'),
      key: await file('server.key'),
    },
  });
  settings = {
    ...createKeyspace(cluster).settings,
    CASSANDRA_USERNAME: 'cassandra',
    CASSANDRA_PASSWORD: 'cassandra',
    CASSANDRA_TLS_CA_FILE: join(folder, 'ca.pem'),
    CASSANDRA_TLS_CERT_FILE: join(folder, 'server.pem'),
    CASSANDRA_TLS_KEY_FILE: join(folder, 'server.key'),
  };
}, CassandraCluster.startTimeoutMs);

afterAll(async () => {
  await operator?.shutdown();
  await CassandraCluster.stopAll();
});

async function expectServed(overrides: Readonly<Record<string, string>> = {}): Promise<void> {
  const session = await openSession({ ...settings, ...overrides });
  try {
    const { accessTokens } = storageOn(session);
    const token = aToken();
    await accessTokens.insert(token);
    expect(await accessTokens.find(token.hash)).toEqual(factsOf(token));
  } finally {
    await session.close();
  }
}

describe('a cluster with TLS and logins', () => {
  it('is used by its address, and by the name in its certificates', async () => {
    await expectServed();
    await expectServed({ CASSANDRA_TLS_NAME: 'tokens.example' });
  });

  it.each<[string, Readonly<Record<string, string>>, string | RegExp]>([
    [
      'an authority that has not signed it',
      { CASSANDRA_TLS_CA_FILE: certificateFile },
      /^CASSANDRA_TLS_CA_FILE: the certificate of a node is not trusted \([A-Z_]+\)$/,
    ],
    [
      'another name',
      { CASSANDRA_TLS_NAME: 'other.example' },
      /^CASSANDRA_TLS_NAME: the certificate of a node has another name \(ERR_TLS_CERT_ALTNAME_INVALID\)$/,
    ],
    [
      'no certificate of ours',
      { CASSANDRA_TLS_CERT_FILE: '', CASSANDRA_TLS_KEY_FILE: '' },
      /^CASSANDRA_TLS_CERT_FILE: the cluster asks for a certificate that it trusts \([A-Z0-9_]+\)$/,
    ],
    [
      'no TLS',
      { CASSANDRA_TLS_CA_FILE: '', CASSANDRA_TLS_CERT_FILE: '', CASSANDRA_TLS_KEY_FILE: '' },
      /^CASSANDRA_CONTACT_POINTS: no node answers \(\w+\)$/,
    ],
    [
      'a wrong password',
      { CASSANDRA_PASSWORD: 'wrong' },
      /^CASSANDRA_USERNAME: the cluster refuses this login$/,
    ],
    [
      'no login',
      { CASSANDRA_USERNAME: '', CASSANDRA_PASSWORD: '' },
      /^CASSANDRA_USERNAME: the cluster asks for a login$/,
    ],
  ])('refuses, or is refused by, a server with %s', async (_, overrides, sentence) => {
    const attempt = openSession({ ...settings, ...overrides });
    await expect(attempt).rejects.toBeInstanceOf(CassandraStartError);
    await expect(attempt).rejects.toThrow(sentence);
  });

  it('takes SELECT and MODIFY on a finished schema, refuses to create, and refuses to be read without them', async () => {
    const role = { CASSANDRA_USERNAME: 'symbolon', CASSANDRA_PASSWORD: 'secret' };
    await operator.execute(`CREATE ROLE symbolon WITH PASSWORD = 'secret' AND LOGIN = true`);
    const unmade = createKeyspace(cluster).settings.CASSANDRA_KEYSPACE;
    await expect(openSession({ ...settings, ...role, CASSANDRA_KEYSPACE: unmade })).rejects.toThrow(
      /^CASSANDRA_USERNAME: this login may not create the keyspace and its tables$/,
    );
    await expect(openSession({ ...settings, ...role })).rejects.toThrow(
      /^CASSANDRA_USERNAME: this login lacks SELECT and MODIFY on the keyspace$/,
    );
    for (const right of ['SELECT', 'MODIFY']) {
      await operator.execute(`GRANT ${right} ON KEYSPACE ${settings.CASSANDRA_KEYSPACE} TO symbolon`);
    }
    await expectServed(role);
  });
});
