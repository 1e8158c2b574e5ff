import { userInfo } from 'node:os';
import { hashToken, tokenId } from '../../src/domain/access-token.js';
import { type AuditEvent, AuditLog } from '../../src/domain/audit.js';
import { Directory } from '../../src/domain/directory.js';
import { DirectoryWriter } from '../../src/domain/directory-writer.js';
import { TokenRecords } from '../../src/domain/token-record.js';
import { Provisioner } from '../../src/provisioning/apply.js';
import { Database } from '../../src/storage/postgres/database.js';
import { TestApp } from '../support/app.js';
import { client, configuration } from '../support/configuration.js';
import { createDatabase, temporaryFolder, type TestDatabase } from '../support/database.js';
import { askForgeRock } from '../support/tokeninfo.js';
import { commandLine } from './command-line.js';
import { symbolon } from './symbolon.js';

let database: TestDatabase;
let app: TestApp;
let env: Readonly<Record<string, string>>;

const admin = client({ client_id: 'symbolon-admin', scopes: ['admin'], default_scopes: [] });
const file = configuration({
  '/': { clients: [client()] },
  '/alpha': {},
  '/reading': { clients: [{ ...admin, administer: 'read' }] },
  '/nothing': { clients: [admin] },
  '/off': { clients: [{ ...admin, administer: 'write', enabled: false }] },
  '/closed': { enabled: false },
});

beforeAll(async () => {
  database = await createDatabase();
  app = await TestApp.start({ settings: database.settings, configuration: file });
  env = { CONFIG_FILE: 'any', ...database.settings };
  // The command has a clock of its own, which does not stand still.
  app.clock.setBack(app.clock.now() - Date.now());
});

afterAll(async () => {
  await app.stop();
  await database.drop();
});

const adminToken = (...args: string[]) => commandLine(['admin-token', ...args], { env });

/** Issues a token that is printed alone. */
async function issue(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await adminToken(...args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^sya_[A-Za-z0-9_-]{54}\n$/);
  return stdout.trimEnd();
}

/** Events of the admin client of a realm, oldest first. */
async function events(realm: string): Promise<AuditEvent[]> {
  const query = { within: '/', realm, name: 'symbolon-admin', limit: 200 };
  return (await app.nest.get(AuditLog).list(query)).reverse();
}

it('registers its client with the first token, which is active at a running server', async () => {
  const before = await app.nest.get(DirectoryWriter).state();
  const { stdout } = await symbolon(['admin-token'], { env });
  const token = stdout.trimEnd();
  expect((await askForgeRock(app, token)).status).toBe(200);
  expect(await app.nest.get(Directory).findClient('/', 'symbolon-admin')).toMatchObject({
    type: 'confidential',
    secretHash: undefined,
    grantTypes: [],
    scopes: ['admin', 'admin:read'],
    defaultScopes: [],
    administer: 'write',
    enabled: true,
  });
  const actor = { kind: 'cli', name: userInfo().username };
  const id = tokenId(token);
  const { token: stored } = (await app.nest.get(TokenRecords).findAccessToken(hashToken(token)))!;
  expect(stored).toMatchObject({ username: undefined, scope: ['admin'], grantType: 'admin_token' });
  expect(stored.expiresAt).toBe(Math.ceil(stored.issuedAt / 1000 + 3600) * 1000);
  const expires_at = new Date(stored.expiresAt).toISOString();
  expect(await events('/')).toMatchObject([
    { actor, action: 'client.created', epoch: expect.any(Number), changes: { administer: { new: 'write' } } },
    { actor, action: 'admin_token.issued', tokenId: id, changes: { scope: ['admin'], expires_at } },
  ]);
  const after = await app.nest.get(DirectoryWriter).state();
  expect(after).toEqual({ ...before, revision: before.revision + 1 });
  const source = { file: 'again.yaml', text: file };
  expect(await app.nest.get(Provisioner).apply(source, {}, { kind: 'file', name: '' })).toEqual({
    skipped: true,
  });
});

it('finds the client of an earlier token', async () => {
  await issue('--realm', '/alpha');
  const { revision } = await app.nest.get(DirectoryWriter).state();
  await issue('--realm', '/alpha', '--expires', '2592000');
  expect((await app.nest.get(DirectoryWriter).state()).revision).toBe(revision);
  const actions = (await events('/alpha')).map(({ action }) => action);
  expect(actions).toEqual(['client.created', 'admin_token.issued', 'admin_token.issued']);
});

