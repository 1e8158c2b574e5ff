import { type Change, ChangeFeed } from '../../domain/change-feed.js';
import { payloadsOf } from './notification.js';

/** Sends payloads to every node that listens. */
export interface Notifier {
  /** @throws StoreUnavailable when none was sent */
  notify(payloads: readonly string[]): Promise<void>;
}

/** Notifies the other nodes by PostgreSQL's NOTIFY. A subclass decides how this node receives changes. */
export abstract class NotifyingChangeFeed extends ChangeFeed {
  constructor(private readonly notifier: Notifier) {
    super();
  }

  async publish(change: Change): Promise<void> {
    try {
      await this.notifier.notify(payloadsOf([change]));
    } finally {
      this.announce(change);
    }
  }
}
