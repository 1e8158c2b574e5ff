import { hash as bcrypt } from '@node-rs/bcrypt';
import { jest } from '@jest/globals';
import { DataSource } from 'typeorm';
import { Overloaded, StoreUnavailable } from '../../src/domain/oauth-error.js';
import { PasswordUpgrades } from '../../src/domain/password-upgrade.js';
import type { Turn } from '../../src/domain/secret.js';
import { AnyFormHasher } from '../../src/hashing/known-forms.js';
import { TestApp } from '../support/app.js';
import {
  appCredentials,
  client,
  type ClientFields,
  configuration,
  type RealmFields,
} from '../support/configuration.js';
import { fastHashes, password, slowHashes, ssha } from '../support/foreign-hashes.js';
import { failedClient, members, postForm, refusal, success } from '../support/token-endpoint.js';

const path = '/oauth2/access_token';
const refused = refusal('invalid_grant', 'The resource owner credentials are invalid.');
const current = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/;

/** The real one; it counts the hashes that it makes of the password, and its checks of it, and may be full. */
class CountingHasher extends AnyFormHasher {
  hashed = 0;
  checked = 0;
  full = false;

  override async hash(text: string, turn?: Turn): Promise<string> {
    if (this.full && turn) throw new Overloaded('full');
    if (text === password) this.hashed += 1;
    return super.hash(text);
  }

  override verify(stored: string, text: string): Promise<boolean> {
    if (text === password) this.checked += 1;
    return super.verify(stored, text);
  }
}

const hasher = new CountingHasher();
/** Without refresh tokens. */
const grant_types = ['password', 'client_credentials'] as ClientFields['grant_types'];
const long = 'x'.repeat(72);
const hashes = { ...fastHashes, ...slowHashes };

let app: TestApp;
let database: DataSource;
let upgrades: PasswordUpgrades;

beforeAll(async () => {
  app = await TestApp.start({
    hasher,
    configuration: configuration({ '/': { clients: [client({ grant_types, introspect: 'realm' })] } }),
  });
  database = app.nest.get(DataSource);
  upgrades = app.nest.get(PasswordUpgrades);
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => app.stop());

function apply(fields: RealmFields): Promise<void> {
  return app.apply(configuration({ '/': fields }));
}

function signIn(username: string, secret = password) {
  const form = { grant_type: 'password', username, password: secret, ...appCredentials };
  return postForm(app, path, form);
}

function askAs(clientId: string, secret = password) {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: secret };
  return postForm(app, path, form);
}

async function isLive(token: string): Promise<boolean> {
  const answer = await postForm(app, '/oauth2/introspect', { token, ...appCredentials });
  expect(answer.status).toBe(200);
  return (JSON.parse(answer.body) as { active: boolean }).active;
}

/** The stored hash of a user, or of a client. */
async function hashOf(name: string, kind: 'user' | 'client' = 'user'): Promise<string> {
  const statement =
    kind === 'user'
      ? `SELECT password_hash AS hash FROM resource_owner WHERE realm = '/' AND username = $1`
      : `SELECT secret_hash AS hash FROM client WHERE realm = '/' AND client_id = $1`;
  const [row]: { hash: string }[] = await database.query(statement, [name]);
  return row.hash;
}

async function auditEvents(): Promise<unknown> {
  return database.query('SELECT count(*) FROM audit_event');
}

it('users with imported hashes sign in, get hashes of the server’s own, and keep their tokens', async () => {
  const file = Object.values(hashes).map((hash, i) => ({ username: `user-${i}`, password_hash: hash }));
  await apply({ users: file });
  const tokens = new Map<string, string>();
  const events = await auditEvents();
  for (const { username } of file) {
    expect(await signIn(username, 'wrong')).toEqual(refused);
    expect(await hashOf(username)).not.toMatch(current);
    tokens.set(username, members(await signIn(username)).access_token);
    expect(await hashOf(username)).toMatch(current);
    expect(await signIn(username)).toEqual(success('read'));
    expect(await signIn(username, 'wrong')).toEqual(refused);
  }
  // An upgrade changes nothing that an operator has decided.
  expect(await auditEvents()).toEqual(events);

  // Another file with the same hashes: the same one would not be looked at.
  await apply({ auth_level: 1, users: file });
  for (const [username, token] of tokens) {
    expect(await hashOf(username)).toMatch(current);
    expect(await isLive(token)).toBe(true);
  }
  await apply({ users: file.map(({ username }) => ({ username, password_hash: ssha('another') })) });
  for (const token of tokens.values()) expect(await isLive(token)).toBe(false);
  expect(await signIn('user-0')).toEqual(refused);
});

