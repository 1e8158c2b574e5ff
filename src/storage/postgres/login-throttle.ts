import type { Clock } from '../../domain/clock.js';
import {
  type Admission,
  type AttemptKeys,
  attemptKeys,
  type AttemptOutcome,
  laneOf,
  type LoginSubject,
  LoginThrottle,
} from '../../domain/login-throttle.js';
import { Overloaded, StoreUnavailable } from '../../domain/oauth-error.js';
import type { Realm } from '../../domain/realm.js';
import { BlockedKeys } from './blocked-keys.js';
import type { Deadline } from './connection-shares.js';
import type { Database } from './database.js';
import { admitAttempts, settleAttempts } from './login-statements.js';
import {
  type CountRow,
  decide,
  type Decision,
  type Settlement,
  settlementsOf,
  summed,
} from './login-counts.js';
import type { BatcherLimits, StatementBatcher } from './statement-batcher.js';
import { UnsettledAttempts } from './unsettled-attempts.js';

/** What a subject may do wrong before it is throttled. */
export interface ThrottleLimits {
  /** Wrong attempts at one subject from one address before a back-off. */
  readonly attempts: number;
  /** Wrong attempts at one user in an hour, whatever the address. */
  readonly attemptsOfUser: number;
  /** The longest back-off, in milliseconds. */
  readonly backoffMs: number;
  /** How many attempts wait for the outcome of others at once, and for how long at most, in milliseconds. */
  readonly waiting: number;
  readonly timeoutMs: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long an address counts as one from which the subject has signed in. */
const signedInMs = 30 * dayMs;

/** After this time, an attempt that was not settled counts as wrong: its node must have been lost. */
const pendingMs = minuteMs;

/** Wrong attempts are forgotten after an hour; at an address after the last one, of a user after the first one. */
export const countedMs = hourMs;

/** How often an attempt asks again that waits for others, which may be those of another node. */
const askAgainMs = 100;

/** Concurrent statements would wait for one another's locks. */
const limits: BatcherLimits = { items: 500, underWay: 1 };

/** Counts attempts in PostgreSQL, wherever tokens are kept. */
export class PostgresLoginThrottle extends LoginThrottle {
  private readonly admissions: StatementBatcher<AttemptKeys, Decision>;
  private readonly settlements: StatementBatcher<readonly Settlement[], void>;
  private readonly blocked = new BlockedKeys();
  private readonly unsettled = new UnsettledAttempts();
  /** Each wakes an attempt that waits for others. */
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly throttle: ThrottleLimits,
  ) {
    super();
    this.admissions = database.batcher(admitAttempts.name, (...batch) => this.admitAll(...batch), limits);
    this.settlements = database.batcher(
      settleAttempts.name,
      (...batch) => this.settleAttempts(...batch),
      limits,
    );
  }

  async admit(realm: Realm, subject: LoginSubject, address: string | undefined): Promise<Admission> {
    const keys = attemptKeys(realm, subject, address);
    const lane = laneOf(address);
    const giveUpAt = performance.now() + this.throttle.timeoutMs;
    const blockedMs = this.blocked.left(keys.address, this.clock.now());
    if (blockedMs > 0) return { outcome: 'address', retryAfterMs: blockedMs };
    for (;;) {
      const pendingUntil = this.clock.now() + pendingMs;
      const decision = await this.admissions.add(keys);
      switch (decision.outcome) {
        case 'address':
          this.blocked.add(keys.address, this.clock.now() + decision.retryAfterMs);
          return decision;
        case 'user':
          return { outcome: 'user', turn: { lane, trusted: false } };
        case 'admitted': {
          const { counted, trusted } = decision;
          const settle = (outcome: AttemptOutcome) =>
            this.settle(settlementsOf(counted, outcome), pendingUntil);
          return { outcome: 'admitted', turn: { lane, trusted }, settle };
        }
        case 'wait':
          await this.othersEnd(giveUpAt);
      }
    }
  }

  /** Resolves when other attempts have ended, here or perhaps on another node. */
  private async othersEnd(giveUpAt: number): Promise<void> {
    if (performance.now() >= giveUpAt) throw new Overloaded('an attempt waited too long for others');
    if (this.waiting.size >= this.throttle.waiting) throw new Overloaded('too many attempts wait for others');
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, askAgainMs);
      this.waiting.add(wake);
    });
  }

  private async settle(ended: readonly Settlement[], pendingUntil: number): Promise<void> {
    try {
      await this.settlements.add(ended);
    } catch (error) {
      if (error instanceof StoreUnavailable) this.unsettled.add(ended, pendingUntil);
      throw error;
    }
    for (const wake of [...this.waiting]) wake();
  }

  private async admitAll(attempts: readonly AttemptKeys[], deadline: Deadline): Promise<Decision[]> {
    const now = this.clock.now();
    await this.unsettled.store(now, (ended) => this.settleAll(ended, deadline));
    // Sent again over a lost connection, it may count twice. What nobody settles counts as wrong after a minute.
    const rows = await this.database.read<CountRow>(
      admitAttempts,
      [
        attempts.map(({ address }) => address),
        attempts.map(({ user }) => user ?? null),
        new Date(now),
        this.throttle.attempts,
        this.throttle.attemptsOfUser,
        new Date(now - signedInMs),
        new Date(now + pendingMs),
        ...expiries(now, countedMs),
        new Date(now + countedMs),
      ],
      deadline,
    );
    const { decisions, unused } = decide(attempts, rows, this.throttle.attemptsOfUser, now);
    if (unused.length > 0) await this.takeBack(unused, now + pendingMs, deadline);
    return decisions;
  }

  /** Never fails because the store is unavailable: the admitted attempts would be lost. */
  private async takeBack(unused: readonly Settlement[], until: number, deadline: Deadline): Promise<void> {
    try {
      await this.settleAll(unused, deadline);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      this.unsettled.add(unused, until);
    }
  }

  private async settleAttempts(
    ended: readonly (readonly Settlement[])[],
    deadline: Deadline,
  ): Promise<void[]> {
    await this.settleAll(ended.flat(), deadline);
    return ended.map(() => undefined);
  }

  private async settleAll(settlements: readonly Settlement[], deadline: Deadline): Promise<void> {
    const now = this.clock.now();
    const ended = summed(settlements);
    await this.database.write(
      settleAttempts,
      [
        ended.map(({ key }) => key),
        ended.map(({ number }) => number),
        ended.map(({ wrong }) => wrong),
        ended.map(({ signedIn }) => signedIn),
        new Date(now),
        this.throttle.attempts,
        this.throttle.backoffMs,
        new Date(now + countedMs),
        ...expiries(now, countedMs),
        ...expiries(now, signedInMs),
      ],
      deadline,
    );
  }
}

/** For how long a row is kept that must be kept for some time, both in milliseconds; longer, so that it is seldom moved. */
export function keptMs(neededMs: number): number {
  return neededMs * 1.25;
}

/** Until when a row must be kept, and until when it is kept where it would not be. */
function expiries(now: number, neededMs: number): [Date, Date] {
  return [new Date(now + neededMs), new Date(now + keptMs(neededMs))];
}
