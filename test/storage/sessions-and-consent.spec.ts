import { randomUUID } from 'node:crypto';
import { hashToken } from '../../src/domain/access-token.js';
import type { NewAuditEvent } from '../../src/domain/audit.js';
import type { Session } from '../../src/domain/session.js';
import { PostgresAuditLog } from '../../src/storage/postgres/audit-log.js';
import { PostgresConsentStore } from '../../src/storage/postgres/consent-store.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { PostgresDirectory } from '../../src/storage/postgres/directory.js';
import { PostgresDirectoryWriter } from '../../src/storage/postgres/directory-writer.js';
import { PostgresSessionStore } from '../../src/storage/postgres/session-store.js';
import { hostileNames } from './names.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';
import { aClient, anOwner, Subjects } from './subjects.js';

const now = Date.UTC(2026, 0, 1);

let running: RunningDatabase;
let database: Database;
let audit: PostgresAuditLog;

beforeAll(async () => {
  running = await startDatabase();
  database = await openDatabase(patientOptions(running.connection));
  audit = new PostgresAuditLog(database);
});
beforeEach(() => database.dataSource.query('TRUNCATE audit_event'));
afterAll(async () => {
  await database.dataSource.destroy();
  await running.stop();
});

function anEvent(action: NewAuditEvent['action']): NewAuditEvent {
  const actor = { kind: 'user', name: 'owner' } as const;
  return { at: now, actor, action, realm: '/', name: 'owner' };
}

async function recorded(): Promise<string[]> {
  return (await audit.list({ within: '/', limit: 100 })).map(({ action }) => action);
}

describe('sessions in PostgreSQL', () => {
  const store = () => new PostgresSessionStore(database);

  const aSession = (values: Partial<Session> = {}): Session => ({
    hash: hashToken(randomUUID()),
    realm: '/',
    username: 'owner',
    epochs: { realm: 1, resourceOwner: Number.MAX_SAFE_INTEGER },
    authenticatedAt: now,
    expiresAt: now + 7_200_000,
    ...values,
  });

  it.each(hostileNames)('are found as they were begun: %j', async (name) => {
    const session = aSession({ realm: name, username: name });
    await store().begin(session, undefined, anEvent('user.signed_in'));
    expect(await store().find(session.hash)).toEqual(session);
    expect(await store().find(hashToken(randomUUID()))).toBeUndefined();
  });

  it('replace the one before, and record the sign-in', async () => {
    const [before, other, session] = [aSession(), aSession(), aSession()];
    for (const each of [before, other]) await store().begin(each, undefined, anEvent('user.signed_in'));
    await store().begin(session, before.hash, anEvent('user.signed_in'));
    expect(await store().find(before.hash)).toBeUndefined();
    expect(await store().find(other.hash)).toEqual(other);
    expect(await store().find(session.hash)).toEqual(session);
    expect(await recorded()).toEqual(Array(3).fill('user.signed_in'));
  });

  it('begin, or stay as they were', async () => {
    const [before, session] = [aSession(), aSession()];
    await store().begin(before, undefined, anEvent('user.signed_in'));
    const unstorable = { ...anEvent('user.signed_in'), at: NaN };
    await expect(store().begin(session, before.hash, unstorable)).rejects.toThrow();
    expect(await store().find(before.hash)).toEqual(before);
    expect(await store().find(session.hash)).toBeUndefined();
    expect(await recorded()).toEqual(['user.signed_in']);
  });

  it('end once, and record it', async () => {
    const session = aSession();
    await store().begin(session, undefined, anEvent('user.signed_in'));
    await Promise.all([1, 2, 3].map(() => store().end(session.hash, anEvent('user.signed_out'))));
    expect(await store().find(session.hash)).toBeUndefined();
    expect((await recorded()).sort()).toEqual(['user.signed_in', 'user.signed_out']);
  });
});

describe('consent in PostgreSQL', () => {
  const store = () => new PostgresConsentStore(database);
  const granted = anEvent('consent.granted');
  let subjects: Subjects;
  let realm: string;

  beforeEach(async () => {
    const writer = new PostgresDirectoryWriter(database, new RecordedChanges());
    subjects = new Subjects(new PostgresDirectory(database), writer);
    realm = await subjects.addRealm();
    await subjects.make(
      { effect: 'add', client: aClient(realm) },
      { effect: 'add', resourceOwner: anOwner(realm) },
    );
    await database.dataSource.query('TRUNCATE audit_event');
  });

  const subject = () => ({ realm, username: 'owner', clientId: 'client' });
  const remember = (...scope: string[]) => store().remember({ ...subject(), scope, grantedAt: now }, granted);
  const agreed = async () => [...(await store().find(subject()))].sort();

  it('is nothing at first, and adds up', async () => {
    expect(await agreed()).toEqual([]);
    await remember('read');
    expect(await agreed()).toEqual(['read']);
    await remember('write', 'read');
    await remember('mail', '__proto__');
    expect(await agreed()).toEqual(['__proto__', 'mail', 'read', 'write']);
    expect(await recorded()).toEqual(Array(3).fill('consent.granted'));
  });

  it('adds up where it is given at the same time', async () => {
    const scopes = Array.from({ length: 10 }, (_, index) => `scope-${index}`);
    await Promise.all(scopes.map((scope) => remember(scope)));
    expect(await agreed()).toEqual(scopes);
  });

  it('counts for its own realm, user and client', async () => {
    await remember('read');
    const [client, owner] = [aClient(realm, { clientId: 'other' }), anOwner(realm, { username: 'other' })];
    await subjects.make({ effect: 'add', client }, { effect: 'add', resourceOwner: owner });
    for (const other of [{ realm: '/' }, { username: 'other' }, { clientId: 'other' }]) {
      expect(await store().find({ ...subject(), ...other })).toEqual([]);
    }
  });

  it.each(['client', 'resourceOwner', 'realm'] as const)(
    'goes with its %s, made again or not',
    async (kind) => {
      await remember('read');
      const changes = {
        client: { client: aClient(realm) },
        resourceOwner: { resourceOwner: anOwner(realm) },
        realm: {
          realm: {
            path: realm,
            authLevel: 0,
            usernames: 'exact',
            pages: { scopes: new Map() },
            enabled: true,
          },
        },
      } as const;
      await subjects.make({ effect: 'remove', ...changes[kind] });
      await database.dataSource.query('TRUNCATE audit_event');
      await remember('write');
      expect(await agreed()).toEqual([]);
      expect(await recorded()).toEqual([]);
      await subjects.make({ effect: 'add', ...changes[kind] });
      expect(await agreed()).toEqual([]);
    },
  );

  it('stays when its subjects are changed', async () => {
    await remember('read');
    await subjects.make(
      { effect: 'endTokens', client: aClient(realm, { scopes: ['read', 'write'] }) },
      { effect: 'endTokens', resourceOwner: anOwner(realm, { passwordHash: 'other' }) },
    );
    expect(await agreed()).toEqual(['read']);
  });
});