it.each([fastHashes['{SSHA512}'], slowHashes['{BCRYPT}']])(
  'a client with the imported hash %s is believed, and gets a hash of the server’s own',
  async (hash) => {
    const id = `client-${hash.slice(1, 6)}`;
    await apply({ clients: [client({ client_id: id, client_secret_hash: hash, grant_types })] });
    expect(await askAs(id, 'wrong')).toEqual(failedClient('/'));
    const { access_token: token } = members(await askAs(id));
    expect(await hashOf(id, 'client')).toMatch(current);
    const before = [hasher.hashed, hasher.checked];
    expect(await askAs(id)).toEqual(success('read'));
    // The secret is remembered as right, though its hash is another one now: it is no attempt.
    expect([hasher.hashed, hasher.checked]).toEqual(before);
    expect(await isLive(token)).toBe(true);
  },
);

it('fifty first sign-ins at once: all are let in, one hash is made, and all tokens live', async () => {
  await apply({ users: [{ username: 'crowd', password_hash: slowHashes.$2y$ }] });
  const before = hasher.hashed;
  const answers = await Promise.all(Array.from({ length: 50 }, () => signIn('crowd')));
  expect(hasher.hashed - before).toBe(1);
  expect(await hashOf('crowd')).toMatch(current);
  for (const answer of answers) expect(await isLive(members(answer).access_token)).toBe(true);
});

it('a password that bcrypt does not read to its end is verified, and never stored', async () => {
  const hash = await bcrypt(long, 4);
  await apply({ users: [{ username: 'long', password_hash: hash }] });
  expect(await signIn('long', `${long}y`)).toEqual(success('read'));
  expect(await hashOf('long')).toBe(hash);
  expect(await signIn('long', long)).toEqual(success('read'));
  expect(await hashOf('long')).toMatch(current);
  expect(await signIn('long', `${long}y`)).toEqual(refused);
});

it('a sign-in is let in when the new hash cannot be stored, and the next one tries again', async () => {
  await apply({ users: [{ username: 'unlucky', password_hash: slowHashes.$2y$ }] });
  jest.spyOn(upgrades, 'replace').mockRejectedValueOnce(new StoreUnavailable(new Error('away')));
  const lines = app.logged.length;
  expect(await signIn('unlucky')).toEqual(success('read'));
  expect(await hashOf('unlucky')).toBe(slowHashes.$2y$);
  expect(app.logged.slice(lines).join()).toContain('store unavailable');
  expect(await signIn('unlucky')).toEqual(success('read'));
  expect(await hashOf('unlucky')).toMatch(current);
});

it('a sign-in is let in when there is no time to make the new hash, and the next one tries again', async () => {
  await apply({ users: [{ username: 'hurried', password_hash: slowHashes.$2y$ }] });
  const lines = app.logged.length;
  hasher.full = true;
  expect(await signIn('hurried')).toEqual(success('read'));
  hasher.full = false;
  expect(await hashOf('hurried')).toBe(slowHashes.$2y$);
  // Nothing is wrong.
  expect(app.logged.slice(lines)).toEqual([]);
  expect(await signIn('hurried')).toEqual(success('read'));
  expect(await hashOf('hurried')).toMatch(current);
});

it('a password that is changed during the first sign-in wins', async () => {
  await apply({ users: [{ username: 'racer', password_hash: slowHashes.$2y$ }] });
  const replace = upgrades.replace.bind(upgrades);
  jest.spyOn(upgrades, 'replace').mockImplementationOnce(async (...args) => {
    await apply({ users: [{ username: 'racer', password: 'the new one' }] });
    return replace(...args);
  });
  // Its token ends with the change.
  expect(await isLive(members(await signIn('racer')).access_token)).toBe(false);
  expect(await signIn('racer')).toEqual(refused);
  expect(await signIn('racer', 'the new one')).toEqual(success('read'));
});

it('a disabled user is refused as any other, and keeps the hash', async () => {
  await apply({ users: [{ username: 'off', password_hash: slowHashes.$2y$, enabled: false }] });
  expect(await signIn('off')).toEqual(refused);
  expect(await hashOf('off')).toBe(slowHashes.$2y$);
});

it('the hashes of a large file are wrapped while the server serves', async () => {
  const users = Array.from({ length: 103 }, (_, i) => ({
    username: `many-${i}`,
    password_hash: ssha(`password ${i}`, `salt${i}`),
  }));
  await apply({ users });
  const plain = () =>
    database.query<unknown[]>(`SELECT 1 FROM resource_owner WHERE password_hash LIKE '$ssha%'`);
  expect(await signIn('many-102', 'password 102')).toEqual(success('read'));
  while ((await plain()).length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await hashOf('many-101')).toMatch(/^\$wrapped\$ssha\$/);
  expect(await hashOf('many-102')).toMatch(current);
  expect(await signIn('many-101', 'password 101')).toEqual(success('read'));
  expect(await hashOf('many-101')).toMatch(current);
  await apply({ auth_level: 1, users });
  expect(await hashOf('many-101')).toMatch(current);
  expect(app.logged.join()).toContain('imported hashes wrapped');
});
