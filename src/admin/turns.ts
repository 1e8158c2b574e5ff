import { type Problem, unavailable } from './problem.js';

/** How many readers use the database at the same time: more would take its connections away from tokens. */
const maxReaders = 2;
/** How many more may wait for their turn, and for how many milliseconds. */
const maxWaiting = 50;
const waitMs = 5_000;

/** Lets requests of the operator's listener read the database, a few at a time. */
export class Turns {
  private reading = 0;
  private readonly waiting = new Set<() => void>();

  /**
   * Runs a read when it is its turn.
   * @throws Problem 503 when too many wait, or the wait takes too long
   */
  async take<Value>(read: () => Promise<Value>): Promise<Value> {
    if (this.reading >= maxReaders) await this.wait();
    else this.reading += 1;
    try {
      return await read();
    } finally {
      this.pass();
    }
  }

  /** Resolves when another reader passes its turn on. */
  private wait(): Promise<void> {
    if (this.waiting.size >= maxWaiting) throw busy();
    return new Promise((resolve, reject) => {
      const next = () => {
        clearTimeout(deadline);
        resolve();
      };
      const deadline = setTimeout(() => {
        this.waiting.delete(next);
        reject(busy());
      }, waitMs);
      this.waiting.add(next);
    });
  }

  private pass(): void {
    const [next] = this.waiting;
    if (next === undefined) {
      this.reading -= 1;
      return;
    }
    this.waiting.delete(next);
    next();
  }
}

function busy(): Problem {
  return unavailable('Too many requests read the database.');
}
