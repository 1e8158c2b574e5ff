import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { CassandraConfig } from '../../src/config/cassandra-config.js';
import { readConfig } from '../../src/config/config.js';
import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import { describeStartError, startStatus } from '../../src/app/start-error.js';
import { readSource } from '../../src/process/configuration-source.js';
import { openCassandra } from '../../src/storage/cassandra/open.js';
import { temporaryFolder } from '../support/database.js';
import { freePort } from '../support/free-port.js';
import { demoDataFolder, fileSettings, ServerProcess, type Settings } from '../support/server-process.js';
import { certificateFile, keyFile } from '../support/tls.js';

/** Writes this text to a file in a new folder. */
async function fileOf(text: string): Promise<string> {
  const path = join(await temporaryFolder(), 'file');
  await writeFile(path, text);
  return path;
}

/** A private key in PEM. */
function anotherKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The status of `/readyz`. */
async function readiness({ url }: ServerProcess): Promise<number> {
  return (await fetch(`${url}/readyz`)).status;
}

afterEach(() => ServerProcess.endAll());

describe('a refused start', () => {
  const secret = randomUUID();

  /** Starts with these settings, and expects exactly these lines on standard error. */
  async function expectRefused(settings: Settings, ...reasons: (string | RegExp)[]): Promise<void> {
    await expectStatus(1, settings, ...reasons);
  }

  /** As above, with this exit status. */
  async function expectStatus(
    status: number,
    settings: Settings,
    ...reasons: (string | RegExp)[]
  ): Promise<ServerProcess> {
    const server = ServerProcess.run({ DATA_DIR: await temporaryFolder(), ...settings });
    expect(await server.ended).toEqual({ status, signal: null });
    expect(server.stderr.split('\n')).toEqual([
      ...reasons.map((reason) => (typeof reason === 'string' ? reason : expect.stringMatching(reason))),
      '',
    ]);
    expect(server.stdout + server.stderr).not.toContain(secret);
    expect(server.records.filter(({ level }) => (level as number) >= 50)).toEqual([]);
    expect(server.stdout).not.toContain('    at ');
    return server;
  }

  /** Expects this reason of what a start reads first, without a process: how that tells a reason is tested below. */
  function expectRefusal(settings: Settings, reason: string | RegExp): void {
    let refusal = '';
    try {
      readSource(readConfig(settings));
    } catch (error) {
      expect(startStatus(error)).toBe(1);
      refusal = describeStartError(error);
    }
    if (typeof reason === 'string') expect(refusal).toBe(reason);
    else expect(refusal).toMatch(reason);
    expect(refusal).not.toContain(secret);
  }

  const unescaped =
    'DATABASE_URL: not a connection URI, postgres://user:password@host:port/database; in the user and the password, percent-encode @ : / # % ?, as %23 for #';

  it.each<[string, Settings, string]>([
    [
      'the demo beyond loopback',
      { HOST: '0.0.0.0' },
      'HOST: the demo is served on a loopback address alone; name a CONFIG_FILE to serve elsewhere, or set DEMO=on',
    ],
    [
      'the demo beside a file',
      { DEMO: 'on', CONFIG_FILE: 'symbolon.yaml' },
      'DEMO: on goes without CONFIG_FILE and without DATABASE_URL',
    ],
    [
      'the demo beside a database',
      { DEMO: 'on', DATABASE_URL: 'postgres://user@localhost/db' },
      'DEMO: on goes without CONFIG_FILE and without DATABASE_URL',
    ],
    ['a demo that is neither on nor off', { DEMO: 'true' }, 'DEMO: none of off, on'],
    ['a port that is not a number', { PORT: secret }, 'PORT: not a whole number from 0 to 65535'],
    ['a port that is too high', { PORT: '65536' }, 'PORT: not a whole number from 0 to 65535'],
    [
      'a database of another kind',
      { DATABASE_URL: `mysql://user:${secret}@localhost/db` },
      'DATABASE_URL: not a connection URI, postgres://user:password@host:port/database',
    ],
    [
      'a database URI that is invalid',
      { DATABASE_URL: `postgres://user:${secret}@localhost:port/db` },
      unescaped,
    ],
    [
      'a password with a broken escape',
      { DATABASE_URL: `postgres://user:${secret}%@localhost/db` },
      unescaped,
    ],
    ['a password with #', { DATABASE_URL: `postgres://user:12#${secret}@localhost/db` }, unescaped],
    ['a password with /', { DATABASE_URL: `postgres://user:12/${secret}@localhost/db` }, unescaped],
    ['a password with ?', { DATABASE_URL: `postgres://user:12?${secret}@localhost/db` }, unescaped],
    [
      'a password with letters and #',
      { DATABASE_URL: `postgres://user:${secret}#x@localhost/db` },
      unescaped,
    ],
    [
      'tokens in memory beside a database',
      { TOKEN_STORE: 'memory', DATABASE_URL: `postgres://user:${secret}@localhost/db` },
      'TOKEN_STORE: memory goes with the embedded database, not with DATABASE_URL',
    ],
    [
      'workers on the embedded database',
      { WORKERS: '2' },
      'WORKERS: more than one go with DATABASE_URL, not with the embedded database',
    ],
    [
      'one worker per core on the embedded database',
      { WORKERS: 'auto' },
      'WORKERS: more than one go with DATABASE_URL, not with the embedded database',
    ],
    [
      'workers that are not a number',
      { WORKERS: secret },
      'WORKERS: neither auto nor a whole number from 1 to 256',
    ],
    ['no workers', { WORKERS: '0' }, 'WORKERS: neither auto nor a whole number from 1 to 256'],
    ['too many workers', { WORKERS: '257' }, 'WORKERS: neither auto nor a whole number from 1 to 256'],
    [
      'a configuration file that is missing',
      { CONFIG_FILE: '/nowhere/symbolon.yaml' },
      'CONFIG_FILE: the file cannot be read (ENOENT)',
    ],
    [
      'a key without a certificate',
      { TLS_KEY_FILE: keyFile },
      'TLS_KEY_FILE: TLS_KEY_FILE and TLS_CERT_FILE go together',
    ],
    [
      'a certificate that is missing',
      { TLS_KEY_FILE: keyFile, TLS_CERT_FILE: '/nowhere/cert.pem' },
      'TLS_CERT_FILE: the file cannot be read (ENOENT)',
    ],
    [
      'a leeway that is not a number',
      { REFRESH_LEEWAY: secret },
      'REFRESH_LEEWAY: not a whole number from 0 to 3600',
    ],
    [
      'a purge interval of more than a day',
      { PURGE_INTERVAL: '86401' },
      'PURGE_INTERVAL: not a whole number from 0 to 86400',
    ],
    ['purge batches of 0 rows', { PURGE_BATCH: '0' }, 'PURGE_BATCH: not a whole number from 1 to 10000'],
    ['an unknown kind of errors', { TOKENINFO_ERRORS: secret }, 'TOKENINFO_ERRORS: none of modern, openam12'],
    [
      'parameters that are not rows',
      { AXWAY_ADDITIONAL_PARAMETERS: `[{"name":"${secret}"}]` },
      'AXWAY_ADDITIONAL_PARAMETERS: not a JSON array of {"name": "…", "value": "…"}',
    ],
  ])('names %s', (_, settings, reason) => expectRefusal(settings, reason));

  it.each([
    ['a key that is not PEM', secret, /^TLS_KEY_FILE: not a private key in PEM$/],
    [
      'the key of another certificate',
      anotherKey(),
      /^TLS_KEY_FILE: this is not the key of the certificate in TLS_CERT_FILE \(EC, \w+\)$/,
    ],
  ])('names %s', async (_, key, reason) =>
    expectRefusal({ TLS_KEY_FILE: await fileOf(key), TLS_CERT_FILE: certificateFile }, reason),
  );

  it('names a data folder that cannot be created', () =>
    expectRefused({ DATA_DIR: join(keyFile, 'data') }, /^symbolon: DATA_DIR: .* \(ENOTDIR\)\.$/));

  it('names every bad setting, each on a line of its own', () =>
    expectRefused(
      { PORT: secret, HOST: '0.0.0.0', ACCESS_LOG: 'some' },
      'symbolon: PORT: not a whole number from 0 to 65535',
      'HOST: the demo is served on a loopback address alone; name a CONFIG_FILE to serve elsewhere, or set DEMO=on',
      'ACCESS_LOG: none of all, refused, off',
    ));

  it.each<[string, Settings, string]>([
    [
      'a selector for the token',
      { AXWAY_TOKEN_SELECTOR: '${http.headers[' },
      'AXWAY_TOKEN_SELECTOR: a ${ or a quote behind it is not closed',
    ],
    [
      'a selector for an additional parameter',
      { AXWAY_ADDITIONAL_PARAMETERS: '[{"name":"Client","value":"${a+b}"}]' },
      'AXWAY_ADDITIONAL_PARAMETERS: row 1, "Client": the operator + is not allowed',
    ],
    [
      'a reserved name of an additional parameter',
      { AXWAY_ADDITIONAL_PARAMETERS: '[{"name":"a","value":""},{"name":"scope","value":""}]' },
      'AXWAY_ADDITIONAL_PARAMETERS: row 2, "scope": the name is one of the standard members',
    ],
    [
      'a selector for the monitored client',
      { MONITORING_CLIENT: 'http.headers[' },
      'MONITORING_CLIENT: a ${…} ends too early',
    ],
  ])('names %s', (_, settings, reason) =>
    // A database that cannot be reached does not delay the refusal.
    expectRefused({ DATABASE_URL: 'postgres://127.0.0.1:1/db', ...settings }, `symbolon: ${reason}`),
  );

  it('leaves behind a folder that the next start can use', async () => {
    const settings = { DATA_DIR: await temporaryFolder() };
    await expectRefused({ ...settings, AXWAY_TOKEN_SELECTOR: '${' }, /^symbolon: AXWAY_TOKEN_SELECTOR: /);
    expect(await readiness(await ServerProcess.start(settings))).toBe(200);
  });

  it('names each line of a configuration file that is broken', async () => {
    const settings = await fileSettings(
      `realms:\n  - name: alpha\n    users:\n      - username: ann\n        pasword: ${secret}\n`,
    );
    const file = settings.CONFIG_FILE;
    await expectRefused(
      settings,
      new RegExp(`^symbolon: ${file}:2: realms\\[0\\]\\.name: `),
      `${file}:5: realms[0].users[0].pasword: unknown key`,
    );
  });

  it('names the port that is taken', async () => {
    const other = createServer();
    await once(other.listen(0, '127.0.0.1'), 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      const settings = { DATA_DIR: await demoDataFolder(), PORT: String(port) };
      await expectRefused(settings, 'symbolon: PORT, HOST: cannot listen there (EADDRINUSE)');
    } finally {
      other.close();
    }
  });

  it('names the folder that another process runs on, and leaves that process running', async () => {
    const DATA_DIR = await demoDataFolder();
    const server = await ServerProcess.start({ DATA_DIR });
    const reason = `symbolon: DATA_DIR: another process is running on ${join(DATA_DIR, 'demo')}.`;
    await expectRefused({ DATA_DIR }, reason);
    expect(await readiness(server)).toBe(200);
  });

  it.each([
    ['', {}],
    [', once for all workers', { WORKERS: '3' }],
  ])('names a database that cannot be reached, after some seconds of attempts%s', async (_, workers) => {
    const reason =
      'DATABASE_URL: the database cannot be reached (ECONNREFUSED): nothing listens at that host and port; start PostgreSQL, or correct them';
    const settings = {
      DATABASE_URL: `postgres://user:${secret}@127.0.0.1:${await freePort()}/db`,
      ...workers,
    };
    const server = await expectStatus(3, settings, `symbolon: ${reason}`);
    const retries = server.recordsOf('retrying: the database cannot be reached');
    expect(retries.map(({ attempt, reason: why }) => [attempt, why])).toEqual(
      [1, 2, 3, 4].map((attempt) => [attempt, reason]),
    );
  });
});

