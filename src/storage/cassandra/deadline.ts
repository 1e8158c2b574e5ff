import { ClusterUnavailable } from './cluster-errors.js';
import { DeadlinePassed } from './errors.js';

/** The moment until which an act is tried again. It is measured on the real clock, as the driver's timeouts are. */
export class Deadline {
  private readonly at: number;

  /** @param milliseconds from now on */
  constructor(milliseconds: number) {
    this.at = performance.now() + milliseconds;
  }

  /** Milliseconds; 0 when it has passed. */
  get left(): number {
    return Math.max(0, this.at - performance.now());
  }

  /** @throws StoreUnavailable when it has passed */
  check(): void {
    if (this.left === 0) throw tooLate();
  }

  /**
   * Waits for some work until the deadline.
   * @throws StoreUnavailable when it passes before; the work goes on
   */
  wait<Result>(work: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(tooLate()), this.left);
      void work.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }
}

function tooLate(): ClusterUnavailable {
  return new ClusterUnavailable(new DeadlinePassed());
}

/** How long a call of a port may take, in milliseconds. */
export const callTimeoutMs = 2_900;

/** How long a lightweight transaction is tried again, in milliseconds: a part of its call. */
export const decisionTimeoutMs = 2_500;

/** How long an answer to one attempt is waited for, in milliseconds. */
export const attemptTimeoutMs = 1_000;
