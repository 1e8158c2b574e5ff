import { type Change, ChangeFeed } from '../../src/domain/change-feed.js';

/** A feed that hears what is announced to it, as long as a test says that it is current. */
export class RecordedChanges extends ChangeFeed {
  current = true;
  readonly announced: Change[] = [];

  isCurrent(): boolean {
    return this.current;
  }

  start(): void {}

  async stop(): Promise<void> {}

  override announce(change: Change): void {
    this.announced.push(change);
    super.announce(change);
  }
}
