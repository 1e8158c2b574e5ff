import { acceptedSecrets, type Client } from '../../src/domain/client.js';
import { type ClientSecretRecords, ClientSecrets } from '../../src/domain/client-secrets.js';
import type { AuditEvent } from '../../src/domain/audit.js';
import { hashGeneratedSecret } from '../../src/domain/secret.js';
import { type SecretUse, SecretUses } from '../../src/domain/secret-uses.js';
import { versionOf } from '../../src/domain/subject-records.js';
import { PostgresAuditLog } from '../../src/storage/postgres/audit-log.js';
import { PostgresClientSecretRecords } from '../../src/storage/postgres/client-secret-records.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { PostgresDirectory } from '../../src/storage/postgres/directory.js';
import { PostgresDirectoryWriter } from '../../src/storage/postgres/directory-writer.js';
import { PostgresSecretUseStore } from '../../src/storage/postgres/secret-use-store.js';
import { fastForms } from '../provisioning/fast-hasher.js';
import { tester } from '../support/audit.js';
import { onServer } from '../support/database.js';
import { fastHashes } from '../support/foreign-hashes.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';
import { aClient, Subjects } from './subjects.js';

const day = 86_400;
const minute = 60_000;
const first = hashGeneratedSecret('first');

let running: RunningDatabase;
let database: Database;
let feed: RecordedChanges;
let subjects: Subjects;
let secrets: ClientSecrets;
let clock: StoppedClock;
let realm: string;

beforeAll(async () => {
  running = await startDatabase();
  database = await openDatabase(patientOptions(running.connection));
});
beforeEach(async () => {
  feed = new RecordedChanges();
  clock = new StoppedClock();
  const writer = new PostgresDirectoryWriter(database, feed);
  subjects = new Subjects(new PostgresDirectory(database), writer);
  secrets = new ClientSecrets(new PostgresClientSecretRecords(database), writer, fastForms, clock);
  realm = await subjects.addRealm();
  await subjects.make({ effect: 'add', client: aClient(realm, { secretHash: first }) });
});
afterAll(async () => {
  await database.dataSource.destroy();
  await running.stop();
});

const change = (version?: string) => ({ realm, clientId: 'client', version, actor: tester });

async function stored(): Promise<Client> {
  const client = await subjects.directory.findClient(realm, 'client');
  if (!client) throw new Error('there is no client');
  return client;
}

async function accepted(): Promise<readonly string[]> {
  return acceptedSecrets(await stored(), clock.now());
}

/** What was recorded of the client's secrets, oldest first. */
async function events(): Promise<Pick<AuditEvent, 'action' | 'changes' | 'epoch'>[]> {
  const listed = await new PostgresAuditLog(database).list({ within: realm, name: 'client', limit: 20 });
  return listed
    .filter(({ action }) => action.startsWith('client.secret_'))
    .reverse()
    .map(({ action, changes, epoch }) => ({ action, changes, epoch }));
}

/** The first reads, as many as stated, wait for one another. */
function readTogether(records: ClientSecretRecords, count: number): ClientSecretRecords {
  let reads = 0;
  let allHaveRead: () => void;
  const all = new Promise<void>((resolve) => (allHaveRead = resolve));
  return {
    async find(...client) {
      const found = await records.find(...client);
      reads += 1;
      if (reads === count) allHaveRead();
      await all;
      return found;
    },
  };
}

