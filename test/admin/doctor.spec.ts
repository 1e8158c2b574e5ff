import { readFileSync } from 'node:fs';
import { TokenImporter } from '../../src/domain/token-import.js';
import type { Finding } from '../../src/domain/doctor/check.js';
import type { NamedFinding } from '../../src/domain/doctor/doctor.js';
import { ForeignHashes } from '../../src/jobs/foreign-hashes.js';
import type { PasswordHash } from '../../src/domain/password-forms.js';
import { TokenKeyStore } from '../../src/domain/token-key.js';
import { TrafficStore } from '../../src/domain/traffic.js';
import { Database } from '../../src/storage/postgres/database.js';
import { fastForms, FastHasher } from '../provisioning/fast-hasher.js';
import type { AdminTestApp } from '../support/admin.js';
import { TestApp } from '../support/app.js';
import { tester } from '../support/audit.js';
import { client, configuration, type RealmFields } from '../support/configuration.js';
import { tokensInCassandra } from '../support/cassandra.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { fastHashes, slowHashes } from '../support/foreign-hashes.js';

const path = '/admin/v1/doctor';
const day = 86_400_000;

let database: TestDatabase;
let app: TestApp;
let admin: AdminTestApp;

/** Clients with nothing to find, and the one whose tokens ask. */
const plain = (client_id: string) => client({ client_id, grant_types: ['client_credentials'] });
const well: Readonly<Record<string, RealmFields>> = {
  '/': { clients: [{ ...plain('read'), administer: 'read', scopes: ['admin:read'], default_scopes: [] }] },
};

beforeAll(async () => {
  database = await createDatabase();
  const settings = { ...database.settings, AXWAY_REALMS: '/,/alpha,/beta', PURGE_INTERVAL: '60' };
  app = await TestApp.start({ configuration: configuration(well), hasher: new FastHasher(), settings });
  admin = await app.admin();
});
afterEach(() => app.apply(configuration({ ...well, '/alpha': gone, '/beta': gone, '/gamma': gone })));
afterAll(async () => {
  await app.stop();
  await database.drop();
});

const gone: RealmFields = { state: 'absent' };

/** The answer to a question that is too late for an earlier examination. */
async function examined(): Promise<Record<string, unknown>> {
  app.clock.advance(30_000);
  const answer = await admin.get(await admin.token(), path);
  expect(answer.status).toBe(200);
  return answer.json;
}

/** What one check finds now. */
async function finding(check: string): Promise<Finding> {
  const { checks } = (await examined()) as unknown as { checks: NamedFinding[] };
  const { name, ...found } = checks.find((other) => other.name === check)!;
  expect(name).toBe(check);
  return found;
}

