import type { Logger } from 'pino';
import type { Clock } from '../domain/clock.js';
import { ConflictingChanges, StoreUnavailable } from '../domain/oauth-error.js';
import { logFault } from './fault.js';

/** How often a store that is away is asked, and how often its absence is logged, in milliseconds. */
const askMs = 1_000;
const tellMs = 60_000;

/** A time in which the stores do not do everything that they are asked for. */
interface Outage {
  readonly since: number;
  /** How many requests were refused; of them, those at the last question, and at the last line of the log. */
  refused: number;
  refusedThen: number;
  told: number;
  toldAt: number;
  readonly timer: NodeJS.Timeout;
}

/**
 * Logs the faults that requests and jobs meet. Our own mistakes get a line each. A store that is away gets one when that begins,
 * one a minute with the number of refused requests, and one when it is over.
 */
export class Faults {
  private outage?: Outage;

  /** @param storesAnswer whether the stores can be used now; never rejects */
  constructor(
    private readonly log: Logger,
    private readonly clock: Clock,
    private readonly storesAnswer: () => Promise<boolean>,
  ) {}

  /** Takes the fault of a request, which is refused. */
  report(error: unknown): void {
    this.take(error, 1);
  }

  /** Takes the fault of what the server does by itself: of a job, or beside the answer to a request. */
  note(error: unknown): void {
    this.take(error, 0);
  }

  /** Looks whether the outage is over: the stores answer, and no request was refused since the last look. */
  async look(): Promise<void> {
    const { outage } = this;
    if (!outage) return;
    const answer = await this.storesAnswer();
    // An answer may take longer than the time between two looks: another one may have ended it.
    if (this.outage !== outage) return;
    const quiet = outage.refused === outage.refusedThen;
    outage.refusedThen = outage.refused;
    if (answer && quiet) this.end(outage);
    else this.tell(outage);
  }

  private take(error: unknown, refused: 0 | 1): void {
    const away = error instanceof StoreUnavailable && !(error instanceof ConflictingChanges);
    if (away && this.outage) {
      this.outage.refused += refused;
      return;
    }
    logFault(this.log, error);
    if (away) this.outage = this.begin(refused);
  }

  private begin(refused: 0 | 1): Outage {
    const timer = setInterval(() => void this.look(), askMs).unref();
    const since = this.clock.elapsed();
    return { since, refused, refusedThen: 0, told: refused, toldAt: since, timer };
  }

  private end({ timer, since, refused }: Outage): void {
    clearInterval(timer);
    this.outage = undefined;
    this.log.info({ refused, seconds: this.secondsSince(since) }, 'store available again');
  }

  private tell(outage: Outage): void {
    if (this.clock.elapsed() - outage.toldAt < tellMs) return;
    const refused = outage.refused - outage.told;
    this.log.warn({ refused, seconds: this.secondsSince(outage.since) }, 'store still unavailable');
    outage.told = outage.refused;
    outage.toldAt = this.clock.elapsed();
  }

  private secondsSince(time: number): number {
    return Math.round((this.clock.elapsed() - time) / 1000);
  }
}
