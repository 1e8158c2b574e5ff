import type { NewAuditEvent } from '../../src/domain/audit.js';
import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import type { Session } from '../../src/domain/session.js';
import { PostgresAuthorizationCodeStore } from '../../src/storage/postgres/authorization-code-store.js';
import { PostgresCodeRegister } from '../../src/storage/postgres/code-register.js';
import { PostgresConsentStore } from '../../src/storage/postgres/consent-store.js';
import { dataSourceOptions } from '../../src/storage/postgres/data-source.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { PostgresRefreshTokenStore } from '../../src/storage/postgres/refresh-token-store.js';
import { PostgresSessionStore } from '../../src/storage/postgres/session-store.js';
import { byClient } from '../support/audit.js';
import { RecordedChanges } from '../support/recorded-changes.js';
import { Wire } from '../support/wire.js';
import { aCode, aRedemption } from './authorization-code-store.contract.js';
import { openDatabase, type RunningDatabase, startDatabase } from './running-database.js';

const unavailable: unknown = expect.any(StoreUnavailable);
const code = aCode();
const event: NewAuditEvent = {
  at: code.issuedAt,
  actor: { kind: 'user', name: 'owner' },
  action: 'user.signed_in',
};
const session: Session = {
  hash: code.hash,
  realm: '/',
  username: 'owner',
  epochs: { realm: 1, resourceOwner: 3 },
  authenticatedAt: code.issuedAt,
  expiresAt: code.expiresAt,
};

let running: RunningDatabase;
let wire: Wire;
let database: Database;

beforeAll(async () => {
  running = await startDatabase();
  wire = await Wire.to(running.connection);
  database = await openDatabase(dataSourceOptions(wire.through(running.connection), 2));
});
afterAll(async () => {
  await database.dataSource.destroy();
  await wire.close();
  await running.stop();
});

it('every method throws StoreUnavailable when the database refuses connections, and the next call is served', async () => {
  const codes = new PostgresCodeRegister(database);
  const tokens = new PostgresRefreshTokenStore(database, new RecordedChanges());
  const store = new PostgresAuthorizationCodeStore(database, codes, tokens);
  const sessions = new PostgresSessionStore(database);
  const consents = new PostgresConsentStore(database);
  const subject = { realm: '/', username: 'owner', clientId: 'client' };
  await store.insert(code);
  await wire.refuse();
  const calls = [
    () => store.insert(aCode()),
    () => store.find(code.hash),
    () => store.redeem(aRedemption(code)),
    () => store.endReplayed(code, byClient),
    () => codes.use(code.hash, code.issuedAt),
    () => codes.markReplayed(code.hash, code.issuedAt),
    () => codes.isReplayed(code.hash),
    () => sessions.begin(session, undefined, event),
    () => sessions.find(session.hash),
    () => sessions.end(session.hash, event),
    () => consents.find(subject),
    () => consents.remember({ ...subject, scope: ['read'], grantedAt: code.issuedAt }, event),
  ];
  for (const call of calls) await expect(call()).rejects.toEqual(unavailable);
  await wire.restore();
  expect(await store.find(code.hash)).toEqual(code);
  expect(await codes.isReplayed(code.hash)).toBe(false);
  expect(await sessions.find(session.hash)).toBeUndefined();
  expect(await store.redeem(aRedemption(code))).toBe(true);
});