it('registers its client again after a file has removed it, which ends the earlier tokens', async () => {
  const earlier = await issue('--realm', '/alpha');
  await app.apply(
    configuration({ '/alpha': { clients: [{ client_id: 'symbolon-admin', state: 'absent' }] } }),
  );
  const later = await issue('--realm', '/alpha');
  const path = '/oauth2/realms/root/realms/alpha/tokeninfo';
  expect((await askForgeRock(app, earlier, path)).status).toBe(401);
  expect((await askForgeRock(app, later, path)).status).toBe(200);
});

it('--read issues a token that may only look; --json tells all about it on one line', async () => {
  const { status, stdout } = await adminToken('--read', '--realm', '/reading', '--expires', '60', '--json');
  expect(status).toBe(0);
  expect(stdout.match(/\n/g)).toHaveLength(1);
  const answer = JSON.parse(stdout);
  expect(answer).toEqual({
    access_token: expect.stringMatching(/^sya_/),
    token_type: 'Bearer',
    scope: 'admin:read',
    realm: '/reading',
    expires_in: 60,
    token_id: tokenId(answer.access_token),
  });
  expect(await events('/reading')).toContainEqual(expect.objectContaining({ tokenId: answer.token_id }));
});

it('stores no token but by its hash', async () => {
  const token = await issue();
  const read = <Row extends object>(from: string, text: string) =>
    app.nest.get(Database).read<Row>({ name: `texts_of_${from}`, text }, []);
  const tables = await read<{ name: string }>(
    'tables',
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
  );
  const rows = await Promise.all(
    tables.map(({ name }) => read<{ text: string }>(name, `SELECT t::text AS text FROM "${name}" t`)),
  );
  const stored = rows.flat().map(({ text }) => text);
  const holding = (text: string) => stored.filter((row) => row.includes(text)).length;
  expect(holding(token.slice(4, 40))).toBe(0);
  expect(holding(hashToken(token).toString('hex'))).toBe(1);
  expect(holding(tokenId(token))).toBe(1);
});

const ofClient = (realm: string) => `the client symbolon-admin of the realm ${realm}`;

it.each([
  [['--realm', '/unknown'], 'there is no realm /unknown; apply a configuration file that has it'],
  [['--realm', '/closed'], 'the realm /closed is disabled; enable it'],
  [['--realm', '/off'], `${ofClient('/off')} is disabled; enable it`],
  [
    ['--realm', '/reading'],
    `${ofClient('/reading')} has administer: read; make it write, or ask for a token that may only read`,
  ],
  [['--realm', '/nothing', '--read'], `${ofClient('/nothing')} has administer: none; make it read or write`],
  [
    ['--realm', '/reading', '--read', '--expires', '3601'],
    `${ofClient('/reading')} has access_token_lifetime: 3600; raise it, or ask for a shorter time`,
  ],
])('exits with 1 for %j, and says what to do', async (args, reason) => {
  const ended = await adminToken(...args);
  expect(ended).toEqual({ status: 1, stdout: '', stderr: `symbolon: no admin token: ${reason}\n` });
});

it.each([
  ['--realm', 'alpha'],
  ['--expires', '59'],
  ['--expires', '2592001'],
  ['--expires', '1e3'],
])('exits with 2 for %s %s', async (...args) => {
  const { status, stdout, stderr } = await adminToken(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(new RegExp(`^symbolon: option '${args[0]} [^\n]+\n$`));
});

it('exits with 2 where tokens are kept in memory', async () => {
  const DATA_DIR = await temporaryFolder();
  const ended = await commandLine(['admin-token'], { env: { DATA_DIR, TOKEN_STORE: 'memory' } });
  const stderr = "symbolon: TOKEN_STORE: tokens that are kept in a server's memory cannot be issued\n";
  expect(ended).toEqual({ status: 2, stdout: '', stderr });
});

it('exits with 3 when the database is unreachable', async () => {
  const DATABASE_URL = 'postgres://symbolon:s3cret@127.0.0.1:1/symbolon';
  const { status, stdout, stderr } = await commandLine(['admin-token'], { env: { DATABASE_URL } });
  expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  expect(stderr).toMatch(/^symbolon: [^\n]*the database cannot be reached \(ECONNREFUSED\): [^\n]+\n$/);
});
