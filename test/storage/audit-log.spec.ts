import { randomUUID } from 'node:crypto';
import type { AuditAction, NewAuditEvent } from '../../src/domain/audit.js';
import type { ImportRun } from '../../src/domain/token-import.js';
import { PostgresAuditLog } from '../../src/storage/postgres/audit-log.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { PostgresDirectory } from '../../src/storage/postgres/directory.js';
import { PostgresDirectoryWriter } from '../../src/storage/postgres/directory-writer.js';
import { PostgresTokenKeyStore } from '../../src/storage/postgres/token-key-store.js';
import { postgresTokenStorage } from '../../src/storage/postgres/token-storage.js';
import { byTester, tester } from '../support/audit.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { aToken } from './access-token-store.contract.js';
import { aRefreshToken } from './refresh-token-store.contract.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';
import { aClient, aRealm } from './subjects.js';

let running: RunningDatabase;
let database: Database;
let log: PostgresAuditLog;

beforeAll(async () => {
  running = await startDatabase();
  database = await openDatabase(patientOptions(running.connection));
  log = new PostgresAuditLog(database);
});
afterAll(async () => {
  await database.dataSource.destroy();
  await running.stop();
});
beforeEach(() => database.dataSource.query('DELETE FROM audit_event'));

const at = Date.UTC(2026, 0, 1);

function anEvent(values: Partial<NewAuditEvent> = {}): NewAuditEvent {
  return { at, actor: tester, action: 'client.updated', realm: '/alpha', name: 'app', ...values };
}

const everything = { within: '/', limit: 100 } as const;

describe('the audit log', () => {
  it('returns an event as it was added', async () => {
    const event = anEvent({
      actor: { ...tester, correlationId: randomUUID(), address: '::1' },
      changes: { scopes: { old: ['a'], new: [] } },
      epoch: 7,
      tokenId: 'abc',
    });
    await log.append(event);
    expect(await log.list(everything)).toEqual([{ ...event, id: expect.any(String) }]);
  });

  it('lists the newest first, from place to place, without losing or repeating one of the same moment', async () => {
    for (let number = 0; number < 9; number += 1)
      await log.append(anEvent({ at: at + Math.floor(number / 3) }));
    const seen: string[] = [];
    for (;;) {
      const last = (await log.list(everything)).find(({ id }) => id === seen.at(-1));
      const page = await log.list({ ...everything, limit: 2, before: last && { at: last.at, id: last.id } });
      if (page.length === 0) break;
      seen.push(...page.map(({ id }) => id));
    }
    expect(seen).toEqual((await log.list(everything)).map(({ id }) => id));
    expect(new Set(seen).size).toBe(9);
  });

  it('shows the events of a realm and those below it; the root realm sees all', async () => {
    for (const realm of ['/alpha', '/alpha/b', '/alphabet', '/', undefined])
      await log.append(anEvent({ realm }));
    const realms = async (within: string) =>
      (await log.list({ ...everything, within })).map(({ realm }) => realm ?? 'none').sort();
    expect(await realms('/alpha')).toEqual(['/alpha', '/alpha/b']);
    expect(await realms('/')).toHaveLength(5);
  });

  it.each<[string, { action?: AuditAction; actor?: string; realm?: string; name?: string }]>([
    ['action', { action: 'client.disabled' }],
    ['actor', { actor: 'other' }],
    ['realm', { realm: '/beta' }],
    ['name', { name: 'web' }],
  ])('filters by %s', async (_, filter) => {
    const { actor = tester.name, ...others } = filter;
    const event = anEvent({ ...others, actor: { ...tester, name: actor } });
    await log.append(anEvent());
    await log.append(event);
    expect(await log.list({ ...everything, ...filter })).toMatchObject([event]);
  });

  it('finds the first event of a subject after an epoch, and the latest with an action', async () => {
    const disabled = anEvent({ action: 'client.disabled', epoch: 5, at: at + 1 });
    const secret = anEvent({ action: 'client.secret_added', epoch: 6, at: at + 2 });
    const user = anEvent({ action: 'user.password_changed', epoch: 4 });
    const realm = anEvent({ action: 'realm.disabled', name: undefined, epoch: 3 });
    for (const event of [secret, disabled, user, realm]) await log.append(event);
    const subject = { realm: '/alpha', name: 'app' };
    expect(await log.firstAfter('client', subject, 1)).toMatchObject(disabled);
    expect(await log.firstAfter('client', subject, 5)).toMatchObject(secret);
    expect(await log.firstAfter('client', subject, 6)).toBeUndefined();
    expect(await log.firstAfter('user', subject, 1)).toMatchObject(user);
    expect(await log.firstAfter('realm', { realm: '/alpha' }, 1)).toMatchObject(realm);
    expect(await log.latest(['client.disabled', 'client.secret_added'], subject)).toMatchObject(secret);
    expect(await log.latest(['realm.disabled'], { realm: '/alpha' })).toMatchObject(realm);
    expect(await log.latest(['client.deleted'], subject)).toBeUndefined();
  });
});

