import { type WaitingFigures, WaitingList, waitMs } from './waiting-list.js';

/**
 * What a connection is wanted for. `read` and `write` are of requests; `job` is a write of what a server does by itself,
 * or of a command. `check` is what a server must know to serve at all: whether it is ready, and its keys.
 */
export type Purpose = 'read' | 'write' | 'job' | 'check';

const purposes: readonly Purpose[] = ['check', 'job', 'read', 'write'];

/** How many may wait for each purpose. Where turns take so long that they would wait in vain, fewer may. */
const mostWaiting = 1_000;

/** Until when work may take. */
export interface Deadline {
  /** A time by `performance.now()`. */
  readonly giveUpAt: number;
  /** Whether it is for many callers, which have waited together in a list of their own: they are not refused for others. */
  readonly batch?: boolean;
}

/** Calls whoever waits for a connection. */
type Admit = () => void;

/**
 * Says who may use a connection of the pool. A lock that writes wait for must not keep reads from the database, nor
 * requests the jobs: so a quarter of the pool is for reads alone, and one connection is not for writes of requests, as
 * far as the pool is large enough. Checks come first.
 */
export class ConnectionShares {
  private readonly used: Record<Purpose, number> = { read: 0, write: 0, job: 0, check: 0 };
  private readonly lists: Readonly<Record<Purpose, WaitingList<Admit>>>;
  /** The most connections in use for writes of requests, and for all writes. */
  private readonly mostForRequests: number;
  private readonly mostForWrites: number;

  /** @param size connections of the pool */
  constructor(private readonly size: number) {
    this.mostForWrites = Math.max(1, size - Math.ceil(size / 4));
    this.mostForRequests = Math.max(1, this.mostForWrites - 1);
    const list = (name: Purpose, atOnce: number) => new WaitingList<Admit>(name, mostWaiting, atOnce);
    this.lists = {
      read: list('read', size),
      write: list('write', this.mostForRequests),
      job: list('job', this.mostForWrites),
      check: list('check', size),
    };
  }

  get figures(): WaitingFigures[] {
    return purposes.map((purpose) => this.lists[purpose].figures);
  }

  /**
   * Waits for a connection that may be used: for `waitMs` at most, and a batch until it must be over.
   * @returns what must be called when the connection is not used any more
   * @throws StoreUnavailable when too many wait, or it has waited in vain
   */
  async enter(purpose: Purpose, deadline: Deadline): Promise<() => void> {
    const list = this.lists[purpose];
    // Whoever admits a waiter counts it, so that nobody else takes its place.
    if (list.size === 0 && this.hasRoom(purpose)) this.used[purpose] += 1;
    else await turn(list, deadline);
    const enteredAt = performance.now();
    return () => {
      list.took(performance.now() - enteredAt);
      this.used[purpose] -= 1;
      this.admit();
    };
  }

  private hasRoom(purpose: Purpose): boolean {
    const { read, write, job, check } = this.used;
    if (read + write + job + check >= this.size) return false;
    if (purpose === 'write' && write >= this.mostForRequests) return false;
    return purpose === 'read' || purpose === 'check' || write + job < this.mostForWrites;
  }

  /** Admits checks, and then those who have waited longest, as far as they may use a connection now. */
  private admit(): void {
    const timeOf = (purpose: Purpose) => (purpose === 'check' ? 0 : (this.lists[purpose].oldest ?? Infinity));
    for (;;) {
      const [next] = purposes
        .filter((purpose) => this.lists[purpose].size > 0 && this.hasRoom(purpose))
        .sort((one, other) => timeOf(one) - timeOf(other));
      if (!next) return;
      this.used[next] += 1;
      for (const admit of this.lists[next].take(1)) admit();
    }
  }
}

/** Waits until it is admitted. @throws StoreUnavailable */
function turn(list: WaitingList<Admit>, { giveUpAt, batch = false }: Deadline): Promise<void> {
  return new Promise((resolve, reject) => {
    const admit = () => {
      clearTimeout(timer);
      resolve();
    };
    if (batch) list.insist(admit);
    else list.add(admit);
    const leave = () => {
      list.remove(admit);
      reject(list.overloaded());
    };
    const timer = setTimeout(leave, Math.min(batch ? Infinity : waitMs, giveUpAt - performance.now()));
  });
}