it('answers what each check has found, and how old that is', async () => {
  const { checks, status, ...examination } = await examined();
  expect(examination).toEqual({ at: new Date(app.clock.now()).toISOString(), age: 0 });
  const at = app.clock.now();
  app.clock.advance(12_345);
  const again = await admin.get(await admin.token(), path);
  expect(again.json).toEqual({ status, at: new Date(at).toISOString(), age: 12_345, checks });
  expect(again.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  // A test's own server may have any settings, and has another clock than the test.
  const ofServer = ['postgresql', 'clock', 'connections', 'dead-rows'];
  const own = (checks as NamedFinding[]).filter(({ name }) => !ofServer.includes(name));
  expect(own.filter(({ advice }) => advice !== undefined)).toEqual([]);
  expect(own.map((one) => one.status)).toEqual(own.map(() => 'ok'));
});

it('has the checks that the page of the doctor lists, in its order', async () => {
  const page = readFileSync(new URL('../../docs/doctor.md', import.meta.url), 'utf8');
  const listed = [...page.matchAll(/^\| `([a-z-]+)`/gm)].map(([, name]) => name);
  const { checks } = await examined();
  const names = (checks as NamedFinding[]).map(({ name }) => name);
  // That one is about the store of other settings.
  expect(names).toEqual(listed.filter((name) => name !== 'cassandra' || tokensInCassandra));
});

describe('says ok, and otherwise what is found, of', () => {
  it('expired tokens that wait for the purge', async () => {
    expect(await finding('purge')).toEqual({ status: 'ok', found: 'no expired token waits for the purge' });
    const now = app.clock.now();
    const epochs = { realm: 1, client: 1 };
    const token = { realm: '/', clientId: 'read', scope: [], grantType: 'password', authLevel: 0, epochs };
    const expired = {
      ...token,
      hash: Buffer.alloc(32, 1),
      issuedAt: now - day,
      expiresAt: now - 15 * 60_000,
    };
    await app.nest.get(TokenImporter).add({ accessTokens: [expired], refreshTokens: [] });
    expect(await finding('purge')).toEqual({
      status: 'warn',
      found: 'the oldest expired token has waited for the purge for 15 min',
      advice: expect.stringContaining('PURGE_BATCH') as string,
    });
    await app.nest.get(Database).dataSource.query('DELETE FROM access_token');
  });

  it('client secrets of more than a year, and previous ones', async () => {
    const { dataSource } = app.nest.get(Database);
    const made = (ageMs: number) =>
      dataSource.query(`UPDATE client SET secret_created_at = $1 WHERE client_id = 'read'`, [
        new Date(app.clock.now() + 30_000 - ageMs),
      ]);
    await made(365 * day);
    const none = 'no secret of an enabled client is known to be older than a year';
    expect(await finding('client-secrets')).toEqual({
      status: 'ok',
      found: `${none}; 0 previous ones still accepted, 0 previous ones not any more`,
    });
    await made(365 * day + 1);
    const previous = `UPDATE client SET previous_secret_hash = secret_hash, previous_secret_until = $1 WHERE client_id = 'read'`;
    await dataSource.query(previous, [new Date(app.clock.now() + 30_001)]);
    expect(await finding('client-secrets')).toEqual({
      status: 'warn',
      found:
        'the secrets of 1 enabled client (read) are older than a year; 1 previous one still accepted, 0 previous ones not any more',
      advice: 'renew them: symbolon client secret rotate',
    });
    app.clock.advance(1);
    expect((await finding('client-secrets')).found).toContain(
      '0 previous ones still accepted, 1 previous one not',
    );
    await dataSource.query('UPDATE client SET previous_secret_hash = NULL, secret_created_at = NULL');
  });

  it('clients that may use the password grant, or get their codes in clear', async () => {
    const old = { client_id: 'old', grant_types: ['password' as const], redirect_uris: [] };
    const disabled = { ...old, client_id: 'disabled', enabled: false };
    await app.apply(configuration({ '/gamma': { clients: [client(old), client(disabled)] } }));
    expect(await finding('password-grant')).toMatchObject({
      status: 'warn',
      found: '1 enabled client (old) may use the password grant, and so see the passwords of users',
    });
    expect(await finding('insecure-redirects')).toMatchObject({ status: 'ok' });
    const open = {
      client_id: 'open',
      grant_types: ['authorization_code' as const],
      redirect_uris: ['http://app.example.com/'],
      insecure_redirect_uris: true,
    };
    await app.apply(configuration({ '/gamma': { clients: [client(open)] } }));
    expect(await finding('insecure-redirects')).toMatchObject({
      status: 'warn',
      found: '1 enabled client (open) with insecure_redirect_uris: their authorization codes travel in clear',
    });
  });

  it('names that two realms of Axway’s token information share, or a client and a user', async () => {
    const users = [{ username: 'ann', password: 'secret' }];
    const realm = { clients: [plain('app'), plain('12')], users };
    // Nobody asks for the tokens of this one there.
    await app.apply(configuration({ '/alpha': realm, '/gamma': { ...realm, clients: [plain('ann')] } }));
    expect(await finding('shared-names')).toEqual({ status: 'ok', found: 'no name is in two realms' });
    expect(await finding('clients-named-like-users')).toMatchObject({ status: 'ok' });
    await app.apply(configuration({ '/beta': { clients: [...realm.clients, plain('ann')], users } }));
    expect(await finding('shared-names')).toMatchObject({
      status: 'warn',
      found:
        '2 clients (12, app) and 1 user name are in more than one realm, which /api/oauth/tokeninfo cannot tell apart',
    });
    expect(await finding('clients-named-like-users')).toMatchObject({
      status: 'warn',
      found: '1 client (ann) named like a user: /api/oauth/tokeninfo answers the same user_id for both',
    });
  });

  it('hashes of other systems that no server has wrapped', async () => {
    // Neither the file nor this server's job leaves them so.
    await app.nest.get(ForeignHashes, { strict: false }).onApplicationShutdown();
    const users = ['slow', 'fast'].map((username) => ({ username, password_hash: slowHashes.$2b$ }));
    await app.apply(configuration({ '/gamma': { users } }));
    expect(await finding('password-hashes')).toMatchObject({
      status: 'ok',
      found:
        '2 hashes of other systems or costs, which a sign-in replaces; 0 of them quick to guess and not wrapped',
    });
    const { text } = fastForms.accept(fastHashes['{SSHA}']) as PasswordHash;
    const replace = `UPDATE resource_owner SET password_hash = $1 WHERE username = 'fast'`;
    await app.nest.get(Database).dataSource.query(replace, [text]);
    expect(await finding('password-hashes')).toMatchObject({
      status: 'warn',
      found:
        '2 hashes of other systems or costs, which a sign-in replaces; 1 of them quick to guess and not wrapped',
    });
  });

  it('tokens in URLs', async () => {
    const counts = { messages: 1204, successes: 1204, failures: 0, exceptions: 0 };
    const times = { timeSum: 1, timeMin: 1, timeMax: 1 };
    const key = { service: '/oauth2/tokeninfo', method: 'GET query', realm: '/', client: 'ann' };
    const batch = { at: app.clock.now(), rows: [{ ...key, ...counts, ...times }] };
    await app.nest.get(TrafficStore).add([batch], 100);
    const { status, found, advice } = await finding('tokens-in-urls');
    expect({ status, found }).toEqual({
      status: 'warn',
      found: '1,204 messages of the last 5 days had the token in the URL: /oauth2/tokeninfo',
    });
    expect(advice).toContain("--method 'GET query'");
  });

  it('the age of the key that signs, and of the first one at least that of the oldest event', async () => {
    app.clock.advance(91 * day);
    const first = await finding('token-keys');
    expect(first).toEqual({
      status: 'warn',
      found: '1 of at most 64 keys; the one that signs is at least 91 d old',
      advice: 'renew it: symbolon keys rotate',
    });
    await app.nest.get(TokenKeyStore).rotate(app.clock.now(), tester);
    expect(await finding('token-keys')).toMatchObject({ status: 'warn' });
    app.clock.advance(60_000);
    expect(await finding('token-keys')).toEqual({
      status: 'ok',
      found: '2 of at most 64 keys; the one that signs is 60 s old',
    });
  });
});
