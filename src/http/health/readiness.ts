import type { Logger } from 'pino';
import type { Clock } from '../../domain/clock.js';
import { StoreUnavailable } from '../../domain/oauth-error.js';
import { logFault } from '../../observability/fault.js';
import { within } from '../../observability/within.js';

/** How long an answer of the stores is used, in milliseconds. */
const usedForMs = 1_000;

/** How long an answer of the stores is waited for, in milliseconds. */
const deadlineMs = 2_000;

/** Whether this process can serve: its stores are usable, and it is not stopping. */
export class Readiness {
  private stopping = false;
  private askedAt = -Infinity;
  private answer: Promise<string | undefined> = Promise.resolve(undefined);
  /** Why it was not ready when that was last logged; undefined when it was. */
  private logged?: string;

  /** @param check resolves with what keeps the stores from being used, or with undefined */
  constructor(
    private readonly check: () => Promise<string | undefined>,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** From now on the process is not ready, so that it gets no new requests. */
  stop(): void {
    this.stopping = true;
  }

  /** All who ask within a second share one question to the stores. A reason is logged once. */
  async isReady(): Promise<boolean> {
    if (this.stopping) return false;
    const now = this.clock.elapsed();
    if (now - this.askedAt >= usedForMs) {
      this.askedAt = now;
      this.answer = this.ask();
    }
    return (await this.answer) === undefined && !this.stopping;
  }

  /** Why it is not ready. Never rejects. */
  private async ask(): Promise<string | undefined> {
    const answer = await within(deadlineMs, this.asked());
    const reason = answer ? answer.reason : `no answer within ${deadlineMs} ms`;
    if (reason !== this.logged && !this.stopping) {
      if (reason === undefined) this.log.info('ready again');
      else this.log.warn({ reason }, 'not ready');
      this.logged = reason;
    }
    return reason;
  }

  private async asked(): Promise<{ readonly reason: string | undefined }> {
    try {
      return { reason: await this.check() };
    } catch (error) {
      const away = error instanceof StoreUnavailable;
      const { name, code } = (away ? error.cause : error) as NodeJS.ErrnoException;
      const reason = code ?? name;
      // A mistake of ours needs more than a word; it is logged as often as the reason is.
      if (!away && reason !== this.logged) logFault(this.log, error);
      return { reason };
    }
  }
}
