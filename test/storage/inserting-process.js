// Runs as a separate process: starts the embedded database in the given folder, and stores tokens in it until
// it is killed. It prints the hash of each stored token in hexadecimal, one a line.
import { createHash, randomBytes } from 'node:crypto';

/** @param {string} file */
const built = (file) => import(new URL(`../../dist/src/storage/${file}.js`, import.meta.url).href);

const { embeddedLogin, startEmbedded } = await built('embedded/embedded-database');
const { dataSourceOptions, openDataSource } = await built('postgres/data-source');
const { Database } = await built('postgres/database');
const { PostgresAccessTokenStore } = await built('postgres/access-token-store');

const { host } = await startEmbedded(process.argv[2]);
const options = dataSourceOptions({ host, ...embeddedLogin }, 4);
const dataSource = await openDataSource({ ...options, connectTimeoutMS: 15_000 });
const store = new PostgresAccessTokenStore(new Database(dataSource, { namedStatements: false }));

async function insertForEver() {
  for (;;) {
    const hash = createHash('sha256').update(randomBytes(32)).digest();
    await store.insert({
      hash,
      realm: '/',
      clientId: 'client',
      scope: ['read'],
      grantType: 'client_credentials',
      authLevel: 0,
      issuedAt: 0,
      expiresAt: 3600_000,
      epochs: { realm: 1, client: 2 },
    });
    process.stdout.write(`${hash.toString('hex')}\n`);
  }
}

await Promise.all([insertForEver(), insertForEver(), insertForEver()]);
