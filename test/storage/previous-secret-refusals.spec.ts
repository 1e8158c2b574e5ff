import { ClientAuthenticator } from '../../src/domain/client-authenticator.js';
import { ClientSecrets, endedSecretKeptMs } from '../../src/domain/client-secrets.js';
import { NoLoginThrottle } from '../../src/domain/login-throttle.js';
import { PasswordUpgrader } from '../../src/domain/password-upgrade.js';
import { RefusalTimes } from '../../src/domain/refusal-time.js';
import { RememberedSecrets } from '../../src/domain/remembered-secrets.js';
import { PasswordHasher, SecretVerifier } from '../../src/domain/secret.js';
import { SecretUses } from '../../src/domain/secret-uses.js';
import { KnownForms } from '../../src/hashing/known-forms.js';
import { PostgresClientSecretRecords } from '../../src/storage/postgres/client-secret-records.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { PostgresDirectory } from '../../src/storage/postgres/directory.js';
import { PostgresDirectoryWriter } from '../../src/storage/postgres/directory-writer.js';
import { PostgresPasswordUpgrades } from '../../src/storage/postgres/password-upgrades.js';
import { PostgresRecordPurger } from '../../src/storage/postgres/record-purger.js';
import { PostgresSecretUseStore } from '../../src/storage/postgres/secret-use-store.js';
import { tester } from '../support/audit.js';
import { slowHashes } from '../support/foreign-hashes.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';
import { aClient, Subjects } from './subjects.js';

/** What a check takes by the stopped clock, in milliseconds. */
const took = { own: 20, foreign: 100 };
const own = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
const overlap = 86_400;

/** Refuses every secret, takes its time by the stopped clock, and records what it has checked. */
class RecordingHasher extends PasswordHasher {
  checked: string[] = [];

  constructor(private readonly clock: StoppedClock) {
    super();
  }

  async hash(): Promise<string> {
    return own;
  }

  async verify(stored: string): Promise<boolean> {
    this.checked.push(stored);
    this.clock.advance(stored === own ? took.own : took.foreign);
    return false;
  }
}

let running: RunningDatabase;
let database: Database;
let clock: StoppedClock;
let hasher: RecordingHasher;
let subjects: Subjects;
let secrets: ClientSecrets;
let times: RefusalTimes;
let clients: ClientAuthenticator;
let realm: string;

beforeAll(async () => {
  running = await startDatabase();
  database = await openDatabase(patientOptions(running.connection));
});
beforeEach(async () => {
  clock = new StoppedClock();
  hasher = new RecordingHasher(clock);
  const feed = new RecordedChanges();
  const writer = new PostgresDirectoryWriter(database, feed);
  subjects = new Subjects(new PostgresDirectory(database), writer);
  const forms = new KnownForms(hasher);
  secrets = new ClientSecrets(new PostgresClientSecretRecords(database), writer, forms, clock);
  const upgrades = new PostgresPasswordUpgrades(database, feed);
  times = new RefusalTimes(upgrades, forms, hasher, clock, async (ms) => clock.advance(ms));
  const upgrader = new PasswordUpgrader(subjects.directory, hasher, forms, upgrades, (error) => {
    throw error;
  });
  clients = new ClientAuthenticator(
    subjects.directory,
    new RememberedSecrets(new SecretVerifier(hasher, times, upgrader), clock),
    new NoLoginThrottle(),
    clock,
    new SecretUses(new PostgresSecretUseStore(database), clock),
  );
  realm = await subjects.addRealm();
});
afterAll(async () => {
  await database.dataSource.destroy();
  await running.stop();
});

/** What was checked to refuse a wrong secret, and how long that took. */
async function refusal(clientId: string): Promise<{ checked: readonly string[]; ms: number }> {
  const found = (await subjects.directory.findRealm(realm))!;
  hasher.checked = [];
  const begun = clock.elapsed();
  const refused = clients.authenticate(found, { clientId, clientSecret: 'wrong' }, undefined);
  await expect(refused).rejects.toMatchObject({ code: 'invalid_client' });
  return { checked: hasher.checked, ms: clock.elapsed() - begun };
}

describe.each(['$2b$', '{PBKDF2}10000', 'Django’s'] as const)('a previous secret of the form %s', (form) => {
  let foreign: string;
  beforeEach(async () => {
    const hash = new KnownForms(hasher).accept(slowHashes[form]);
    if ('refused' in hash) throw new Error(hash.refused);
    foreign = hash.text;
    const generated = `sha256:${'A'.repeat(43)}`;
    await subjects.make(
      { effect: 'add', client: aClient(realm, { secretHash: foreign }) },
      { effect: 'add', client: aClient(realm, { clientId: 'other', secretHash: generated }) },
    );
    await secrets.rotate({ realm, clientId: 'client', actor: tester }, overlap);
    await times.refresh();
  });

  it('is checked once for a wrong secret, which takes as long for any other client, known or not', async () => {
    const ms = took.foreign * 1.25;
    expect(await refusal('client')).toEqual({ checked: [foreign], ms });
    expect(await refusal('other')).toEqual({ checked: [own], ms });
    expect(await refusal('nobody')).toEqual({ checked: [own], ms });
  });

  it('is not checked after its end, and delays nothing once it is purged', async () => {
    clock.advance(overlap * 1000);
    const ms = took.foreign * 1.25;
    expect(await refusal('client')).toEqual({ checked: [own], ms });
    expect(await refusal('nobody')).toEqual({ checked: [own], ms });
    clock.advance(endedSecretKeptMs);
    const purger = new PostgresRecordPurger(database, { traffic: 90, auditEvents: 365 });
    expect(await purger.purge(clock.now(), 1000)).toBeGreaterThan(0);
    await times.refresh();
    expect(await refusal('client')).toEqual({ checked: [own], ms: took.own });
    expect(await refusal('nobody')).toEqual({ checked: [own], ms: took.own });
  });
});
