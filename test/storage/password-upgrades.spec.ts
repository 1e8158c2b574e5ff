import pg from 'pg';
import type { SecretOwner } from '../../src/domain/secret.js';
import type { OwnedHash } from '../../src/domain/password-upgrade.js';
import { AnyFormHasher, KnownForms } from '../../src/hashing/known-forms.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { PostgresDirectory } from '../../src/storage/postgres/directory.js';
import { PostgresDirectoryWriter } from '../../src/storage/postgres/directory-writer.js';
import {
  foreignHashStatements,
  PostgresPasswordUpgrades,
} from '../../src/storage/postgres/password-upgrades.js';
import { channel } from '../../src/storage/postgres/notification.js';
import { onServer } from '../support/database.js';
import { fastHashes, slowHashes } from '../support/foreign-hashes.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { explain, nodesOf, planModes, rowsRead } from './query-plans.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';
import { aClient, anOwner, Subjects } from './subjects.js';

const forms = new KnownForms(new AnyFormHasher());

let running: RunningDatabase;
let database: Database;
let feed: RecordedChanges;
let subjects: Subjects;
let upgrades: PostgresPasswordUpgrades;
let realm: string;

beforeAll(async () => {
  running = await startDatabase();
  database = await openDatabase(patientOptions(running.connection));
});
beforeEach(async () => {
  await database.dataSource.query('DELETE FROM client');
  await database.dataSource.query('DELETE FROM resource_owner');
  feed = new RecordedChanges();
  const writer = new PostgresDirectoryWriter(database, feed);
  subjects = new Subjects(new PostgresDirectory(database), writer);
  upgrades = new PostgresPasswordUpgrades(database, feed);
  realm = await subjects.addRealm();
});
afterAll(async () => {
  await database.dataSource.destroy();
  await running.stop();
});

/** As it is stored. */
function stored(text: string): string {
  const hash = forms.accept(text);
  if ('refused' in hash) throw new Error(hash.refused);
  return hash.text;
}

const bcrypt = stored(slowHashes.$2b$);
const ssha = stored(fastHashes['{SSHA}']);
const own = await new AnyFormHasher().hash('own');

/** Adds a user and a client with this hash, of the same name. */
async function add(name: string, hash: string): Promise<void> {
  await subjects.make(
    { effect: 'add', resourceOwner: anOwner(realm, { username: name, passwordHash: hash }) },
    { effect: 'add', client: aClient(realm, { clientId: name, secretHash: hash }) },
  );
}

function owner(kind: SecretOwner['kind'], name = 'ann'): SecretOwner {
  return { kind, realm, name };
}

/** What is stored of ann. */
async function found(kind: SecretOwner['kind']) {
  if (kind === 'user') {
    const { passwordHash, importedHash, epoch } = (await subjects.directory.findResourceOwner(realm, 'ann'))!;
    return { hash: passwordHash, record: importedHash, epoch };
  }
  const { secretHash, importedHash, epoch } = (await subjects.directory.findClient(realm, 'ann'))!;
  return { hash: secretHash, record: importedHash, epoch };
}

describe.each(['user', 'client'] as const)('the hash of a %s', (kind) => {
  it('is replaced while it is the stored one; the epoch and the revision stay, and nodes are told', async () => {
    await add('ann', bcrypt);
    const { epoch } = await found(kind);
    const { revision } = await subjects.writer.state();
    feed.announced.length = 0;
    expect(await upgrades.replace(owner(kind), bcrypt, { hash: own, record: 'one' })).toBe(true);
    expect(await found(kind)).toEqual({ hash: own, record: 'one', epoch });
    expect(await subjects.writer.state()).toMatchObject({ revision });
    const name = { realm, name: 'ann' };
    expect(feed.announced).toEqual([kind === 'user' ? { resourceOwner: name } : { client: name }]);
  });

  // The embedded database has one session for all connections, and no LISTEN.
  (onServer ? it : it.skip)('is replaced together with the notification of the other nodes', async () => {
    await add('ann', bcrypt);
    const { url } = running.connection as { url: string };
    const node = new pg.Client(url);
    await node.connect();
    const told: string[] = [];
    node.on('notification', ({ payload = '' }) => told.push(payload));
    await node.query(`LISTEN ${channel}`);
    expect(await upgrades.replace(owner(kind), ssha, { hash: own })).toBe(false);
    expect(await upgrades.replace(owner(kind), bcrypt, { hash: own })).toBe(true);
    await node.query('SELECT 1');
    const name = { realm, name: 'ann' };
    expect(told.map((payload) => JSON.parse(payload) as unknown)).toEqual([
      kind === 'user' ? { resourceOwner: name } : { client: name },
    ]);
    await node.end();
  });

  it('is not replaced when it is another one, or nobody’s', async () => {
    await add('ann', bcrypt);
    const before = await found(kind);
    expect(await upgrades.replace(owner(kind), ssha, { hash: own })).toBe(false);
    expect(await upgrades.replace(owner(kind, 'bob'), bcrypt, { hash: own })).toBe(false);
    expect(await found(kind)).toEqual(before);
  });

  it('is replaced by one of many at the same time', async () => {
    await add('ann', bcrypt);
    const all = Array.from({ length: 10 }, (_, i) =>
      upgrades.replace(owner(kind), bcrypt, { hash: `${own}-${i}` }),
    );
    expect((await Promise.all(all)).filter(Boolean)).toHaveLength(1);
  });

  it('keeps the first record', async () => {
    await add('ann', ssha);
    await upgrades.replace(owner(kind), ssha, { hash: bcrypt });
    expect(await found(kind)).toMatchObject({ record: undefined });
    await upgrades.replace(owner(kind), bcrypt, { hash: own, record: 'one' });
    await upgrades.replace(owner(kind), own, { hash: 'another', record: 'two' });
    expect(await found(kind)).toMatchObject({ hash: 'another', record: 'one' });
  });

  it('stays what a sign-in has made it when a change that was planned before keeps the old one', async () => {
    await add('ann', bcrypt);
    const before =
      kind === 'user'
        ? await subjects.directory.findResourceOwner(realm, 'ann')
        : await subjects.directory.findClient(realm, 'ann');
    await upgrades.replace(owner(kind), bcrypt, { hash: own, record: 'one' });
    const [one, other] = [true, false].map((enabled) =>
      kind === 'user'
        ? ({
            effect: enabled ? 'update' : 'endTokens',
            resourceOwner: anOwner(realm, { username: 'ann', passwordHash: bcrypt, enabled }),
            before,
          } as never)
        : ({
            effect: enabled ? 'update' : 'endTokens',
            client: aClient(realm, { clientId: 'ann', secretHash: bcrypt, enabled }),
            before,
          } as never),
    );
    await subjects.make(one);
    expect(await found(kind)).toMatchObject({ hash: own, record: 'one' });
    await subjects.make(other);
    expect(await found(kind)).toMatchObject({ hash: own, record: 'one' });
  });

  it('is overwritten, with its record, by a change that was planned with another one', async () => {
    await add('ann', bcrypt);
    await upgrades.replace(owner(kind), bcrypt, { hash: own, record: 'one' });
    await subjects.make(
      kind === 'user'
        ? { effect: 'endTokens', resourceOwner: anOwner(realm, { username: 'ann', passwordHash: ssha }) }
        : { effect: 'endTokens', client: aClient(realm, { clientId: 'ann', secretHash: ssha }) },
    );
    expect(await found(kind)).toMatchObject({ hash: ssha, record: undefined });
  });
});

