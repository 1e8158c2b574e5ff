import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeStartError, startStatus } from '../../src/app/start-error.js';
import { readConfig } from '../../src/config/config.js';
import {
  dataSourceOptions,
  openDataSource,
  type PooledDataSource,
} from '../../src/storage/postgres/data-source.js';
import { temporaryFolder } from '../support/database.js';
import { canStartServers, PostgresServer } from '../support/postgres-server.js';
import { certificateFile, keyFile } from '../support/tls.js';

/** Opens the database of this setting, and closes it. @returns whether its connections are encrypted */
async function open(url: string): Promise<boolean> {
  const { database } = readConfig({ DATABASE_URL: url, CONFIG_FILE: 'test' });
  if (database.kind !== 'server') throw new Error('not a server');
  const dataSource = await openDataSource(dataSourceOptions({ url: database.url }, 1));
  const [{ ssl }] = await dataSource.query<{ ssl: boolean }[]>(
    'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
  );
  await dataSource.destroy();
  return ssl;
}

/** The exit status and the sentence of a start that fails. */
async function failure(url: string): Promise<string> {
  const error: unknown = await open(url).then(
    () => new Error('it was opened'),
    (reason: unknown) => reason,
  );
  return `${startStatus(error)} ${describeStartError(error)}`.replaceAll(/\/\S*\/t-\w+/g, 'FOLDER');
}

const password = 'a#b/c%d@e?f:g';
const escaped = encodeURIComponent(password);