describe('a rotation', () => {
  it('gives a new secret, and keeps the old one until the overlap is over, to the millisecond', async () => {
    const before = await stored();
    const { value, secrets: listed } = await secrets.rotate(change(), day);
    const until = clock.now() + day * 1000;
    const second = hashGeneratedSecret(value);
    expect(value).toMatch(/^[\w-]{43}$/);
    expect(await stored()).toEqual({ ...before, secretHash: second, previousSecret: { hash: first, until } });
    expect(listed).toEqual((await secrets.list(realm, 'client')).secrets);
    expect(feed.announced.at(-1)).toEqual({ client: { realm, name: 'client' } });
    clock.advance(day * 1000 - 1);
    expect(await accepted()).toEqual([second, first]);
    expect((await secrets.list(realm, 'client')).secrets.map(({ state }) => state)).toEqual([
      'active',
      'ending',
    ]);
    clock.advance(1);
    expect(await accepted()).toEqual([second]);
    expect((await secrets.list(realm, 'client')).secrets.map(({ state }) => state)).toEqual([
      'active',
      'ended',
    ]);
  });

  it('without overlap ends the old one at once, and with the other the ended one is forgotten', async () => {
    const { value } = await secrets.rotate(change(), 0);
    expect(await accepted()).toEqual([hashGeneratedSecret(value)]);
    await secrets.rotate(change(), 10);
    clock.advance(10_000);
    const { value: last } = await secrets.rotate(change(), 0);
    expect(await stored()).toMatchObject({
      secretHash: hashGeneratedSecret(last),
      previousSecret: undefined,
    });
  });

  it('is refused while there are two secrets, for a public client, and for one that is not there', async () => {
    await secrets.rotate(change(), day);
    const before = await stored();
    await expect(secrets.rotate(change(), 0)).rejects.toMatchObject({ reason: 'two' });
    expect(await stored()).toEqual(before);
    const open = aClient(realm, { clientId: 'open', type: 'public', secretHash: undefined });
    await subjects.make({ effect: 'add', client: open });
    const ofOpen = { ...change(), clientId: 'open' };
    await expect(secrets.rotate(ofOpen, day)).rejects.toMatchObject({ reason: 'public' });
    const ofNobody = { ...change(), clientId: 'nobody' };
    await expect(secrets.rotate(ofNobody, day)).rejects.toMatchObject({ reason: 'missing' });
  });

  it.each([0, day])('is made by one of ten at once, with the overlap %d', async (overlap) => {
    // Otherwise one that is late could read what another one has changed already, and change it once more.
    const records = readTogether(new PostgresClientSecretRecords(database), 10);
    const together = new ClientSecrets(records, subjects.writer, fastForms, clock);
    const rotations = Array.from({ length: 10 }, () => together.rotate(change(), overlap));
    const outcomes = await Promise.allSettled(rotations);
    const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(won.map(({ value: { value } }) => hashGeneratedSecret(value))).toEqual([
      (await stored()).secretHash,
    ]);
    const reasons = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [(outcome.reason as { reason: string }).reason] : [],
    );
    expect(reasons.filter((reason) => reason !== 'two' && reason !== 'changed')).toEqual([]);
  });

  it('for a version that is over is refused', async () => {
    const { version } = await secrets.list(realm, 'client');
    const rotated = await secrets.rotate(change(version), day);
    expect(rotated.version).not.toBe(version);
    await expect(secrets.rotate(change(version), day)).rejects.toMatchObject({ reason: 'stale' });
    await expect(secrets.end(change(version), 'previous')).rejects.toMatchObject({ reason: 'stale' });
    expect((await secrets.end(change(rotated.version), 'previous')).secrets).toHaveLength(1);
  });

  it('keeps an imported hash that is quick to guess wrapped', async () => {
    const imported = fastForms.accept(fastHashes['{SSHA}']);
    if ('refused' in imported) throw new Error(imported.refused);
    const client = aClient(realm, { secretHash: imported.text });
    await subjects.make({ effect: 'endTokens', client });
    await secrets.rotate(change(), day);
    const hash = (await stored()).previousSecret?.hash ?? '';
    expect(fastForms.read(hash)).toMatchObject({ wrapped: true });
    expect(await fastForms.wraps(hash, imported)).toBe(true);
  });
});

describe('the end of a secret', () => {
  it('is that of the previous one, at once; the current one is refused', async () => {
    const { value } = await secrets.rotate(change(), day);
    await expect(secrets.end(change(), 'current')).rejects.toMatchObject({ reason: 'current' });
    await expect(secrets.end(change(), 'other')).rejects.toMatchObject({ reason: 'missing' });
    await secrets.end(change(), 'previous');
    expect(await accepted()).toEqual([hashGeneratedSecret(value)]);
    await expect(secrets.end(change(), 'previous')).rejects.toMatchObject({ reason: 'missing' });
  });

  it('comes with another secret of a file, but not with another change', async () => {
    await secrets.rotate(change(), day);
    const before = await stored();
    await subjects.make({ effect: 'update', client: { ...before, name: 'renamed' }, before });
    expect(await accepted()).toHaveLength(2);
    const overruled = { ...(await stored()), secretHash: 'argon', previousSecret: undefined };
    await subjects.make({ effect: 'endTokens', client: overruled, before: await stored() });
    expect(await stored()).toMatchObject({ secretHash: 'argon', previousSecret: undefined });
  });

  it('is known of one that is older than its times, as a node of the version before leaves it', async () => {
    await database.dataSource.query('UPDATE client SET secret_created_at = NULL WHERE realm = $1', [realm]);
    const { secrets: listed } = await secrets.rotate(change(), day);
    expect(listed).toEqual([
      { id: 'current', createdAt: clock.now(), state: 'active' },
      { id: 'previous', until: clock.now() + day * 1000, state: 'ending' },
    ]);
  });

  it('comes when a node of the version before replaces the current one', async () => {
    await secrets.rotate(change(), day);
    await database.dataSource.query(
      `UPDATE client SET secret_hash = '$argon2id$', epoch = nextval('epoch') WHERE realm = $1`,
      [realm],
    );
    expect(await accepted()).toEqual(['$argon2id$']);
  });
});

