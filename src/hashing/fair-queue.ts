import { Overloaded } from '../domain/oauth-error.js';
import type { Turn } from '../domain/secret.js';

/** How much work there may be. */
export interface QueueLimits {
  /** How much runs at once. */
  readonly atOnce: number;
  /** How much waits besides. */
  readonly waiting: number;
  /** How long it waits at most, in milliseconds. */
  readonly timeoutMs: number;
}

/** Work that waits for its turn. */
interface Waiting {
  readonly start: () => void;
  readonly refuse: (detail: string) => void;
}

/** Lanes of work that keeps its place: of what goes first, and of what no caller waits for. */
const trustedLane = Symbol('trusted');
const ownLane = Symbol('own');
type Lane = string | typeof trustedLane | typeof ownLane;

/** Of so many turns, one is for those that do not go first: otherwise nobody could come for the first time. */
const othersOneIn = 4;

/** How much the latest work counts in how long it takes lately. */
const weight = 0.05;

const full = 'too many passwords and secrets wait to be checked';
const late = 'a password or secret waited too long to be checked';

/**
 * Lets work wait for its turn. Trusted work goes first. All other waits in lanes that take turns, so whoever fills one lane
 * delays each of the others by one turn only. When the queue is full, the longest lane loses its last work to a
 * shorter one, or to trusted work.
 */
export class FairQueue {
  /** The lanes that are not empty. Of those that take turns the first one has the next. */
  private readonly lanes = new Map<Lane, Waiting[]>();
  private running = 0;
  private turns = 0;
  /** How long work takes lately, in milliseconds; undefined before the first. */
  private usualMs?: number;
  /** How much waits now. */
  waiting = 0;
  /** How much was refused so far. */
  refused = 0;

  constructor(private readonly limits: QueueLimits) {}

  /**
   * Does the work when it has its turn.
   * @param turn undefined for work of our own, that no caller waits for: whoever has more of it than a little must wait
   * @throws Overloaded at once when the queue is full, or when the work has waited for too long; but not for our own
   */
  async run<Result>(turn: Turn | undefined, work: () => Promise<Result>): Promise<Result> {
    const start = this.begin(turn);
    if (start !== undefined) await start;
    const beganAt = performance.now();
    try {
      return await work();
    } finally {
      const tookMs = performance.now() - beganAt;
      this.usualMs = (this.usualMs ?? tookMs) * (1 - weight) + tookMs * weight;
      this.next();
    }
  }

  /** Waits for a turn, and does nothing. @throws Overloaded as `run` does */
  async wait(turn: Turn): Promise<void> {
    await this.begin(turn);
    this.next();
  }

  /** Undefined where it is the turn at once. */
  private begin(turn: Turn | undefined): Promise<void> | undefined {
    if (this.running >= this.limits.atOnce) return this.turn(laneOf(turn));
    this.running += 1;
    return undefined;
  }

  /** How much may wait: no more than there is time for, so that what is refused is refused at once. */
  private get most(): number {
    const { atOnce, waiting, timeoutMs } = this.limits;
    return Math.min(waiting, Math.floor((timeoutMs * atOnce) / (this.usualMs ?? 1)));
  }

  /** Resolves when it is the turn of this lane's newest work. */
  private turn(lane: Lane): Promise<void> {
    if (lane !== ownLane && this.waiting >= this.most) this.makeRoom(lane);
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        this.leave(lane, waiting);
      };
      const waiting: Waiting = {
        start: () => {
          leave();
          resolve();
        },
        refuse: (detail) => {
          leave();
          reject(this.refusal(detail));
        },
      };
      const timer =
        lane === ownLane ? undefined : setTimeout(() => waiting.refuse(late), this.limits.timeoutMs);
      this.waiting += 1;
      const others = this.lanes.get(lane);
      if (others) others.push(waiting);
      else this.lanes.set(lane, [waiting]);
    });
  }

  /** @throws Overloaded where no other lane has to make room */
  private makeRoom(lane: Lane): void {
    let longest: Waiting[] = [];
    for (const [other, waiting] of this.lanes) {
      if (typeof other === 'string' && waiting.length > longest.length) longest = waiting;
    }
    const length = lane === trustedLane ? 0 : (this.lanes.get(lane)?.length ?? 0) + 1;
    if (longest.length <= length) throw this.refusal(full);
    longest[longest.length - 1].refuse(full);
  }

  private leave(lane: Lane, waiting: Waiting): void {
    const others = this.lanes.get(lane) ?? [];
    others.splice(others.indexOf(waiting), 1);
    if (others.length === 0) this.lanes.delete(lane);
    this.waiting -= 1;
  }

  /** Gives the turn of work that has ended to other work. */
  private next(): void {
    this.turns += 1;
    const trusted = this.lanes.get(trustedLane);
    const first = this.firstOther();
    if (trusted && !(first && this.turns % othersOneIn === 0)) {
      trusted[0].start();
    } else if (first) {
      // It has the last of the next turns.
      this.lanes.delete(first.lane);
      this.lanes.set(first.lane, first.waiting);
      first.waiting[0].start();
    } else {
      this.running -= 1;
    }
  }

  private firstOther(): { readonly lane: Lane; readonly waiting: Waiting[] } | undefined {
    for (const [lane, waiting] of this.lanes) {
      if (lane !== trustedLane) return { lane, waiting };
    }
    return undefined;
  }

  private refusal(detail: string): Overloaded {
    this.refused += 1;
    return new Overloaded(detail);
  }
}

function laneOf(turn: Turn | undefined): Lane {
  if (!turn) return ownLane;
  return turn.trusted ? trustedLane : turn.lane;
}
