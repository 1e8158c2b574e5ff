import { type Change, ChangeFeed } from '../../src/domain/change-feed.js';

/** A feed that records the announced changes. Tests set whether it is current. */
export class RecordedChanges extends ChangeFeed {
  current = true;
  readonly announced: Change[] = [];

  isCurrent(): boolean {
    return this.current;
  }

  start(): void {}

  async stop(): Promise<void> {}

  async publish(change: Change): Promise<void> {
    this.announce(change);
  }

  override announce(change: Change): void {
    this.announced.push(change);
    super.announce(change);
  }
}