(canStartServers ? describe : describe.skip)('the opening of a database', () => {
  let server: PostgresServer;
  let plain: PostgresServer;
  let folder: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    await writeFile(join(folder, 'text'), 'not PEM');
    const files = {
      'server.crt': await readFile(certificateFile, 'utf8'),
      'server.key': await readFile(keyFile, 'utf8'),
    };
    server = await PostgresServer.start({
      configuration: ['ssl=on', `listen_addresses='*'`, 'max_connections=10'],
      access: [
        'local all all scram-sha-256',
        'hostssl all tlsonly 127.0.0.0/8 scram-sha-256',
        'host all tlsonly 127.0.0.0/8 reject',
        'host all all 127.0.0.0/8 scram-sha-256',
      ],
      files,
    });
    plain = await PostgresServer.start();
    for (const each of [server, plain]) {
      await each.sql(
        'postgres',
        `CREATE ROLE app LOGIN PASSWORD '${password}'`,
        `CREATE ROLE tlsonly LOGIN PASSWORD '${password}'`,
        'CREATE DATABASE theirs',
        'CREATE DATABASE own OWNER app',
        'CREATE DATABASE nowhere OWNER app',
        'ALTER DATABASE nowhere SET search_path = missing',
        'CREATE DATABASE "read" OWNER app',
        'ALTER DATABASE "read" SET default_transaction_read_only = on',
      );
    }
  });
  afterAll(async () => {
    await server?.stop();
    await plain?.stop();
  });

  const at = (
    database: string,
    { user = 'app', secret = `:${escaped}`, host = '127.0.0.1', to = server, query = '' } = {},
  ) => `postgres://${user}${secret}@${host}:${to.port}/${database}${query}`;

  describe('that fails names the reason and the cure', () => {
    it.each<[string, () => string, string]>([
      [
        'no right to create tables',
        () => at('theirs'),
        '1 DATABASE_URL: the user app may not create tables in the schema public (42501); run GRANT CREATE ON SCHEMA public TO app',
      ],
      [
        'a wrong password',
        () => at('own', { secret: ':wrong' }),
        '1 DATABASE_URL: the database refuses the user or the password; correct them in the URL, or PGPASSWORD (28P01)',
      ],
      [
        'no password',
        () => at('own', { secret: '' }),
        '1 DATABASE_URL: the database asks for a password; put one into the URL, or set PGPASSWORD',
      ],
      [
        'an unknown database',
        () => at('nothing'),
        '1 DATABASE_URL: there is no database of that name; run CREATE DATABASE, or correct the name (3D000)',
      ],
      [
        'a search path to nowhere',
        () => at('nowhere'),
        '1 DATABASE_URL: search_path of this database or user names no schema that exists; run CREATE SCHEMA, or correct it (3F000)',
      ],
      [
        'a database that takes no writes',
        () => at('read'),
        '3 DATABASE_URL: the database cannot be reached (25006): it takes no writes; name the primary, or turn default_transaction_read_only off',
      ],
      [
        'a refused connection',
        () => 'postgres://app:x@127.0.0.1:1/own',
        '3 DATABASE_URL: the database cannot be reached (ECONNREFUSED): nothing listens at that host and port; start PostgreSQL, or correct them',
      ],
      [
        'a folder without a socket',
        () => `postgres://app:x@/own?host=${folder}`,
        '3 DATABASE_URL: the database cannot be reached (ENOENT): there is no socket in that folder; start PostgreSQL, or correct host',
      ],
      [
        'TLS that the server asks for',
        () => at('own', { user: 'tlsonly' }),
        '1 DATABASE_URL: the server has no entry in pg_hba.conf for this user, database and address, with TLS or without; add one, or add sslmode=verify-full to the URL (28000)',
      ],
      [
        'TLS that the server does not offer',
        () => at('own', { to: plain, query: '?sslmode=verify-full' }),
        '1 DATABASE_URL: the server offers no TLS; set ssl = on in postgresql.conf, or remove sslmode from the URL',
      ],
      [
        'a certificate that is not trusted',
        () => at('own', { query: '?sslmode=verify-full' }),
        "1 DATABASE_URL: the server's certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT); name the authority by sslrootcert=FILE, or correct the certificate",
      ],
      [
        'a certificate for another name',
        () => at('own', { host: '127.0.0.2', query: `?sslmode=verify-full&sslrootcert=${certificateFile}` }),
        "1 DATABASE_URL: the server's certificate is for another name; use a host that it names, or correct the certificate (ERR_TLS_CERT_ALTNAME_INVALID)",
      ],
      [
        'a missing file of the authority',
        () => at('own', { query: `?sslrootcert=${folder}/none.pem` }),
        '1 DATABASE_URL: the file of sslrootcert, sslcert or sslkey cannot be read; correct its path (ENOENT)',
      ],
      [
        'a file of the authority that is not PEM',
        () => at('own', { query: `?sslmode=verify-full&sslrootcert=${folder}/text` }),
        "1 DATABASE_URL: the server's certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT); name the authority by sslrootcert=FILE, or correct the certificate",
      ],
    ])('%s', async (_, url, sentence) => {
      expect(await failure(url())).toBe(sentence);
    });

    it('an unknown host', async () => {
      expect(await failure('postgres://app:x@nowhere.invalid/own')).toMatch(
        /^3 DATABASE_URL: the database cannot be reached \((ENOTFOUND|EAI_AGAIN)\): its host /,
      );
    });

    it('too many connections', async () => {
      const others: PooledDataSource[] = [];
      const fill = async () => {
        for (;;) others.push(await openDataSource(dataSourceOptions({ url: at('own') }, 1)));
      };
      await fill().catch(() => {});
      const failed = await failure(at('own'));
      await Promise.all(others.map((dataSource) => dataSource.destroy()));
      expect(failed).toBe(
        '3 DATABASE_URL: the database cannot be reached (53300): it has no connection left; raise max_connections, or lower DATABASE_POOL or WORKERS',
      );
    });
  });

  describe('succeeds', () => {
    it.each<[string, () => string, boolean]>([
      ['with a password of characters that a URL escapes', () => at('own'), false],
      [
        'by a unix socket',
        () => `postgres://app:${escaped}@/own?host=${server.folder}&port=${server.port}`,
        false,
      ],
      [
        'by a unix socket that is the host',
        () => `postgres://app:${escaped}@${encodeURIComponent(server.folder)}:${server.port}/own`,
        false,
      ],
      [
        'with everything in parameters',
        () =>
          `postgresql:///own?host=127.0.0.1&port=${server.port}&user=app&password=${escaped}&connect_timeout=5`,
        false,
      ],
      ['by TLS, unchecked', () => at('own', { query: '?sslmode=no-verify' }), true],
      [
        'by TLS, with chain and name checked',
        () => at('own', { user: 'app', query: `?sslmode=verify-full&sslrootcert=${certificateFile}` }),
        true,
      ],
      [
        'by TLS, with the chain alone checked, as libpq does',
        () =>
          at('own', {
            host: '127.0.0.2',
            query: `?uselibpqcompat=true&sslmode=verify-ca&sslrootcert=${certificateFile}`,
          }),
        true,
      ],
    ])('%s', async (_, url, encrypted) => {
      expect(await open(url())).toBe(encrypted);
    });

    it.each(['PGPASSWORD', 'PGPASSFILE'])('with the password of %s', async (name) => {
      const file = join(folder, 'pgpass');
      const fields = password.replaceAll(/[:\\]/g, '\\$&');
      await writeFile(file, `127.0.0.1:${server.port}:own:app:${fields}\n`, { mode: 0o600 });
      process.env[name] = name === 'PGPASSWORD' ? password : file;
      try {
        expect(await open(at('own', { secret: '' }))).toBe(false);
      } finally {
        delete process.env[name];
      }
    });
  });
});
