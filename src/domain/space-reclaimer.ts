/** Makes room in a store that nothing else looks after, so that what is purged makes room for what comes. */
export abstract class SpaceReclaimer {
  /**
   * Gives the space of removed and changed rows back. Cheap where there is little of it.
   * @throws StoreUnavailable when the store cannot be reached
   */
  abstract reclaim(): Promise<void>;
}

/** For a store that looks after its space by itself. */
export class SelfReclaiming extends SpaceReclaimer {
  async reclaim(): Promise<void> {}
}
