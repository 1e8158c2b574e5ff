import { readPayload } from '../postgres/notification.js';
import { NotifyingChangeFeed, type Notifier } from '../postgres/notifying-change-feed.js';
import type { EmbeddedDatabase } from './embedded-database.js';

/**
 * Receives the changes of the process that runs the embedded database and of the commands that have joined
 * it: the database itself passes every notification on. No connection can be lost, so the feed is current
 * once it has started.
 */
export class EmbeddedChangeFeed extends NotifyingChangeFeed {
  private started = false;

  constructor(
    private readonly embedded: EmbeddedDatabase,
    notifier: Notifier,
  ) {
    super(notifier);
  }

  isCurrent(): boolean {
    return this.started;
  }

  start(): void {
    this.started = true;
    this.embedded.onNotification((payload) => {
      const message = readPayload(payload);
      if ('change' in message) this.announce(message.change);
    });
  }

  async stop(): Promise<void> {
    this.started = false;
  }
}