it('the events tell until when, never a hash, and give no epoch', async () => {
  await secrets.rotate(change(), day);
  const until = '2026-01-02T00:00:00.000Z';
  clock.advance(1);
  await secrets.end(change(), 'previous');
  clock.advance(1);
  await secrets.rotate(change(), 0);
  const recorded = await events();
  // The last two are of one moment.
  recorded.splice(2, 2, ...recorded.slice(2).sort((one, other) => one.action.localeCompare(other.action)));
  expect(recorded).toEqual([
    { action: 'client.secret_added', changes: { until: { old: null, new: until } }, epoch: undefined },
    { action: 'client.secret_ended', changes: { until: { old: until, new: null } }, epoch: undefined },
    ...['client.secret_added', 'client.secret_ended'].map((action) => ({
      action,
      changes: {},
      epoch: undefined,
    })),
  ]);
});

describe('the last use of a secret', () => {
  let uses: SecretUses;
  beforeEach(() => {
    uses = new SecretUses(new PostgresSecretUseStore(database), clock);
  });

  const listed = async () =>
    (await secrets.list(realm, 'client')).secrets.map(({ createdAt, lastUsedAt }) => [createdAt, lastUsedAt]);

  it('is stored to the minute, for each of both, and follows its secret when that is replaced', async () => {
    const created = clock.now();
    clock.advance(90_000);
    uses.note(await stored(), first);
    const rotatedAt = clock.now();
    const { value } = await secrets.rotate(change(), day);
    expect(await listed()).toEqual([
      [rotatedAt, undefined],
      [created, undefined],
    ]);
    await uses.flush();
    expect(await listed()).toEqual([
      [rotatedAt, undefined],
      [created, created + minute],
    ]);
    clock.advance(minute);
    uses.note(await stored(), hashGeneratedSecret(value));
    uses.note(await stored(), first);
    await uses.flush();
    expect(await listed()).toEqual([
      [rotatedAt, created + 2 * minute],
      [created, created + 2 * minute],
    ]);
  });

  it('never goes back, and changes no version and no cached copy', async () => {
    const store = new PostgresSecretUseStore(database);
    const version = versionOf({ subject: await stored() });
    const { version: ofSecrets } = await secrets.list(realm, 'client');
    const announced = feed.announced.length;
    const use = (at: number): SecretUse => ({ realm, clientId: 'client', hash: first, at });
    for (const at of [2 * minute, minute]) expect(await store.record([use(at)])).toEqual([]);
    expect(await store.record([{ ...use(3 * minute), clientId: 'gone' }])).toEqual([]);
    expect((await listed()).map(([, at]) => at)).toEqual([2 * minute]);
    expect(versionOf({ subject: await stored() })).toBe(version);
    expect((await secrets.list(realm, 'client')).version).toBe(ofSecrets);
    expect(feed.announced).toHaveLength(announced);
  });

  // The embedded database has one session: nobody else can hold a row.
  (onServer ? it : it.skip)(
    'waits for nobody who holds the client, and is stored by the next flush',
    async () => {
      uses.note(await stored(), first);
      const holder = database.dataSource.createQueryRunner();
      await holder.startTransaction();
      await holder.query('SELECT FROM client WHERE realm = $1 FOR UPDATE', [realm]);
      await uses.flush();
      await holder.rollbackTransaction();
      await holder.release();
      expect((await listed()).map(([, at]) => at)).toEqual([undefined]);
      await uses.flush();
      expect((await listed()).map(([, at]) => at)).toEqual([clock.now()]);
    },
  );
});