describe('the hashes that the server would not make itself', () => {
  const all = Object.values({ ...fastHashes, ...slowHashes }).map(stored);
  const classes = new Map(all.map((text) => [`${forms.read(text)!.form} ${forms.read(text)!.cost}`, text]));

  it('has an example of each class and realm, and none of the server’s own', async () => {
    const wrapped = await forms.wrap(forms.read(ssha)!);
    for (const [i, hash] of [...all, wrapped, own].entries()) await add(`a-${i}`, hash);
    const elsewhere = await subjects.addRealm();
    await subjects.make({
      effect: 'add',
      client: aClient(elsewhere, { secretHash: `sha256:${'A'.repeat(43)}` }),
    });
    await subjects.make({ effect: 'add', resourceOwner: anOwner(elsewhere, { passwordHash: bcrypt }) });
    const examples = await upgrades.examples();
    for (const kind of ['user', 'client'] as const) {
      const here = examples.filter(({ owner }) => owner.kind === kind && owner.realm === realm);
      const found = here.map(({ hash }) => forms.read(hash)!);
      expect(new Set(found.map(({ form, cost }) => `${form} ${cost}`))).toEqual(
        new Set([...classes.keys(), `${forms.read(wrapped)!.form} ${forms.read(wrapped)!.cost}`]),
      );
    }
    expect(examples.filter(({ owner }) => owner.realm === elsewhere)).toEqual([
      { owner: { kind: 'user', realm: elsewhere, name: 'owner' }, hash: bcrypt },
    ]);
  });

  it('has examples of the secrets that clients had before, for refusals take the time of those, too', async () => {
    const client = aClient(realm, { secretHash: `sha256:${'A'.repeat(43)}` });
    await subjects.make({ effect: 'add', client });
    const before = (await subjects.directory.findClient(realm, client.clientId))!;
    const previousSecret = { hash: bcrypt, until: 1 };
    await subjects.make({ effect: 'update', client: { ...client, previousSecret }, before });
    expect(await upgrades.examples()).toEqual([
      { owner: { kind: 'client', realm, name: client.clientId }, hash: bcrypt },
    ]);
  });

  it('are listed by class, page by page, in order', async () => {
    for (let i = 0; i < 5; i += 1) await add(`a-${i}`, ssha);
    await add('b', stored(fastHashes['{SSHA512}']));
    await add('c', await forms.wrap(forms.read(ssha)!));
    const example: OwnedHash = { owner: owner('user', 'a-3'), hash: ssha };
    const names: string[] = [];
    for (let after: SecretOwner | undefined; ;) {
      const page = await upgrades.alike(example, after, 2);
      if (page.length === 0) break;
      expect(page.length).toBeLessThanOrEqual(2);
      names.push(...page.map(({ owner: { name } }) => name));
      after = page[page.length - 1].owner;
    }
    expect(names).toEqual(['a-0', 'a-1', 'a-2', 'a-3', 'a-4']);
  });

  it.each(planModes)('are found by their index among many (%s)', async (mode) => {
    await add('ann', own);
    await database.dataSource.query(
      `INSERT INTO resource_owner (realm, username, password_hash, attributes, enabled, epoch)
        SELECT $1, 'u' || n, CASE n % 2 WHEN 0 THEN $2 WHEN 1 THEN $3 END, '{}', true, n FROM generate_series(1, 4000) AS n`,
      [realm, own, ssha],
    );
    await database.dataSource.query('ANALYZE resource_owner');
    const examples = await explain(database, foreignHashStatements.user.examples, mode, []);
    expect(rowsRead(examples)).toBeLessThan(20);
    const values = [ssha, realm, 'u3', 20];
    const alike = await explain(database, foreignHashStatements.user.alike, mode, values);
    expect(rowsRead(alike)).toBeLessThan(50);
    expect(nodesOf(alike).map((node) => node['Node Type'])).not.toContain('Seq Scan');
  });
});
