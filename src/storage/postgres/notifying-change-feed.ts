import type { NewAuditEvent } from '../../domain/audit.js';
import { type Change, ChangeFeed } from '../../domain/change-feed.js';
import { auditEventValues, identifierOf, insertAuditEventOnce } from './audit-log.js';
import type { Database } from './database.js';
import { notify, payloadsOf } from './notification.js';

/** Commits statements together, or none of them. */
export type Notifier = Pick<Database, 'transaction'>;

/** Notifies the other nodes by PostgreSQL's NOTIFY. A subclass decides how this node receives changes. */
export abstract class NotifyingChangeFeed extends ChangeFeed {
  constructor(private readonly notifier: Notifier) {
    super();
  }

  async publish(change: Change, event?: NewAuditEvent): Promise<void> {
    try {
      await this.notifier.transaction(async (transaction) => {
        if (event)
          await transaction.query(insertAuditEventOnce, auditEventValues(event, identifierOf(event)));
        for (const payload of payloadsOf([change])) await transaction.query(notify, [payload]);
      });
    } finally {
      this.announce(change);
    }
  }
}

/** Notifies the other nodes, and receives nothing: for a node that a pooler keeps from listening, and that caches nothing. */
export class SendOnlyChangeFeed extends NotifyingChangeFeed {
  isCurrent(): boolean {
    return false;
  }

  start(): void {}

  async stop(): Promise<void> {}
}