/** The actions in the log, with their epochs, oldest first. */
async function logged(): Promise<[AuditAction, number | undefined][]> {
  const events = await log.list(everything);
  return events.map(({ action, epoch }): [AuditAction, number | undefined] => [action, epoch]).sort();
}

describe('an event is stored with its change', () => {
  it('of the directory, with the epoch that ends tokens; or neither is', async () => {
    const writer = new PostgresDirectoryWriter(database, new RecordedChanges());
    const directory = new PostgresDirectory(database);
    const realm = aRealm();
    const client = aClient(realm.path);
    const origin = { ...byTester, file: 'symbolon.yaml' };
    await writer.apply(
      [
        { effect: 'add', realm },
        { effect: 'add', client },
      ],
      await writer.state(),
      origin,
    );
    const before = await directory.findClient(realm.path, 'client');
    const disabled = { ...client, enabled: false, description: 'gone' };
    await writer.apply([{ effect: 'endTokens', client: disabled, before }], await writer.state(), byTester);
    const after = await directory.findClient(realm.path, 'client');
    const expected = [
      ['client.created', before?.epoch],
      ['client.disabled', after?.epoch],
      ['client.updated', undefined],
      ['configuration.applied', undefined],
      ['realm.created', (await directory.findRealm(realm.path))?.epoch],
    ];
    expect(await logged()).toEqual(expected);

    const impossible = aClient('/missing');
    const attempt = writer.apply(
      [
        { effect: 'update', client },
        { effect: 'add', client: impossible },
      ],
      await writer.state(),
      byTester,
    );
    await expect(attempt).rejects.toThrow();
    expect(await logged()).toEqual(expected);
    expect(await writer.apply([{ effect: 'update', client }], { revision: 0 }, byTester)).toBe(false);
    expect(await logged()).toEqual(expected);
  });

  it('of a key', async () => {
    await new PostgresTokenKeyStore(database).rotate(at, tester);
    expect(await logged()).toEqual([['key.rotated', undefined]]);
  });

  it('of an import: one event a run, which counts what its batches have added', async () => {
    const { importer } = postgresTokenStorage(database, new RecordedChanges());
    const run: ImportRun = { id: randomUUID(), at, actor: tester, file: 'tokens.jsonl' };
    const token = aToken();
    await importer.add({ accessTokens: [token, aToken()], refreshTokens: [] }, run);
    await importer.add({ accessTokens: [token], refreshTokens: [aRefreshToken()] }, run);
    await importer.add({ accessTokens: [token], refreshTokens: [] }, { ...run, id: randomUUID() });
    expect(await log.list(everything)).toEqual([
      { ...run, file: undefined, action: 'tokens.imported', changes: { file: 'tokens.jsonl', added: 3 } },
    ]);
  });

  it('of a reuse, once; a token and its event', async () => {
    const { refreshTokens, accessTokens } = postgresTokenStorage(database, new RecordedChanges());
    const refresh = aRefreshToken();
    await refreshTokens.begin(refresh, aToken({ family: refresh.family }));
    const event = anEvent({ action: 'family.reuse', tokenId: refresh.family });
    for (let time = 0; time < 2; time += 1) {
      await refreshTokens.revokeFamily(refresh.family, { at, by: 'reuse', event });
    }
    expect(await logged()).toEqual([['family.reuse', undefined]]);

    const token = aToken();
    await accessTokens.insert(token, anEvent({ action: 'admin_token.issued' }));
    await expect(accessTokens.insert(token, anEvent({ action: 'admin_token.issued' }))).rejects.toThrow();
    expect(await logged()).toHaveLength(2);
  });
});
