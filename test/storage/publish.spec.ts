import type { NewAuditEvent } from '../../src/domain/audit.js';
import type { Change } from '../../src/domain/change-feed.js';
import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { payloadsOf } from '../../src/storage/postgres/notification.js';
import { NotifyingChangeFeed } from '../../src/storage/postgres/notifying-change-feed.js';
import { PostgresAuditLog } from '../../src/storage/postgres/audit-log.js';
import { tester } from '../support/audit.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';

/** A feed whose statements end in an array, or nowhere. */
class TestFeed extends NotifyingChangeFeed {
  isCurrent(): boolean {
    return true;
  }

  start(): void {}

  async stop(): Promise<void> {}
}

const change: Change = { client: { realm: '/', name: 'app' } };

it('a published change goes to the other nodes, then to this one', async () => {
  const events: unknown[] = [];
  const feed = new TestFeed({
    transaction: async (work) => work({ query: async (_, values) => (events.push(values), []) }),
  });
  feed.subscribe((announced) => events.push(announced));
  await feed.publish(change);
  expect(events).toEqual([payloadsOf([change]), change]);
});

it('where the others cannot be told, this node is, and the caller learns of it', async () => {
  const unavailable = new StoreUnavailable('away');
  const feed = new TestFeed({ transaction: () => Promise.reject(unavailable) });
  const announced: Change[] = [];
  feed.subscribe((each) => announced.push(each));
  await expect(feed.publish(change)).rejects.toBe(unavailable);
  expect(announced).toEqual([change]);
});

describe('the event of a published change', () => {
  let running: RunningDatabase;
  let database: Database;
  beforeAll(async () => {
    running = await startDatabase();
    database = await openDatabase(patientOptions(running.connection));
  });
  afterAll(async () => {
    await database.dataSource.destroy();
    await running.stop();
  });

  const event: NewAuditEvent = {
    at: Date.UTC(2026, 0, 1),
    actor: tester,
    action: 'token.revoked',
    tokenId: 'x',
  };
  const recorded = () => new PostgresAuditLog(database).list({ within: '/', limit: 10 });

  it('is recorded once, however often it is published, and another event besides', async () => {
    const feed = new TestFeed(database);
    for (let time = 0; time < 2; time += 1) await feed.publish(change, event);
    await feed.publish(change, { ...event, tokenId: 'y' });
    expect((await recorded()).map(({ tokenId }) => tokenId).sort()).toEqual(['x', 'y']);
  });

  it('is not recorded where the notification is not sent', async () => {
    const tooLong: Change = { client: { realm: '/', name: '\0' } };
    const before = await recorded();
    await expect(new TestFeed(database).publish(tooLong, { ...event, name: '\0' })).rejects.toThrow();
    expect(await recorded()).toEqual(before);
  });
});
