import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../../src/config/config.js';
import { temporaryFolder } from '../support/database.js';
import { certificateFile, keyFile } from '../support/tls.js';

type Settings = Readonly<Record<string, string>>;

const least: Settings = {
  TOKEN_STORE: 'cassandra',
  CASSANDRA_CONTACT_POINTS: 'one.example,10.0.0.2',
  CASSANDRA_LOCAL_DATACENTER: 'dc1',
};

const cassandra = (settings: Settings = {}) => readConfig({ ...least, ...settings }).cassandra;

/** A file with this text. */
async function fileOf(text: string): Promise<string> {
  const path = join(await temporaryFolder(), 'file');
  await writeFile(path, text);
  return path;
}

describe('the settings of the cluster', () => {
  it('need some nodes and the datacenter, and no more', () => {
    expect(cassandra()).toEqual({
      contactPoints: ['one.example:9042', '10.0.0.2:9042'],
      port: 9042,
      localDatacenter: 'dc1',
      keyspace: 'symbolon',
      replication: undefined,
      consistency: 'local',
      login: undefined,
      tls: undefined,
    });
  });

  it('take what they name', () => {
    const settings = {
      CASSANDRA_CONTACT_POINTS: '[fd00::1]:9142, node:9142',
      CASSANDRA_KEYSPACE: 'tokens_2',
      CASSANDRA_REPLICATION: 'dc1:3, dc2:2',
      CASSANDRA_CONSISTENCY: 'global',
      CASSANDRA_USERNAME: 'symbolon',
      CASSANDRA_PASSWORD: 'a:b,c',
    };
    expect(cassandra(settings)).toMatchObject({
      contactPoints: ['[fd00::1]:9142', 'node:9142'],
      port: 9142,
      keyspace: 'tokens_2',
      replication: { dc1: 3, dc2: 2 },
      consistency: 'global',
      login: { username: 'symbolon', password: 'a:b,c' },
    });
    expect(cassandra({ CASSANDRA_CONTACT_POINTS: 'fd00::1' })?.contactPoints).toEqual(['[fd00::1]:9042']);
  });

  it('turn TLS on with the file of the authorities', () => {
    const tls = cassandra({
      CASSANDRA_TLS_CA_FILE: certificateFile,
      CASSANDRA_TLS_NAME: 'cassandra.example',
      CASSANDRA_TLS_CERT_FILE: certificateFile,
      CASSANDRA_TLS_KEY_FILE: keyFile,
    })?.tls;
    expect(tls).toMatchObject({ name: 'cassandra.example' });
    expect(tls?.ca.toString()).toContain('BEGIN CERTIFICATE');
    expect(tls?.key?.toString()).toContain('PRIVATE KEY');
  });

  it('are not read for another token store', () => {
    expect(readConfig({ CASSANDRA_CONTACT_POINTS: '::::' }).cassandra).toBeUndefined();
  });

  const notAList = 'not a list of host[:port], separated by commas';
  const noReplication = 'not a list of datacenter:copies, separated by commas, each with 1 to 20 copies';

  it.each([
    ['CASSANDRA_CONTACT_POINTS', '', 'TOKEN_STORE=cassandra needs it'],
    ['CASSANDRA_CONTACT_POINTS', ',', 'a member of the list is empty'],
    ['CASSANDRA_CONTACT_POINTS', 'a b', notAList],
    ['CASSANDRA_CONTACT_POINTS', 'one:0', notAList],
    ['CASSANDRA_CONTACT_POINTS', 'one:65536', notAList],
    ['CASSANDRA_CONTACT_POINTS', 'http://one', notAList],
    ['CASSANDRA_CONTACT_POINTS', '[one]:9042', notAList],
    ['CASSANDRA_CONTACT_POINTS', 'one:9042,two:9043', 'all nodes have the same port'],
    ['CASSANDRA_CONTACT_POINTS', 'one,two:9043', 'all nodes have the same port'],
    ['CASSANDRA_LOCAL_DATACENTER', '', 'TOKEN_STORE=cassandra needs it'],
    ['CASSANDRA_KEYSPACE', 'Tokens', 'not a lower-case name of at most 48 letters, digits and underscores'],
    ['CASSANDRA_KEYSPACE', 'a"; DROP', 'not a lower-case name of at most 48 letters, digits and underscores'],
    ['CASSANDRA_REPLICATION', '3', noReplication],
    ['CASSANDRA_REPLICATION', 'dc1:0', noReplication],
    ['CASSANDRA_REPLICATION', 'dc1:3,dc1:2', noReplication],
    ['CASSANDRA_REPLICATION', "dc1':3", noReplication],
    ['CASSANDRA_CONSISTENCY', 'quorum', 'none of local, global'],
    ['CASSANDRA_USERNAME', 'somebody', 'CASSANDRA_USERNAME and CASSANDRA_PASSWORD go together'],
    ['CASSANDRA_TLS_NAME', 'a.example', 'goes with CASSANDRA_TLS_CA_FILE'],
    ['CASSANDRA_TLS_CA_FILE', '/nowhere/ca.pem', 'the file cannot be read (ENOENT)'],
    ['TOKEN_STORE', 'redis', 'none of database, memory, cassandra'],
  ])('refuse %s=%j in a sentence that names it', (name, value, reason) => {
    expect(() => cassandra({ [name]: value })).toThrow(new RegExp(`^${name}: ${escaped(reason)}$`));
  });

  it('refuse a password without a user, a key without its certificate, and what is no certificate', async () => {
    expect(() => cassandra({ CASSANDRA_PASSWORD: 'x' })).toThrow(
      /^CASSANDRA_USERNAME: CASSANDRA_USERNAME and CASSANDRA_PASSWORD go together$/,
    );
    const ca = { CASSANDRA_TLS_CA_FILE: certificateFile };
    expect(() => cassandra({ ...ca, CASSANDRA_TLS_KEY_FILE: keyFile })).toThrow(
      /^CASSANDRA_TLS_KEY_FILE: CASSANDRA_TLS_KEY_FILE and CASSANDRA_TLS_CERT_FILE go together$/,
    );
    const swapped = { CASSANDRA_TLS_CERT_FILE: keyFile, CASSANDRA_TLS_KEY_FILE: certificateFile };
    expect(() => cassandra({ ...ca, ...swapped })).toThrow(
      /^CASSANDRA_TLS_KEY_FILE: the file holds a certificate, not a private key$/,
    );
    expect(() => cassandra({ CASSANDRA_TLS_CA_FILE: keyFile })).toThrow(
      /^CASSANDRA_TLS_CA_FILE: not a PEM file of certificates$/,
    );
    const broken = await fileOf('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    expect(() => cassandra({ CASSANDRA_TLS_CA_FILE: broken })).toThrow(
      /^CASSANDRA_TLS_CA_FILE: not a PEM file of certificates$/,
    );
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
