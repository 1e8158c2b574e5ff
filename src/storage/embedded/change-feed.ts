import { ChangeFeed } from '../../domain/change-feed.js';
import { readPayload } from '../postgres/notification.js';
import type { EmbeddedDatabase } from './embedded-database.js';

/**
 * Changes of the process that runs the embedded database, which announces its own, and of the commands that have
 * joined it: of those the database itself tells. No connection can be lost in between.
 */
export class EmbeddedChangeFeed extends ChangeFeed {
  constructor(private readonly database: EmbeddedDatabase) {
    super();
  }

  isCurrent(): boolean {
    return true;
  }

  start(): void {
    this.database.onNotification((payload) => {
      const told = readPayload(payload);
      if ('change' in told) this.announce(told.change);
    });
  }

  async stop(): Promise<void> {}
}
