import type { Change } from '../../src/domain/change-feed.js';
import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import { payloadsOf } from '../../src/storage/postgres/notification.js';
import { NotifyingChangeFeed } from '../../src/storage/postgres/notifying-change-feed.js';

/** A feed whose notifications end in an array, or nowhere. */
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
  const feed = new TestFeed({ notify: async (payloads) => void events.push(payloads) });
  feed.subscribe((announced) => events.push(announced));
  await feed.publish(change);
  expect(events).toEqual([payloadsOf([change]), change]);
});

it('where the others cannot be told, this node is, and the caller learns of it', async () => {
  const unavailable = new StoreUnavailable('away');
  const feed = new TestFeed({ notify: () => Promise.reject(unavailable) });
  const announced: Change[] = [];
  feed.subscribe((each) => announced.push(each));
  await expect(feed.publish(change)).rejects.toBe(unavailable);
  expect(announced).toEqual([change]);
});