it('without any node of the Cassandra cluster has the exit status of an outage', async () => {
  const settings = {
    TOKEN_STORE: 'cassandra',
    CASSANDRA_CONTACT_POINTS: '127.0.0.1:1',
    CASSANDRA_LOCAL_DATACENTER: 'dc1',
  };
  const config = readConfig(settings).cassandra as CassandraConfig;
  const opening = openCassandra({ config, connectAttempts: 1, inTurn: (work) => work() });
  const error: unknown = await opening.catch((thrown: unknown) => thrown);
  expect([startStatus(error), describeStartError(error)]).toEqual([
    3,
    'CASSANDRA_CONTACT_POINTS: no node answers (ECONNREFUSED)',
  ]);
});

describe('the message about a failure', () => {
  const secret = randomUUID();

  it.each(['ECONNREFUSED', '57P03', 'of nobody'])('of the database depends on its code: %s', (code) => {
    const cause = Object.assign(new Error(secret), { code });
    const sentence = describeStartError(new StoreUnavailable(cause));
    expect(sentence).toContain(`DATABASE_URL: the database cannot be reached (${code})`);
    expect(sentence).not.toContain(secret);
  });

  it('that is unexpected has the type and the stack of the error, not its message', () => {
    const sentence = describeStartError(new TypeError(`line one ${secret}\nline two ${secret}`));
    expect(sentence).toMatch(/^unexpected TypeError\n {4}at /);
    expect(sentence).not.toContain(secret);
  });
});
